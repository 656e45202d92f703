from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pose.evaluation.coco_labels import LabelsError, read_labels
from pose.skeleton import COCO17, CROWDPOSE14
from tests.pose.evaluation.scenes import loaded, random_labels, write_labels

CROWDPOSE_FILE_NAMES = [*CROWDPOSE14.keypoint_names[:12], "head", "neck"]


def test_both_skeletons_are_recognised(tmp_path: Path) -> None:
    assert loaded(0, COCO17, tmp_path)[1].protocol == "coco"
    assert loaded(0, CROWDPOSE14, tmp_path)[1].protocol == "crowdpose"


def test_crowdposes_own_joint_names_are_recognised(tmp_path: Path) -> None:
    data = random_labels(0, CROWDPOSE14)
    data["categories"][0]["keypoints"] = CROWDPOSE_FILE_NAMES
    assert read_labels(write_labels(data, tmp_path)).skeleton is CROWDPOSE14
    del data["categories"]
    assert read_labels(write_labels(data, tmp_path)).skeleton is CROWDPOSE14


def test_crowdpose_area_is_a_share_of_the_box(tmp_path: Path) -> None:
    truths = [i.truths for i in loaded(0, CROWDPOSE14, tmp_path)[1].images]
    boxes, areas = np.concatenate([t.boxes_xywh for t in truths]), np.concatenate([t.areas for t in truths])
    np.testing.assert_allclose(areas, 0.53 * boxes[:, 2] * boxes[:, 3])


def test_images_are_in_the_order_of_their_ids(tmp_path: Path) -> None:
    data, labels = loaded(0, COCO17, tmp_path)
    assert [i.image_id for i in labels.images] == sorted(i["id"] for i in data["images"])


def test_people_without_labelled_joints_and_crowds_are_ignored(tmp_path: Path) -> None:
    data, labels = loaded(0, COCO17, tmp_path)
    wanted = sum(a["num_keypoints"] > 0 and not a["iscrowd"] for a in data["annotations"])
    assert 0 < wanted == labels.num_people < len(data["annotations"])


def test_annotations_of_other_categories_are_left_out(tmp_path: Path) -> None:
    data = random_labels(0, COCO17)
    data["categories"].append({"id": 2, "name": "dog", "keypoints": ["tail"]})
    data["annotations"].append({"id": 999, "image_id": 1, "category_id": 2, "keypoints": [1, 2, 2]})
    assert sum(len(i.truths) for i in read_labels(write_labels(data, tmp_path)).images) == len(data["annotations"]) - 1


def test_categories_of_any_shape_are_looked_through(tmp_path: Path) -> None:
    data = random_labels(0, COCO17)
    data["categories"] += [3, {"id": [2], "name": "person", "keypoints": 5}]
    assert read_labels(write_labels(data, tmp_path)).skeleton is COCO17


def no_people(data: dict[str, Any]) -> None:
    data["annotations"] = []


def other_skeleton(data: dict[str, Any]) -> None:
    for a in data["annotations"]:
        a["keypoints"] = a["keypoints"][:63] + [0] * 12


def mixed_skeletons(data: dict[str, Any]) -> None:
    data["annotations"][0]["keypoints"] = [1, 2, 2] * 14


def other_order(data: dict[str, Any]) -> None:
    data["categories"][0]["keypoints"] = data["categories"][0]["keypoints"][::-1]


def no_box(data: dict[str, Any]) -> None:
    del data["annotations"][0]["bbox"]


def no_area(data: dict[str, Any]) -> None:
    del data["annotations"][0]["area"]


def text_for_a_number(data: dict[str, Any]) -> None:
    data["annotations"][0]["keypoints"][0] = "left"


def not_finite(data: dict[str, Any]) -> None:
    data["annotations"][0]["keypoints"][0] = float("nan")


def unknown_image(data: dict[str, Any]) -> None:
    data["annotations"][0]["image_id"] = 12345


def no_image_id(data: dict[str, Any]) -> None:
    del data["annotations"][0]["image_id"]


def no_file_name(data: dict[str, Any]) -> None:
    del data["images"][0]["file_name"]


def image_twice(data: dict[str, Any]) -> None:
    data["images"].append(dict(data["images"][0]))


def image_is_a_number(data: dict[str, Any]) -> None:
    data["images"][0] = 3


def only_unlabelled(data: dict[str, Any]) -> None:
    for a in data["annotations"]:
        a["keypoints"], a["num_keypoints"] = [0] * 51, 0


def categories_are_a_number(data: dict[str, Any]) -> None:
    data["categories"] = 5


def no_keypoints(data: dict[str, Any]) -> None:
    data["annotations"][0]["keypoints"] = None


def uneven_keypoints(data: dict[str, Any]) -> None:
    for a in data["annotations"]:
        a["keypoints"] = a["keypoints"][:50]


def short_box(data: dict[str, Any]) -> None:
    data["annotations"][0]["bbox"] = [1, 2, 3]


def null_box(data: dict[str, Any]) -> None:
    data["annotations"][0]["bbox"] = None


def null_area(data: dict[str, Any]) -> None:
    data["annotations"][0]["area"] = None


def negative_area(data: dict[str, Any]) -> None:
    data["annotations"][0]["area"] = -1.0


def counted_in_words(data: dict[str, Any]) -> None:
    data["annotations"][0]["num_keypoints"] = [17]


def beyond_float(data: dict[str, Any]) -> None:
    data["annotations"][0]["bbox"][0] = 10**400


def list_is_a_number(data: dict[str, Any]) -> None:
    data["images"] = 3


BROKEN = [
    (no_people, "holds no labelled people"), (other_skeleton, "skeleton that is not known"),
    (mixed_skeletons, "different numbers of keypoints"), (other_order, "skeleton that is not known"),
    (no_box, "'bbox' is missing"), (no_area, "'area' is missing"), (text_for_a_number, "labelled wrongly"),
    (not_finite, "not a finite number"), (unknown_image, "does not list"), (no_image_id, "no whole number 'image_id'"),
    (no_file_name, "no 'file_name'"), (image_twice, "same id"), (image_is_a_number, "no whole number 'id'"),
    (only_unlabelled, "no person with a labelled joint"), (list_is_a_number, "COCO's layout"),
    (categories_are_a_number, "'categories' are not a list"), (no_keypoints, "'keypoints' of a person are not a list"),
    (uneven_keypoints, "50 'keypoints', which is not three"), (short_box, "'bbox' is not a list of 4 numbers"),
    (null_box, "'bbox' is not a list of 4 numbers"), (null_area, "'area' is not a number"),
    (beyond_float, "labelled wrongly"), (negative_area, "'area' is negative"),
    (counted_in_words, "'num_keypoints' is not a number"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "message"), BROKEN, ids=[d.__name__ for d, _ in BROKEN])
def test_broken_labels_give_one_sentence(
    damage: Callable[[dict[str, Any]], None], message: str, tmp_path: Path
) -> None:
    data = copy.deepcopy(random_labels(0, COCO17))
    damage(data)
    with pytest.raises(LabelsError, match=message) as caught:
        read_labels(write_labels(data, tmp_path))
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"{", "not valid JSON"), (b"\xff\xfe\x00", "not valid JSON"), (b"[]", "COCO's layout"), (b"", "not valid JSON"),
     (b"[" * 100_000, "nested too deeply")],
)  # fmt: skip
def test_files_that_are_no_labels_give_one_sentence(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_bytes(content)
    with pytest.raises(LabelsError, match=message):
        read_labels(tmp_path / "labels.json")


def test_missing_labels_file_gives_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match="Cannot read the labels file"):
        read_labels(tmp_path / "nothing.json")
