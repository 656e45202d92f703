from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pose.evaluation.coco_labels import LabelsError
from pose.evaluation.evaluate import check_images, first_images, map_joints, predict, score
from pose.evaluation.report import coco_results, evaluation_report, evaluation_table, per_image_report, write_json
from pose.skeleton import COCO17, CROWDPOSE14
from tests.pose.evaluation.scenes import loaded, random_poses


def write_images(labels, folder: Path) -> None:
    for image in labels.images:
        blank = np.full((480, 640, 3), image.image_id, np.uint8)
        cv2.imwrite(str(folder / image.file_name), blank)


def test_each_image_is_predicted_in_the_order_of_the_labels(tmp_path: Path) -> None:
    _, labels = loaded(0, COCO17, tmp_path)
    write_images(labels, tmp_path)
    poses = random_poses(0, labels)
    by_image = {image.image_id: p for image, p in zip(labels.images, poses, strict=True)}
    check_images(labels, tmp_path)
    assert list(predict(lambda image: by_image[int(image[0, 0, 0])], labels, tmp_path)) == poses


def test_skeletons_that_differ_need_shared_joints() -> None:
    with pytest.raises(LabelsError, match="--joints shared"):
        map_joints(COCO17, CROWDPOSE14, "all")
    joints = map_joints(COCO17, CROWDPOSE14, "shared")
    assert len(joints.names) == 12
    assert [COCO17.keypoint_names[i] for i in joints.truth] == [CROWDPOSE14.keypoint_names[i] for i in joints.detected]
    assert joints.names == map_joints(CROWDPOSE14, CROWDPOSE14, "shared").names


def test_missing_images_give_one_sentence(tmp_path: Path) -> None:
    _, labels = loaded(0, COCO17, tmp_path)
    with pytest.raises(LabelsError, match="no folder of images"):
        check_images(labels, tmp_path / "nowhere")
    with pytest.raises(LabelsError, match=r"12 of 12 labelled images are not in .* first 1\.png"):
        check_images(labels, tmp_path)


def test_a_name_longer_than_a_file_can_have_is_a_missing_image(tmp_path: Path) -> None:
    _, labels = loaded(0, COCO17, tmp_path)
    endless = replace(labels, images=(replace(labels.images[0], file_name="x" * 300),))
    with pytest.raises(LabelsError, match="1 of 1 labelled images are not in"):
        check_images(endless, tmp_path)


@pytest.mark.parametrize(("content", "message"), [(b"", "damaged"), (b"not an image", "damaged")])
def test_damaged_images_give_one_sentence(content: bytes, message: str, tmp_path: Path) -> None:
    _, labels = loaded(0, COCO17, tmp_path)
    (tmp_path / labels.images[0].file_name).write_bytes(content)
    with pytest.raises(LabelsError, match=message):
        next(predict(lambda _: pytest.fail("called"), labels, tmp_path))


def test_an_image_of_another_size_than_labelled_gives_one_sentence(tmp_path: Path) -> None:
    _, labels = loaded(0, COCO17, tmp_path)
    cv2.imwrite(str(tmp_path / labels.images[0].file_name), np.zeros((240, 320, 3), np.uint8))
    with pytest.raises(LabelsError, match="320x240 pixels, but its labels were made for 640x480"):
        next(predict(lambda _: pytest.fail("called"), labels, tmp_path))


def test_first_images_need_people(tmp_path: Path) -> None:
    _, labels = loaded(0, COCO17, tmp_path)
    nobody = next(i for i in labels.images if i.truths.ignored.all())
    with pytest.raises(LabelsError, match="Nobody is labelled"):
        first_images(replace(labels, images=(nobody, *labels.images)), 1)


def test_a_pose_without_a_scored_joint_is_no_detection(tmp_path: Path) -> None:
    _, labels = loaded(0, CROWDPOSE14, tmp_path)
    poses = random_poses(0, labels)
    joints = map_joints(CROWDPOSE14, CROWDPOSE14, "shared")
    heads = []
    for p in poses:
        points = np.concatenate([p.keypoints, np.full((1, 14, 2), np.nan, np.float32)])
        points[-1, 12:] = 5
        heads.append(replace(p, keypoints=points, scores=np.concatenate([p.scores, np.zeros((1, 14), np.float32)]),
                             confidence=np.append(p.confidence, np.float32(1))))  # fmt: skip
    assert score(labels, heads, joints).metrics == pytest.approx(score(labels, poses, joints).metrics, nan_ok=True)


def test_report_is_json_without_nan_and_table_shows_it(tmp_path: Path) -> None:
    _, labels = loaded(0, CROWDPOSE14, tmp_path)
    poses = random_poses(0, labels)
    evaluation = score(labels, poses, map_joints(CROWDPOSE14, CROWDPOSE14, "all"), pck_alpha=0.2)
    evaluation.metrics["APM"] = float("nan")
    report = evaluation_report(labels, evaluation, {"model": "fake", "pck_alpha": 0.2})
    write_json(tmp_path / "deeper" / "result.json", report)
    again = json.loads((tmp_path / "deeper" / "result.json").read_text())
    assert again == report and again["metrics"]["APM"] is None
    table = evaluation_table(again)
    assert f"{100 * report['metrics']['AP']:.1f}" in table and "AP_hard" in table and "PCK@0.2" in table


def test_per_image_rows_add_up_to_the_whole(tmp_path: Path) -> None:
    _, labels = loaded(0, COCO17, tmp_path)
    poses = random_poses(0, labels)
    evaluation = score(labels, poses, map_joints(COCO17, COCO17, "all"))
    rows = per_image_report(labels, poses, evaluation)
    assert sum(r["people"] for r in rows) == labels.num_people
    found = sum(r["found_at_50"] for r in rows)
    assert found / labels.num_people == pytest.approx(evaluation.metrics["AR50"])


def test_coco_results_hold_every_pose(tmp_path: Path) -> None:
    _, labels = loaded(0, COCO17, tmp_path)
    poses = random_poses(0, labels)
    poses[0].keypoints[:, 3] = np.nan
    results = coco_results(labels, poses)
    assert len(results) == sum(map(len, poses))
    assert all(len(r["keypoints"]) == 51 and np.isfinite(r["keypoints"]).all() for r in results)
