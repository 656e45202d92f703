import numpy as np
import pytest

from pose.skeleton import COCO17, CROWDPOSE14, shared_joints, skeleton_for
from pose.types import Poses


def test_boxes_are_the_extent_of_the_found_joints():
    keypoints = np.array([[[1, 2], [5, 9], [np.nan, np.nan]]], np.float32)
    poses = Poses(keypoints, np.ones((1, 3), np.float32), np.ones(1, np.float32))
    assert poses.boxes_xyxy.tolist() == [[1, 2, 5, 9]]


def test_a_person_without_joints_has_no_box():
    poses = Poses(np.full((1, 3, 2), np.nan, np.float32), np.zeros((1, 3), np.float32), np.zeros(1, np.float32))
    assert np.isnan(poses.boxes_xyxy).all()
    assert Poses.empty(14).boxes_xyxy.shape == (0, 4)


def test_disagreeing_shapes_are_refused():
    with pytest.raises(ValueError, match="scores"):
        Poses(np.zeros((2, 14, 2), np.float32), np.zeros((1, 14), np.float32), np.zeros(2, np.float32))


@pytest.mark.parametrize("skeleton", [COCO17, CROWDPOSE14])
def test_mirroring_swaps_left_and_right_only(skeleton):
    for joint, mirrored in enumerate(skeleton.flip_index):
        name = skeleton.keypoint_names[joint]
        swapped = name.replace("left", "#").replace("right", "left").replace("#", "right")
        assert skeleton.keypoint_names[mirrored] == swapped
    assert sorted(skeleton.grouping_order) == list(range(skeleton.num_keypoints))


def test_the_two_skeletons_share_the_twelve_limb_joints():
    coco, crowdpose = shared_joints(COCO17, CROWDPOSE14)
    assert coco == list(range(5, 17)) and crowdpose == list(range(12))


def test_skeleton_is_known_by_its_number_of_joints():
    assert skeleton_for(14) is CROWDPOSE14
    with pytest.raises(ValueError, match="no skeleton has 15"):
        skeleton_for(15)
