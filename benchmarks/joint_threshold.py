"""The joint threshold that suits weights: accuracy at several, on photos that a teacher has labelled.

    python -m benchmarks.joint_threshold --photos DIR --teacher official.pth --models litepose-s litepose-xs \
        --out benchmarks/results/joint_threshold.json

Not the photos that accuracy is reported on: a threshold chosen there would flatter it. `save_weights(det_thr=…)` puts
the best one into a weights file.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from tqdm import tqdm

from pose.decode_settings import DecodeSettings
from pose.estimator import PoseEstimator, load_estimator
from pose.evaluation.coco_labels import LabelledImage, Labels
from pose.evaluation.evaluate import map_joints, score
from pose.evaluation.report import write_json
from pose.evaluation.truths import Truths
from pose.training.photos import find_photos, read_photo
from pose.types import Poses

TEACHER_SIZE = 576
PERSON, JOINT = 0.25, 0.15  # how sure the teacher has to be
LEAST_JOINTS = 3
THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)


def main() -> None:
    args = parse_arguments()
    photos = find_photos(args.photos)
    order = np.random.default_rng(args.seed).permutation(len(photos))
    chosen = [photos[i] for i in order[: args.count]]
    teacher = load(args.teacher, TEACHER_SIZE, flip=True)
    labels = teacher_labels(teacher, chosen)
    report = {
        "photos": len(labels.images), "people": labels.num_people, "seed": args.seed, "teacher": teacher.spec.name,
        "teacher_input_size": TEACHER_SIZE, "rows": [],
    }  # fmt: skip
    for name in args.models:
        estimator = load(name, None)
        found: dict[float, list[Poses]] = {t: [] for t in THRESHOLDS}
        for image in tqdm(labels.images, desc=name, disable=None):
            inferred = estimator.infer(read_photo(Path(image.file_name)))
            for threshold, people in found.items():
                people.append(estimator.with_settings(DecodeSettings(det_thr=threshold)).decode(inferred)[0])
        joints = map_joints(labels.skeleton, estimator.skeleton, "all")
        ap = {str(t): round(score(labels, people, joints).metrics["AP"], 6) for t, people in found.items()}
        row = {"model": estimator.spec.name, "sha256": estimator.spec.sha256, "input_size": estimator.input_size}
        report["rows"].append(row | {"AP": ap})
        print(row["model"], row["input_size"], "  ".join(f"{t}: {100 * value:.1f}" for t, value in ap.items()))
    if args.out:
        write_json(args.out, report)


def load(name_or_file: str, input_size: int | None, flip: bool = False) -> PoseEstimator:
    path = Path(name_or_file) if Path(name_or_file).is_file() else None
    return load_estimator(name_or_file, weights=path, input_size=input_size, flip=flip)


def teacher_labels(teacher: PoseEstimator, photos: list[Path]) -> Labels:
    """The people that the teacher is sure of, with the joints that it is sure of; photos without any are left out."""
    images = []
    for number, path in enumerate(tqdm(photos, desc="teacher", disable=None)):
        poses = teacher(read_photo(path))
        sure = np.isfinite(poses.keypoints[..., 0]) & (poses.scores > JOINT)
        people = np.flatnonzero((poses.confidence > PERSON) & (sure.sum(axis=1) >= LEAST_JOINTS))
        if len(people):
            images.append(LabelledImage(number, str(path), None, None, truths_of(poses[people], sure[people])))
    return Labels(Path("teacher"), teacher.skeleton, tuple(images))


def truths_of(poses: Poses, sure: np.ndarray) -> Truths:
    points = np.where(sure[..., None], poses.keypoints, np.nan).astype(np.float64)
    low, high = np.nanmin(points, axis=1), np.nanmax(points, axis=1)
    none = np.zeros(len(points), bool)
    areas = np.maximum(np.prod(high - low, axis=1), 100.0)
    return Truths(np.nan_to_num(points), sure, np.concatenate([low, high - low], axis=1), areas, none, none)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--teacher", required=True, help="weights by name or file")
    parser.add_argument("--models", nargs="+", required=True, help="weights by name or file")
    parser.add_argument("--count", type=int, default=200, help="photos to look at (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which photos (default: %(default)s)")
    parser.add_argument("--out", type=Path, metavar="RESULT.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
