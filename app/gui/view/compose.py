"""From a result to the pixels of the view: only what is seen is drawn, at the resolution at which it is seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor

from app.gui.view.view_transform import ViewTransform
from app.render.faces import blur_faces
from app.render.overlay import BACKGROUND_BGR, OverlayStyle, Trails, draw_people, track_colour
from pose.preprocess import Fit
from pose.skeleton import Skeleton
from pose.types import Poses
from tracking.types import TrackedPoses

Image = NDArray[np.uint8]
HEATMAP_STRIDE = 2  # network pixels per heatmap pixel
HEATMAP_WEIGHT = 0.65
UNSEEN_BLOCKS = 24  # an image whose faces nobody has looked for keeps so many blocks across


@dataclass(frozen=True, slots=True)
class Heatmap:
    """What the network sees: `strength` (h, w) float32 in [0, 1], the highest of all joints, and where it lies."""

    strength: NDArray[np.float32]
    fit: Fit


class Canvas:
    """Memory for one view, used again for every image: fresh memory costs more time than resizing into it."""

    def __init__(self) -> None:
        self._bgr: Image = np.empty((0, 0, 3), np.uint8)
        self._bgrx: Image = np.empty((0, 0, 4), np.uint8)

    def bgr(self, view_wh: tuple[int, int]) -> Image:
        """(view height, view width, 3) uint8, whatever was drawn there before."""
        shape = (view_wh[1], view_wh[0], 3)
        if self._bgr.shape != shape:
            self._bgr, self._bgrx = np.empty(shape, np.uint8), np.empty((*shape[:2], 4), np.uint8)
        return self._bgr

    def bgrx(self, view: Image) -> Image:
        """The view (h, w, 3) with a fourth channel; overwritten by the next one."""
        cv2.cvtColor(view, cv2.COLOR_BGR2BGRA, self._bgrx)
        return self._bgrx


def person_colour(track_id: int) -> QColor:
    """The colour of a person, the same in image, lists and plots."""
    blue, green, red = track_colour(track_id)
    return QColor(red, green, blue)


def without(tracks: TrackedPoses, hidden: frozenset[int]) -> TrackedPoses:
    """The people who are not hidden."""
    if not hidden:
        return tracks
    shown = np.array([int(i) not in hidden for i in tracks.ids], bool)
    return tracks[shown]


def compose(
    image_bgr: Image,
    tracks: TrackedPoses,
    skeleton: Skeleton,
    style: OverlayStyle,
    transform: ViewTransform,
    canvas: Canvas | None = None,
    *,
    hidden: frozenset[int] = frozenset(),
    trails: Trails | None = None,
    heatmap: Heatmap | None = None,
    analysed: bool = True,
) -> Image:
    """(view height, view width, 4) uint8 BGRX: the image as it lies in the view, people drawn on it.

    In the memory of `canvas`, if one is given.

    Ids are left to the caller, who has better fonts. Who is `hidden` is not drawn, but the face is still blurred.
    With `blur_faces`, an image in which nobody was looked for (`analysed` False) is made unrecognisable as a whole.
    """
    canvas = canvas or Canvas()
    moved = _moved(tracks, transform)
    view = canvas.bgr(transform.view_wh)
    if style.background == "plain":
        _fill(view)
    elif style.blur_faces and not analysed:
        _place(_unrecognisable(image_bgr), transform, view)
    else:
        _place(image_bgr, transform, view)
        if style.blur_faces:
            blur_faces(view, moved.raw, skeleton)
    if heatmap is not None:
        view = _with_heatmap(view, heatmap, transform)
    view_trails = _MovedTrails(trails, transform) if trails is not None else None
    draw_people(view, without(moved, hidden), skeleton, replace(style, labels=False), view_trails)
    return canvas.bgrx(view)


def _place(image_bgr: Image, transform: ViewTransform, view: Image) -> None:
    """Draw the image where it lies in the view, and the background beside it."""
    if transform.zoom <= 1.0 + 1e-6:
        _place_whole(image_bgr, transform, view)
        return
    flags = cv2.INTER_NEAREST if transform.scale >= 6 else cv2.INTER_LINEAR  # show pixels when looking at pixels
    cv2.warpAffine(image_bgr, transform.matrix, transform.view_wh, view, flags, cv2.BORDER_CONSTANT, BACKGROUND_BGR)


def _fill(view: Image) -> None:
    cv2.rectangle(view, (0, 0), (view.shape[1], view.shape[0]), BACKGROUND_BGR, cv2.FILLED)


def _place_whole(image_bgr: Image, transform: ViewTransform, view: Image) -> None:
    """The usual case, a third of the general one's cost; right to within half a pixel of the view."""
    view_w, view_h = transform.view_wh
    w = min(max(round(transform.scale * transform.image_wh[0]), 1), view_w)
    h = min(max(round(transform.scale * transform.image_wh[1]), 1), view_h)
    x, y = (view_w - w) // 2, (view_h - h) // 2
    for border in (view[:y], view[y + h :], view[y : y + h, :x], view[y : y + h, x + w :]):
        if border.size:
            _fill(border)
    middle = view[y : y + h, x : x + w]
    cv2.resize(image_bgr, (w, h), middle, interpolation=cv2.INTER_LINEAR)
    if transform.mirror:
        cv2.flip(middle, 1, middle)


def _unrecognisable(image_bgr: Image) -> Image:
    h, w = image_bgr.shape[:2]
    blocks = (min(UNSEEN_BLOCKS, w), max(min(round(UNSEEN_BLOCKS * h / w), h), 1))
    small = cv2.resize(image_bgr, blocks, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)


def _with_heatmap(view: Image, heatmap: Heatmap, transform: ViewTransform) -> Image:
    """Blend the strengths over the image, from transparent through violet to yellow."""
    corners = np.array([[0, 0], [1, 0], [0, 1]], np.float32)
    in_image = heatmap.fit.to_image((corners + 0.5) * HEATMAP_STRIDE)
    matrix = cv2.getAffineTransform(corners, transform.to_view(in_image))
    strength = cv2.warpAffine(heatmap.strength, matrix, transform.view_wh, flags=cv2.INTER_LINEAR)
    level = np.clip(strength, 0, 1)
    colours = cv2.applyColorMap((level * 255).astype(np.uint8), cv2.COLORMAP_PLASMA)
    weight = (np.sqrt(level) * HEATMAP_WEIGHT).astype(np.float32)
    dimmed = cv2.convertScaleAbs(view, alpha=0.7)
    return cv2.blendLinear(colours, dimmed, weight, 1 - weight).astype(np.uint8, copy=False)


def _moved(tracks: TrackedPoses, transform: ViewTransform) -> TrackedPoses:
    return tracks.with_poses(lambda poses: Poses(transform.to_view(poses.keypoints), poses.scores, poses.confidence))


class _MovedTrails(Trails):
    """Trails of the image, seen in the view."""

    def __init__(self, trails: Trails, transform: ViewTransform) -> None:
        super().__init__()
        self._of_image, self._transform = trails, transform

    def lines(self) -> dict[int, NDArray[np.float64]]:
        return {
            track_id: self._transform.to_view(line).astype(np.float64)
            for track_id, line in self._of_image.lines().items()
        }
