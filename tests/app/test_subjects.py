from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.edits import edited
from app.analysis.repair import choose_people
from app.analysis.store import open_store
from app.analysis.subjects import Only, Region, choose, contains, parse_region
from app.analysis.track import TrackChoices
from app.analysis.track_table import collect
from pose.errors import SettingsError
from pose.skeleton import CROWDPOSE14
from tests.app.stores import write_store
from tests.app.tracked import tracked_frame

SIZE = (800, 600)


def test_the_largest_longest_and_most_central_person() -> None:
    def people(i: int) -> dict[int, tuple[float, float]]:
        there = {1: (60.0, 200.0)}  # at the border, all the time
        if i < 50:
            there[2] = (400.0, 250.0)  # in the middle
        return there

    frames = [tracked_frame(i, people(i)) for i in range(60)]
    table = collect(frames, CROWDPOSE14)
    assert choose(table, "longest", SIZE) == 1
    assert choose(table, "central", SIZE) == 2
    large = [tracked_frame(i, {1: (100.0, 100.0)}, height=300) for i in range(30)]
    small = [tracked_frame(30 + i, {2: (400.0, 250.0)}, height=100) for i in range(60)]
    assert choose(collect(large + small, CROWDPOSE14), "largest", SIZE) == 1
    with pytest.raises(SettingsError, match="nobody"):
        choose(collect([], CROWDPOSE14), "largest", SIZE)


def test_only_the_chosen_count() -> None:
    frame = tracked_frame(0, {1: (50.0, 60.0), 2: (300.0, 60.0), 3: (500.0, 60.0)})
    assert edited(frame, [Only(chosen=(1, 3))], CROWDPOSE14).tracks.ids.tolist() == [1, 3]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=7),
    st.integers(-5, 65),
    st.integers(-5, 65),
)
@settings(max_examples=50, deadline=None, database=None, derandomize=True)
def test_points_in_polygons_are_those_that_opencv_finds(corners: list[tuple[int, int]], x: int, y: int) -> None:
    polygon = np.array(corners, np.float64)
    point = np.array([[x + 0.37, y + 0.41]])  # never on an edge of whole numbers … nearly never
    distance = cv2.pointPolygonTest(polygon.astype(np.float32), point[0].tolist(), True)
    if abs(distance) > 1e-3:
        assert contains(polygon, point)[0] == (distance > 0)


def test_feet_decide_who_is_in_a_region() -> None:
    frame = tracked_frame(0, {1: (100.0, 100.0), 2: (300.0, 100.0)})  # ankles at y = 180
    corners = ((0.0, 150.0), (200.0, 150.0), (200.0, 220.0), (0.0, 220.0))
    assert edited(frame, [Region(corners=corners)], CROWDPOSE14).tracks.ids.tolist() == [1]
    assert edited(frame, [Region(corners=corners, inside=False)], CROWDPOSE14).tracks.ids.tolist() == [2]


def test_regions_are_written_in_pixels_or_shares() -> None:
    assert parse_region("0,0,0.5,1", SIZE) == parse_region("0,0,400,600", SIZE)
    assert parse_region("!0,0,100,0,50,80", SIZE) == Region(corners=((0, 0), (100, 0), (50, 80)), inside=False)
    for wrong in ("", "1,2", "1,2,3", "1,2,3,4,5", "nan,0,1,1"):
        with pytest.raises(SettingsError, match="not a region"):
            parse_region(wrong, SIZE)


def test_an_empty_video_has_nobody_to_choose_and_is_no_error(tmp_path: Path) -> None:
    path = write_store(tmp_path / "a.litepose", [tracked_frame(i, {}) for i in range(5)])
    with open_store(path) as store:
        choose_people(store, TrackChoices(), "largest", ())
        assert store.edit_rows() == []
        choose_people(store, TrackChoices(), None, ("0,0,0.5,1",))
        choose_people(store, TrackChoices(), None, ("0,0,0.5,1",))
        assert len(store.edit_rows()) == 1
