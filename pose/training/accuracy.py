"""Average precision of a network in training, on labelled images, at several input sizes."""

from __future__ import annotations

from pose.codec import HEATMAP_STRIDE, decode
from pose.engines.select import create_engine
from pose.evaluation.coco_labels import read_labels
from pose.evaluation.evaluate import check_images, map_joints, predict, score
from pose.models.litepose import LitePose
from pose.preprocess import fit_to_network
from pose.skeleton import Skeleton
from pose.training.config import EvaluationData
from pose.training.journal import Measure
from pose.types import Poses


def accuracy_measure(
    data: EvaluationData | None, arch: str, skeleton: Skeleton, input_size: int, threads: int
) -> Measure:
    """A function from a network to {"AP 448": …}; labels are read and checked at once. Raises LabelsError."""
    if data is None:
        return lambda model: {}
    labels = read_labels(data.annotations)
    check_images(labels, data.images)
    joints = map_joints(labels.skeleton, skeleton, "all" if labels.skeleton is skeleton else "shared")

    def measure(model: LitePose) -> dict[str, float]:
        state = {name: value.float().cpu().numpy() for name, value in model.state_dict().items()}
        engine = create_engine(state, arch, skeleton, threads=threads or None)

        def estimate(image, size):  # type: ignore[no-untyped-def]
            fit = fit_to_network(image.shape[:2], size)
            heatmaps, tags = engine(fit.warp(image)[None])
            keypoints, scores, confidence = decode(heatmaps[0], tags, skeleton)
            return Poses(fit.to_image(keypoints * HEATMAP_STRIDE), scores, confidence)

        result = {}
        for size in data.sizes or (input_size,):
            found = list(predict(lambda image, size=size: estimate(image, size), labels, data.images))  # type: ignore[misc]
            result[f"AP {size}"] = score(labels, found, joints).metrics["AP"]
        return result

    return measure
