"""Drawing people onto images. Pure: a new image comes back, the given one stays as it is."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from app.render.faces import blur_faces
from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.types import TrackedPoses

Image = NDArray[np.uint8]
Bgr = tuple[int, int, int]

# Far apart in hue and in lightness, readable on skin, grass, ice and dark rooms; neighbours contrast most.
PALETTE_BGR: tuple[Bgr, ...] = (
    (64, 196, 255), (255, 176, 56), (124, 226, 92), (190, 110, 255), (80, 120, 255), (232, 226, 64),
    (255, 128, 176), (120, 235, 245), (205, 165, 110), (90, 205, 175), (240, 150, 240), (110, 165, 225),
)  # fmt: skip
SIDE_BGR: dict[str, Bgr] = {"left": (0, 255, 0), "right": (0, 128, 255), "centre": (255, 153, 51)}
BACKGROUND_BGR: Bgr = (28, 24, 22)
OUTLINE_BGR: Bgr = (24, 20, 18)
SURE_SCORE = 0.15  # joints below this are drawn thin: they may be hidden or wrong
_SHIFT = 3  # fractional bits of OpenCV's drawing coordinates


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """What is drawn.

    skeleton:   lines and joints.
    colours:    one colour per person ("track"), or left green and right orange ("side").
    boxes:      a frame around each person.
    labels:     the person's id.
    trails:     where each person's hips were during the last second.
    background: the image, or only the people's skeletons on a dark ground ("plain").
    blur_faces: make the faces of tracked people unrecognisable. People who are not found are not blurred.
    min_score:  joints less certain than this are not drawn, 0 to 1.
    thickness:  of lines, times the usual one.
    mirror:     show the live view as a mirror does; files are never mirrored.
    """

    skeleton: bool = True
    colours: Literal["track", "side"] = "track"
    boxes: bool = False
    labels: bool = True
    trails: bool = False
    background: Literal["image", "plain"] = "image"
    blur_faces: bool = False
    min_score: float = 0.05
    thickness: float = 1.0
    mirror: bool = False


class Trails:
    """Where each person's middle was during the last `length_s` seconds. Bounded by that time, not by the video."""

    def __init__(self, length_s: float = 1.0) -> None:
        self._length_s = length_s
        self._points: dict[int, deque[tuple[float, float, float]]] = {}  # id → (time_s, x, y)

    def update(self, tracks: TrackedPoses, skeleton: Skeleton, time_s: float) -> None:
        hips = [skeleton.index("left_hip"), skeleton.index("right_hip")]
        middles = tracks.poses.keypoints[:, hips].mean(axis=1)
        known = np.isfinite(middles).all(axis=1)
        for track_id, (x, y) in zip(tracks.ids[known].tolist(), middles[known].tolist(), strict=True):
            self._points.setdefault(track_id, deque()).append((time_s, x, y))
        for track_id, points_of_one in list(self._points.items()):
            while points_of_one and not 0 <= time_s - points_of_one[0][0] <= self._length_s:
                points_of_one.popleft()
            if not points_of_one:
                del self._points[track_id]

    def lines(self) -> dict[int, NDArray[np.float64]]:
        """id → (T, 2) points, oldest first."""
        return {track_id: np.array(points)[:, 1:] for track_id, points in self._points.items() if len(points) > 1}


def track_colour(track_id: int) -> Bgr:
    """The same colour for the same id, everywhere and always."""
    return PALETTE_BGR[(track_id - 1) % len(PALETTE_BGR)]


def draw_overlay(
    image_bgr: Image,
    tracks: TrackedPoses,
    skeleton: Skeleton,
    style: OverlayStyle | None = None,
    trails: Trails | None = None,
) -> Image:
    """A new image (H, W, 3) uint8 with the people drawn on it; lines grow with the size of each person."""
    style = style or OverlayStyle()
    if style.background == "plain":
        canvas = np.full_like(image_bgr, BACKGROUND_BGR)
    else:
        canvas = image_bgr.copy()
        if style.blur_faces:
            blur_faces(canvas, tracks.raw, skeleton)
    draw_people(canvas, tracks, skeleton, style, trails)
    return canvas


def draw_people(
    canvas: Image, tracks: TrackedPoses, skeleton: Skeleton, style: OverlayStyle, trails: Trails | None = None
) -> None:
    """Draws on the given image (H, W, 3) itself, whatever its background."""
    if trails is not None and style.trails:
        _draw_trails(canvas, trails)
    widths = line_widths(tracks.poses, canvas.shape[:2]) * style.thickness
    labels: list[_Label] = []
    # Far (small) people first, so that near ones are drawn over them.
    for i in np.argsort(widths, kind="stable").tolist():
        colour = track_colour(int(tracks.ids[i]))
        width = float(widths[i])
        observed = bool(tracks.observed[i])
        points, scores = tracks.poses.keypoints[i], tracks.poses.scores[i]
        shown = np.isfinite(points[:, 0]) & (scores >= style.min_score)
        if style.boxes:
            _draw_box(canvas, tracks.poses.boxes_xyxy[i], colour, width)
        if style.skeleton:
            sure = shown & (scores >= SURE_SCORE) & observed
            _draw_skeleton(canvas, points, shown, sure, skeleton, None if style.colours == "side" else colour, width)
        if style.labels and shown.any():
            labels.append((points[shown], str(int(tracks.ids[i])), colour, width))
    _draw_labels(canvas, labels)


def line_widths(poses: Poses, image_hw: tuple[int, int]) -> NDArray[np.float64]:
    """(N,) pixels: in proportion to the person's extent, never invisible, never clumsy for the image."""
    boxes = poses.boxes_xyxy.astype(np.float64)
    extent = np.nan_to_num(np.hypot(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]))
    limit = max(image_hw) / 160
    return np.clip(extent / 90, 1.0, max(limit, 1.0))


def _draw_skeleton(
    canvas: Image,
    points: NDArray[np.float32],
    shown: NDArray[np.bool_],
    sure: NDArray[np.bool_],
    skeleton: Skeleton,
    colour: Bgr | None,
    width: float,
) -> None:
    """colour None = by side. Bones that end in an unsure joint are thin lines, unsure joints have no disc."""
    fixed = _fixed(points)
    line_px, outline_px = max(1, round(width)), max(2, round(width * 0.6))
    edges = [edge for edge in skeleton.edges if shown[edge[0]] and shown[edge[1]]]
    if width >= 1.5:
        for a, b in edges:
            if sure[a] and sure[b]:
                cv2.line(canvas, fixed[a], fixed[b], OUTLINE_BGR, line_px + outline_px, cv2.LINE_AA, _SHIFT)
    for edge in edges:
        a, b = edge
        bone = colour or SIDE_BGR[skeleton.edge_side(edge)]
        edge_px = line_px if sure[a] and sure[b] else max(1, round(width / 3))
        cv2.line(canvas, fixed[a], fixed[b], bone, edge_px, cv2.LINE_AA, _SHIFT)
    radius = max(1.5, width * 1.15)
    for joint in np.flatnonzero(sure).tolist():
        fill = colour or SIDE_BGR[skeleton.side(joint)]
        cv2.circle(canvas, fixed[joint], round((radius + max(0.8, width * 0.3)) * (1 << _SHIFT)), OUTLINE_BGR, -1,
                   cv2.LINE_AA, _SHIFT)  # fmt: skip
        cv2.circle(canvas, fixed[joint], round(radius * (1 << _SHIFT)), _lighter(fill), -1, cv2.LINE_AA, _SHIFT)


def _draw_box(canvas: Image, box: NDArray[np.float32], colour: Bgr, width: float) -> None:
    if not np.isfinite(box).all():
        return
    corners = _fixed(box.reshape(2, 2))
    line_px = max(1, round(width * 0.6))
    cv2.rectangle(canvas, corners[0], corners[1], OUTLINE_BGR, line_px + 2, cv2.LINE_AA, _SHIFT)
    cv2.rectangle(canvas, corners[0], corners[1], colour, line_px, cv2.LINE_AA, _SHIFT)


_Label = tuple[NDArray[np.float32], str, Bgr, float]  # joints, text, colour, line width


def _draw_labels(canvas: Image, labels: list[_Label]) -> None:
    """Ids on tabs of their people's colours above the highest joints, inside the image and beside each other."""
    height, total_width = canvas.shape[:2]
    taken: list[tuple[int, int, int, int]] = []
    for points, text, colour, width in reversed(labels):  # near people first: theirs stay in place
        scale = float(np.clip(width / 6.5, 0.42, 1.6))
        stroke = max(1, round(scale * 1.8))
        (text_w, text_h), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, stroke)
        pad = max(3, round(text_h * 0.4))
        top = points[np.argmin(points[:, 1])]
        w, h = text_w + 2 * pad, text_h + 2 * pad
        if w > total_width or h > height:
            continue
        x = int(np.clip(top[0] - w / 2, 0, total_width - w))
        y = int(np.clip(top[1] - h - 3 * width - 2, 0, height - h))
        x, y = _beside(taken, (x, y, w, h), total_width)
        taken.append((x, y, w, h))
        cv2.rectangle(canvas, (x, y), (x + w - 1, y + h - 1), colour, -1, cv2.LINE_AA)
        cv2.rectangle(canvas, (x, y), (x + w - 1, y + h - 1), OUTLINE_BGR, 1, cv2.LINE_AA)
        cv2.putText(canvas, text, (x + pad, y + pad + text_h), cv2.FONT_HERSHEY_DUPLEX, scale, OUTLINE_BGR, stroke,
                    cv2.LINE_AA)  # fmt: skip


def _beside(
    taken: list[tuple[int, int, int, int]], wanted: tuple[int, int, int, int], total_width: int
) -> tuple[int, int]:
    """The wanted place, or else the nearest to its left or right that is free; the wanted one if none is."""
    x, y, w, h = wanted
    level = [(ox, ow) for ox, oy, ow, oh in taken if y < oy + oh and oy < y + h]
    places = [x, *(ox - w - 2 for ox, _ in level), *(ox + ow + 2 for ox, ow in level)]
    free = [
        place for place in places
        if 0 <= place <= total_width - w and all(place + w <= ox or ox + ow <= place for ox, ow in level)
    ]  # fmt: skip
    return min(free, key=lambda place: abs(place - x), default=x), y


def _draw_trails(canvas: Image, trails: Trails) -> None:
    line_px = max(1, round(max(canvas.shape[:2]) / 500))
    for track_id, line in trails.lines().items():
        fixed = _fixed(line)
        colour = np.array(track_colour(track_id), np.float64)
        for i in range(1, len(fixed)):
            fade = 0.25 + 0.75 * i / len(fixed)
            shade: Bgr = tuple(int(c) for c in colour * fade)  # type: ignore[assignment]
            cv2.line(canvas, fixed[i - 1], fixed[i], shade, line_px, cv2.LINE_AA, _SHIFT)


def _fixed(points: NDArray[np.float32] | NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pixels → OpenCV's fixed-point coordinates; far-off and missing points stay within its range."""
    finite = np.nan_to_num(points.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    scaled = np.rint(np.clip(finite, -20_000, 20_000) * (1 << _SHIFT)).astype(np.int64)
    return [(int(x), int(y)) for x, y in scaled]


@cache
def _lighter(colour: Bgr) -> Bgr:
    b, g, r = ((c + 2 * 255) // 3 for c in colour)
    return (b, g, r)
