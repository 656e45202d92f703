"""Labels of several makes in one joint order."""

import json

import numpy as np
import pytest

from pose.evaluation.coco_labels import LabelsError
from pose.skeleton import BODY19, COCO17, CROWDPOSE14
from pose.training.sources import FULL_WEIGHT_FROM, read_source, unlabelled_photo
from tests.pose.training.scenes import write_labelled


def test_joints_keep_their_names(tmp_path):
    path = write_labelled(tmp_path, (2,), COCO17)
    (photo,) = read_source(path, tmp_path)
    raw = np.array(json.loads(path.read_text())["annotations"][1]["keypoints"]).reshape(17, 3)
    for name in COCO17.keypoint_names:
        assert photo.keypoints[1, BODY19.index(name)] == pytest.approx(raw[COCO17.index(name), :2], abs=1e-3)
        assert photo.weights[1, BODY19.index(name)] == 1
    assert [n for n, known in zip(BODY19.keypoint_names, photo.joints, strict=True) if not known] == [
        "head_top",
        "neck",
    ]
    assert (photo.weights[:, ~photo.joints] == 0).all()


def test_pseudo_labels_bring_faces_and_confidence(tmp_path):
    path = write_labelled(tmp_path, (1,), CROWDPOSE14)
    (before,) = read_source(path, tmp_path)
    assert not before.joints[-5:].any()
    document = json.loads(path.read_text())
    person = document["annotations"][0]
    person["face"] = [10, 11, 2, 0, 0, 0, 30, 31, 2, 0, 0, 0, 0, 0, 0]
    person["guesses"] = [[0, 0, FULL_WEIGHT_FROM / 2]] * 14 + [[0, 0, 2 * FULL_WEIGHT_FROM]] * 5
    path.write_text(json.dumps(document))
    (photo,) = read_source(path, tmp_path)
    assert photo.joints.all()
    assert photo.weights[0] == pytest.approx([0.5] * 14 + [1, 0, 1, 0, 0])
    assert photo.keypoints[0, 14] == pytest.approx([10, 11])


def test_crowds_and_people_with_boxes_alone_are_regions(tmp_path):
    path = write_labelled(tmp_path, (2,), COCO17)
    document = json.loads(path.read_text())
    boxed, crowd = dict(document["annotations"][0]), dict(document["annotations"][0])
    boxed |= {"id": 7, "keypoints": [0] * 51, "num_keypoints": 0, "bbox": [1, 2, 3, 4]}
    crowd |= {"id": 8, "iscrowd": 1, "bbox": [5, 6, 7, 8]}
    document["annotations"] += [boxed, crowd]
    path.write_text(json.dumps(document))
    (photo,) = read_source(path, tmp_path)
    assert len(photo.keypoints) == 2
    assert photo.unknown.tolist() == [[1, 2, 3, 4], [5, 6, 7, 8]]


def test_sizes_must_be_stated(tmp_path):
    path = write_labelled(tmp_path, (1,))
    document = json.loads(path.read_text())
    del document["images"][0]["width"]
    path.write_text(json.dumps(document))
    with pytest.raises(LabelsError, match="no width"):
        read_source(path, tmp_path)


def test_only_square_photos_can_be_squeezed(tmp_path):
    assert unlabelled_photo(tmp_path / "a.png", (64, 64), squeezed=True).squeezed
    assert not unlabelled_photo(tmp_path / "a.png", (64, 48), squeezed=True).squeezed
