"""Angles of figures whose angles are known, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.angles import ANGLE_NAMES, joint_angles
from pose.skeleton import COCO17, CROWDPOSE14, SKELETONS, Skeleton

# Standing upright, facing the camera, arms hanging; y points down, so heads have the smallest y.
STANDING = {
    "nose": (0, -85), "left_eye": (3, -88), "right_eye": (-3, -88), "left_ear": (7, -86), "right_ear": (-7, -86),
    "left_shoulder": (20, -60), "right_shoulder": (-20, -60), "left_elbow": (20, -30), "right_elbow": (-20, -30),
    "left_wrist": (20, 0), "right_wrist": (-20, 0), "left_hip": (20, 0), "right_hip": (-20, 0),
    "left_knee": (20, 50), "right_knee": (-20, 50), "left_ankle": (20, 100), "right_ankle": (-20, 100),
    "head_top": (0, -100), "neck": (0, -60),
}  # fmt: skip


def figure(skeleton: Skeleton, **moved: tuple[float, float]) -> np.ndarray:
    """(1, K, 2), STANDING with some joints elsewhere."""
    points = STANDING | moved
    return np.array([[points[name] for name in skeleton.keypoint_names]], np.float32)


def angle(name: str, keypoints: np.ndarray, skeleton: Skeleton = COCO17) -> float:
    names, degrees = joint_angles(keypoints, skeleton)
    return float(degrees[0, names.index(name)])


@pytest.mark.parametrize("skeleton", SKELETONS.values(), ids=lambda s: s.name)
def test_standing_figure_has_the_documented_reference_angles(skeleton: Skeleton) -> None:
    names, degrees = joint_angles(figure(skeleton), skeleton)
    expected = {"knee": 180, "hip": 180, "elbow": 180, "shoulder": 0}
    for name, value in zip(names, degrees[0], strict=True):
        wanted = {"trunk_lean": 0, "neck": 180}.get(name, expected.get(name.split("_")[-1]))
        assert value == pytest.approx(wanted, abs=1e-4), name


@pytest.mark.parametrize("skeleton", SKELETONS.values(), ids=lambda s: s.name)
def test_a_right_angle_measures_90(skeleton: Skeleton) -> None:
    assert angle("left_knee", figure(skeleton, left_ankle=(70, 50)), skeleton) == pytest.approx(90)
    assert angle("right_elbow", figure(skeleton, right_wrist=(-50, -30)), skeleton) == pytest.approx(90)
    assert angle("left_hip", figure(skeleton, left_knee=(70, 0)), skeleton) == pytest.approx(90)
    assert angle("right_shoulder", figure(skeleton, right_elbow=(-60, -60)), skeleton) == pytest.approx(90)


def test_an_arm_overhead_is_180() -> None:
    assert angle("left_shoulder", figure(COCO17, left_elbow=(20, -90))) == pytest.approx(180)


@pytest.mark.parametrize(("dx", "lean"), [(60, 45), (-60, -45)])
def test_trunk_lean_is_positive_to_the_right_of_the_image(dx: float, lean: float) -> None:
    leaning = figure(COCO17, left_shoulder=(20 + dx, -60), right_shoulder=(-20 + dx, -60))
    assert angle("trunk_lean", leaning) == pytest.approx(lean)
    moved = figure(CROWDPOSE14, neck=(dx, -60))
    assert angle("trunk_lean", moved, CROWDPOSE14) == pytest.approx(lean)


def test_head_down_turns_the_trunk_lean_to_180() -> None:
    assert abs(angle("trunk_lean", -figure(COCO17))) == pytest.approx(180)


def test_the_neck_angle_follows_the_head() -> None:
    bent = figure(CROWDPOSE14, head_top=(40, -60))
    assert angle("neck", bent, CROWDPOSE14) == pytest.approx(90)


def test_one_ear_is_enough_for_the_neck_and_none_is_not() -> None:
    nan = (np.nan, np.nan)
    assert np.isfinite(angle("neck", figure(COCO17, left_ear=nan)))
    assert np.isnan(angle("neck", figure(COCO17, left_ear=nan, right_ear=nan)))


@pytest.mark.parametrize("skeleton", SKELETONS.values(), ids=lambda s: s.name)
def test_a_missing_joint_makes_nan_of_exactly_the_angles_that_use_it(skeleton: Skeleton) -> None:
    _, whole = joint_angles(figure(skeleton), skeleton)
    names, degrees = joint_angles(figure(skeleton, left_knee=(np.nan, np.nan)), skeleton)
    missing = {name for name, value in zip(names, degrees[0], strict=True) if np.isnan(value)}
    assert missing == {"left_knee", "left_hip"}
    assert np.isfinite(whole).all()


def test_joints_on_one_spot_have_no_angle() -> None:
    assert np.isnan(angle("left_knee", figure(COCO17, left_ankle=STANDING["left_knee"])))
    assert np.isnan(joint_angles(np.zeros((1, 17, 2), np.float32), COCO17)[1]).all()


@pytest.mark.parametrize("skeleton", SKELETONS.values(), ids=lambda s: s.name)
def test_nobody_gives_no_rows(skeleton: Skeleton) -> None:
    names, degrees = joint_angles(np.empty((0, skeleton.num_keypoints, 2), np.float32), skeleton)
    assert names == ANGLE_NAMES
    assert degrees.shape == (0, len(names))
    assert degrees.dtype == np.float32


def test_the_wrong_number_of_joints_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(N, 14, 2\)"):
        joint_angles(figure(COCO17), CROWDPOSE14)


@given(st.integers(0, 2**31), st.floats(0.1, 50), st.floats(-1000, 1000))
def test_moving_and_scaling_the_image_changes_no_angle(seed: int, factor: float, shift: float) -> None:
    people = np.random.default_rng(seed).uniform(0, 1000, (3, 17, 2)).astype(np.float32)
    np.testing.assert_allclose(
        joint_angles(people, COCO17)[1],
        joint_angles((people.astype(np.float64) * factor + shift), COCO17)[1],  # type: ignore[arg-type]
        atol=0.01,
    )


@pytest.mark.parametrize("skeleton", SKELETONS.values(), ids=lambda s: s.name)
@given(seed=st.integers(0, 2**31))
def test_a_mirrored_image_swaps_the_sides_and_the_sign_of_the_lean(skeleton: Skeleton, seed: int) -> None:
    people = np.random.default_rng(seed).uniform(0, 1000, (2, skeleton.num_keypoints, 2)).astype(np.float32)
    mirrored = people[:, list(skeleton.flip_index)] * np.array([-1, 1], np.float32)
    names, plain = joint_angles(people, skeleton)
    _, swapped = joint_angles(mirrored, skeleton)
    for i, name in enumerate(names):
        other = name.replace("left", "#").replace("right", "left").replace("#", "right")
        sign = -1 if name == "trunk_lean" else 1
        np.testing.assert_allclose(plain[:, i], sign * swapped[:, names.index(other)], atol=0.01)
