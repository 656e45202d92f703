"""Reading labelled people from JSON in COCO's layout: COCO-17 or CrowdPose-14 joints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from pose.errors import PoseStudioError
from pose.evaluation.crowdpose import area_from_boxes
from pose.evaluation.truths import Truths
from pose.skeleton import COCO17, CROWDPOSE14, SKELETONS, Skeleton

Protocol = Literal["coco", "crowdpose"]


class LabelsError(PoseStudioError):
    """A labels file, or the images it speaks of, cannot be used."""


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """One image of a labels file. size_wh and crowd_index are None where the file does not state them."""

    image_id: int
    file_name: str
    size_wh: tuple[int, int] | None
    crowd_index: float | None
    truths: Truths


@dataclass(frozen=True, slots=True)
class Labels:
    """A labels file: its images in the order of their ids, which is the order that decides ties."""

    path: Path
    skeleton: Skeleton
    images: tuple[LabelledImage, ...]

    @property
    def protocol(self) -> Protocol:
        """CrowdPose's joints are scored with CrowdPose's areas, COCO's with the labelled areas."""
        return "crowdpose" if self.skeleton is CROWDPOSE14 else "coco"

    @property
    def num_people(self) -> int:
        """People to be found; ignored ones are not counted."""
        return sum(int((~image.truths.ignored).sum()) for image in self.images)


def read_labels(path: Path) -> Labels:
    """Read and check a labels file. Raises LabelsError with one sentence that says what is wrong."""
    data = _read_json(path)
    if not isinstance(data, Mapping) or not all(isinstance(data.get(k), list) for k in ("images", "annotations")):
        raise LabelsError(f"{path.name} is not in COCO's layout: it needs the lists 'images' and 'annotations'.")
    if not isinstance(data.get("categories") or [], list):
        raise LabelsError(f"{path.name} is not in COCO's layout: its 'categories' are not a list.")
    annotations = _person_annotations(data)
    if not annotations:
        raise LabelsError(f"{path.name} holds no labelled people.")
    skeleton = _recognise_skeleton(path, data, annotations)
    people: dict[int, list[Mapping[str, Any]]] = {}
    images: list[LabelledImage] = []
    for number, annotation in enumerate(annotations):
        people.setdefault(_integer(path, annotation, "image_id", f"annotation {number}"), []).append(annotation)
    for number, image in enumerate(data["images"]):
        image_id = _integer(path, image, "id", f"image {number}")
        try:
            truths = _truths(people.pop(image_id, []), skeleton)
        except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
            reason = _reason(error)
            raise LabelsError(f"{path.name}: a person of image {image_id} is labelled wrongly ({reason}).") from None
        images.append(_labelled_image(path, image_id, image, truths))
    if people:
        raise LabelsError(f"{path.name}: people are labelled on image {min(people)}, which it does not list.")
    if len({image.image_id for image in images}) < len(images):
        raise LabelsError(f"{path.name} lists two images with the same id.")
    labels = Labels(path, skeleton, tuple(sorted(images, key=lambda image: image.image_id)))
    if labels.num_people == 0:
        raise LabelsError(f"{path.name} holds no person with a labelled joint.")
    return labels


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError:
        raise LabelsError(f"Cannot read the labels file {path}.") from None
    except ValueError as error:  # includes JSONDecodeError and bad UTF-8
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise LabelsError(f"{path.name} is not valid JSON{where}.") from None
    except RecursionError:
        raise LabelsError(f"{path.name} is nested too deeply to be a labels file.") from None


def _person_annotations(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Annotations with keypoints; those of categories other than the person are left out."""
    categories = [c for c in data.get("categories") or [] if isinstance(c, Mapping)]
    wanted = [c.get("id") for c in categories if c.get("name") == "person"]
    return [
        a for a in data["annotations"]
        if isinstance(a, Mapping) and "keypoints" in a and (not wanted or a.get("category_id") in wanted)
    ]  # fmt: skip


def _recognise_skeleton(path: Path, data: Mapping[str, Any], annotations: Sequence[Mapping[str, Any]]) -> Skeleton:
    if not all(isinstance(a["keypoints"], list) for a in annotations):
        raise LabelsError(f"{path.name}: the 'keypoints' of a person are not a list.")
    lengths = {len(a["keypoints"]) for a in annotations}
    if len(lengths) > 1:
        raise LabelsError(f"{path.name}: its people have different numbers of keypoints.")
    count, rest = divmod(lengths.pop(), 3)
    if rest:
        raise LabelsError(f"{path.name}: its people have {3 * count + rest} 'keypoints', which is not three per joint.")
    for skeleton in SKELETONS.values():
        if skeleton.num_keypoints == count and _names_agree(data, skeleton):
            return skeleton
    raise LabelsError(
        f"{path.name} has a skeleton that is not known here ({count} joints): "
        f"COCO's {COCO17.num_keypoints} and CrowdPose's {CROWDPOSE14.num_keypoints} joints are."
    )


def _names_agree(data: Mapping[str, Any], skeleton: Skeleton) -> bool:
    """Whether the joint names that the file states, if any, are this skeleton's in this order.

    CrowdPose files call the head top 'head' or 'top_head', so any name with 'head' stands for it.
    """
    for category in data.get("categories") or []:
        names = category.get("keypoints") if isinstance(category, Mapping) else None
        if not names or not isinstance(names, list) or category.get("name") != "person":
            continue
        plain = ["head_top" if "head" in str(n).lower() else str(n).lower().replace(" ", "_") for n in names]
        if tuple(plain) != skeleton.keypoint_names:
            return False
    return True


def _integer(path: Path, record: Any, key: str, what: str) -> int:
    value = record.get(key) if isinstance(record, Mapping) else None
    if not isinstance(value, int):
        raise LabelsError(f"{path.name}: {what} has no whole number '{key}'.")
    return value


def _labelled_image(path: Path, image_id: int, image: Mapping[str, Any], truths: Truths) -> LabelledImage:
    name, width, height = image.get("file_name"), image.get("width"), image.get("height")
    crowd_index = image.get("crowdIndex")
    if not isinstance(name, str) or not name:
        raise LabelsError(f"{path.name}: image {image_id} has no 'file_name'.")
    size = (width, height) if isinstance(width, int) and isinstance(height, int) else None
    crowd = float(crowd_index) if isinstance(crowd_index, int | float) else None
    return LabelledImage(image_id, name, size, crowd, truths)


def _truths(people: Sequence[Mapping[str, Any]], skeleton: Skeleton) -> Truths:
    count = skeleton.num_keypoints
    joints = np.array([_numbers(p, "keypoints", 3 * count) for p in people], np.float64).reshape(-1, count, 3)
    boxes = np.array([_numbers(p, "bbox", 4) for p in people], np.float64).reshape(-1, 4)
    labelled = joints[..., 2] > 0
    if skeleton is CROWDPOSE14:
        areas = area_from_boxes(boxes)
    else:
        if not all(isinstance(p["area"], int | float) for p in people):
            raise ValueError("'area' is not a number")
        if any(p["area"] < 0 for p in people):
            raise ValueError("'area' is negative")
        areas = np.array([p["area"] for p in people], np.float64)
    if not (np.isfinite(joints).all() and np.isfinite(boxes).all() and np.isfinite(areas).all()):
        raise ValueError("not a finite number")
    crowd = np.array([bool(p.get("iscrowd", 0)) for p in people], bool)
    # CrowdPose counts only visible joints here, so the stated number decides, as in the official evaluations.
    stated = [p.get("num_keypoints", int(n)) for p, n in zip(people, labelled.sum(axis=1), strict=True)]
    if not all(isinstance(n, int | float) for n in stated):
        raise ValueError("'num_keypoints' is not a number")
    return Truths(joints[..., :2], labelled, boxes, areas, crowd | (np.array(stated) == 0), crowd)


def _numbers(person: Mapping[str, Any], key: str, count: int) -> list[float]:
    values = person[key]
    if not isinstance(values, list) or len(values) != count or not set(map(type, values)) <= {int, float}:
        raise ValueError(f"'{key}' is not a list of {count} numbers")
    return values


def _reason(error: Exception) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
