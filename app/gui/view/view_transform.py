"""How the image lies in its widget: zoom, pan and mirror as one exact, invertible mapping."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

MAX_ZOOM = 40.0  # view pixels per image pixel never exceed fit * MAX_ZOOM
Size = tuple[int, int]  # width, height


@dataclass(frozen=True, slots=True)
class ViewTransform:
    """view = scale * image + offset; with `mirror`, x of the image is counted from its right edge.

    scale:       view pixels per image pixel.
    offset_xy:   view position of the image's left top pixel centre.
    image_wh, view_wh: sizes in their own pixels.
    """

    scale: float
    offset_xy: tuple[float, float]
    image_wh: Size
    view_wh: Size
    mirror: bool = False

    def to_view(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """(..., 2) points of the image → the view. NaN stays NaN."""
        out = np.array(points, np.float32)
        if self.mirror:
            out[..., 0] = self.image_wh[0] - 1 - out[..., 0]
        return out * np.float32(self.scale) + np.array(self.offset_xy, np.float32)

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """A point of the view → the image."""
        image_x = (x - self.offset_xy[0]) / self.scale
        image_y = (y - self.offset_xy[1]) / self.scale
        return (self.image_wh[0] - 1 - image_x if self.mirror else image_x, image_y)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(2, 3) affine image → view, as OpenCV's warpAffine takes it."""
        sx = -self.scale if self.mirror else self.scale
        x0 = self.offset_xy[0] + (self.scale * (self.image_wh[0] - 1) if self.mirror else 0.0)
        return np.array([[sx, 0.0, x0], [0.0, self.scale, self.offset_xy[1]]])

    def zoomed(self, factor: float, at_x: float, at_y: float) -> ViewTransform:
        """Zoomed about a point of the view, which keeps its place unless the image would leave the view."""
        smallest = fit_scale(self.image_wh, self.view_wh)
        scale = min(max(self.scale * factor, smallest), smallest * MAX_ZOOM)
        ratio = scale / self.scale
        offset = (at_x - (at_x - self.offset_xy[0]) * ratio, at_y - (at_y - self.offset_xy[1]) * ratio)
        return replace(self, scale=scale, offset_xy=offset).inside()

    def panned(self, dx: float, dy: float) -> ViewTransform:
        return replace(self, offset_xy=(self.offset_xy[0] + dx, self.offset_xy[1] + dy)).inside()

    def inside(self) -> ViewTransform:
        """The same, moved so that the image covers the view, or is centred where it is smaller."""
        return replace(
            self,
            offset_xy=(
                _inside(self.offset_xy[0], self.scale, self.image_wh[0], self.view_wh[0]),
                _inside(self.offset_xy[1], self.scale, self.image_wh[1], self.view_wh[1]),
            ),
        )

    @property
    def zoom(self) -> float:
        """1.0 = the whole image fits."""
        return self.scale / fit_scale(self.image_wh, self.view_wh)


def fit_scale(image_wh: Size, view_wh: Size) -> float:
    return max(min(view_wh[0] / image_wh[0], view_wh[1] / image_wh[1]), 1e-6)


def fit_view(image_wh: Size, view_wh: Size, mirror: bool = False) -> ViewTransform:
    """The whole image, as large as possible, in the middle."""
    return ViewTransform(fit_scale(image_wh, view_wh), (0.0, 0.0), image_wh, view_wh, mirror).inside()


def adapt(old: ViewTransform, image_wh: Size, view_wh: Size, mirror: bool) -> ViewTransform:
    """The transform for other sizes, looking at the same place with the same zoom."""
    if (old.image_wh, old.view_wh, old.mirror) == (image_wh, view_wh, mirror):
        return old
    new = fit_view(image_wh, view_wh, mirror)
    if old.zoom <= 1.0 + 1e-6 or old.image_wh != image_wh:
        return new
    centre = old.to_image(old.view_wh[0] / 2, old.view_wh[1] / 2)
    new = replace(new, scale=new.scale * old.zoom)
    at = new.to_view(np.array(centre, np.float32))
    return new.panned(view_wh[0] / 2 - float(at[0]), view_wh[1] / 2 - float(at[1]))


def _inside(offset: float, scale: float, image: int, view: int) -> float:
    # Pixel 0 is a centre: the image's edge lies half a pixel before it.
    half = (scale - 1) / 2
    length = scale * image
    if length <= view:
        return (view - length) / 2 + half
    return min(max(offset, view - length + half), half)
