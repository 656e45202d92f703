from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from app.analysis.measure import Floor, Measures, Scale, floor_of, level_lean, motion, scale_of
from app.analysis.track_table import collect
from app.angles import ANGLE_NAMES, joint_angles
from pose.errors import SettingsError
from pose.skeleton import CROWDPOSE14
from tests.app.tracked import tracked_frame
from tests.fakes import standing_person

TWO_METRES = Scale(x0=0, y0=0, x1=120, y1=160, metres=2.0)  # 200 pixels


def test_a_steady_walk_has_its_speed_and_way_in_metres() -> None:
    frames = [tracked_frame(i, {1: (100 + 4.0 * i, 200.0)}) for i in range(101)]  # 100 px/s
    moved = motion(collect(frames, CROWDPOSE14), 1, TWO_METRES)
    assert moved.speed == pytest.approx(1.0, abs=0.02)
    assert moved.path == pytest.approx(4.0, abs=0.02)
    in_pixels = motion(collect(frames, CROWDPOSE14), 1)
    assert in_pixels.path == pytest.approx(moved.path * 100, rel=1e-6)


def test_noise_of_somebody_who_stands_is_hardly_a_way() -> None:
    rng = np.random.default_rng(3)
    places = 200 + rng.normal(0, 1.0, (250, 2))
    frames = [tracked_frame(i, {1: tuple(place)}) for i, place in enumerate(places)]
    rough = float(np.linalg.norm(np.diff(places, axis=0), axis=1).sum())
    assert motion(collect(frames, CROWDPOSE14), 1).path < rough / 3


def test_an_absence_is_bridged_by_the_straight_way() -> None:
    frames = [tracked_frame(i, {1: (100 + 4.0 * i, 200.0)} if not 40 <= i < 60 else {}) for i in range(101)]
    assert motion(collect(frames, CROWDPOSE14), 1).path == pytest.approx(400, rel=0.02)


def test_lean_is_measured_against_the_floor() -> None:
    upright = standing_person(CROWDPOSE14, 200, 200, 100).astype(np.float64)
    turn = math.radians(7)
    turned = upright @ np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    lean = joint_angles(turned[None].astype(np.float32), CROWDPOSE14)[1][:, ANGLE_NAMES.index("trunk_lean")]
    floor = Floor(x0=0, y0=0, x1=100 * math.cos(turn), y1=100 * math.sin(turn))
    assert lean[0] == pytest.approx(7, abs=0.1)
    assert level_lean(lean.astype(np.float64), floor)[0] == pytest.approx(0, abs=0.1)
    backwards = Floor(x0=floor.x1, y0=floor.y1, x1=0, y1=0)
    assert backwards.tilt_deg == pytest.approx(floor.tilt_deg)
    assert level_lean(lean.astype(np.float64), None)[0] == lean[0]


def test_the_last_scale_and_floor_count() -> None:
    other = Scale(x0=0, y0=0, x1=1, y1=0, metres=1)
    floor = Floor(x0=0, y0=0, x1=1, y1=0)
    assert scale_of([TWO_METRES, floor, other]) is other
    assert floor_of([TWO_METRES, floor, other]) is floor
    assert scale_of([floor]) is None


def test_lines_that_measure_nothing_are_refused() -> None:
    with pytest.raises(SettingsError):
        Scale(x0=1, y0=1, x1=1, y1=1, metres=2)
    with pytest.raises(SettingsError):
        Scale(x0=1, y0=1, x1=2, y1=1, metres=0)
    with pytest.raises(SettingsError):
        Floor(x0=1, y0=1, x1=1, y1=9)


def test_places_and_ways_in_metres_are_along_the_floor_and_above_it() -> None:
    frames = [tracked_frame(i, {1: (100 + 4.0 * i, 200.0)}) for i in range(51)]
    table = collect(frames, CROWDPOSE14)
    hips_y = float(table.keypoints[0, [CROWDPOSE14.index("left_hip"), CROWDPOSE14.index("right_hip")], 1].mean())
    plain = Measures(table, TWO_METRES, None, height_px=401)
    start, end = plain.of(1, 0.0), plain.of(1, 2.0)
    assert end[0] - start[0] == pytest.approx(2.0, abs=0.02)
    assert (start[1], end[1]) == pytest.approx(((400 - hips_y) / 100,) * 2)
    assert (start[2], end[2]) == (0.0, pytest.approx(2.0, abs=0.02))
    assert plain.of(1, 1.01)[3] == pytest.approx(1.0, abs=0.02)  # between two frames, too
    assert all(math.isnan(value) for value in plain.of(2, 0.0))
    # Seen by a camera that is turned, nothing changes but the picture.
    turn = math.radians(10)
    matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    turned = dataclasses.replace(table, keypoints=(table.keypoints @ matrix.T).astype(np.float32))
    (x0, y0), (x1, y1) = np.array([[30.0, 300.0], [130.0, 300.0]]) @ matrix.T
    for ends in ((x0, y0, x1, y1), (x1, y1, x0, y0)):
        level = Measures(turned, TWO_METRES, Floor(**dict(zip(("x0", "y0", "x1", "y1"), ends, strict=True))), 401)
        there, back = level.of(1, 2.0), level.of(1, 0.0)
        assert there[0] - back[0] == pytest.approx(2.0, abs=0.02)
        assert (there[1], back[1]) == pytest.approx(((300 - hips_y) / 100,) * 2, abs=0.01)
