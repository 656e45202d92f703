"""What turns stored images into those to be shown: one of eight orientations, and the shape of their pixels."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from pose.errors import SettingsError

Image = NDArray[np.uint8]

MAX_PIXEL_ASPECT = 8  # beyond it is no camera's, but a mistake
AS_GOOD_AS_SQUARE = 0.01  # left by programs that scale to whole or even pixels; an angle changes by 0.3 degrees at most


@dataclass(frozen=True, slots=True)
class Orientation:
    """First swap the axes (if `transposed`), then mirror left-right and top-bottom."""

    transposed: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def mirrored(self) -> bool:
        return self.transposed ^ self.flip_x ^ self.flip_y

    @property
    def rotation(self) -> int:
        """Degrees clockwise; a mirrored orientation is a left-right mirror followed by this rotation."""
        if self.transposed:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    def apply(self, image: Image) -> Image:
        """The upright image, contiguous; the same object if there is nothing to do."""
        if (code := _ROTATIONS.get((self.transposed, self.flip_x, self.flip_y))) is not None:
            return cv2.rotate(image, code).astype(np.uint8, copy=False)
        if self.transposed:
            image = cv2.transpose(image).astype(np.uint8, copy=False)
        if self.flip_x or self.flip_y:
            code = -1 if self.flip_x and self.flip_y else int(self.flip_x)
            image = cv2.flip(image, code).astype(np.uint8, copy=False)
        return image

    def size(self, width: int, height: int) -> tuple[int, int]:
        """(width, height) of the upright image."""
        return (height, width) if self.transposed else (width, height)


_ROTATIONS = {
    (True, True, False): cv2.ROTATE_90_CLOCKWISE,
    (False, True, True): cv2.ROTATE_180,
    (True, False, True): cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def from_display_matrix(matrix: bytes) -> Orientation:
    """The orientation nearest to a container's display matrix: nine int32, of which four tell it.

    A stored point (x, y) is shown at (a x + c y, b x + d y).
    """
    a, b, _, c, d = (int(v) for v in np.frombuffer(matrix[:20], np.int32))
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Orientation(True, c < 0, b < 0)
    return Orientation(False, a < 0, d < 0)


def from_exif(number: int) -> Orientation:
    """The orientation that EXIF numbers from 1 to 8; other numbers mean nothing."""
    return {
        2: Orientation(False, True, False),
        3: Orientation(False, True, True),
        4: Orientation(False, False, True),
        5: Orientation(True, False, False),
        6: Orientation(True, True, False),
        7: Orientation(True, True, True),
        8: Orientation(True, False, True),
    }.get(number, Orientation())


def from_degrees(clockwise: int) -> Orientation:
    """Raises SettingsError unless the angle is 0, 90, 180 or 270."""
    try:
        return {
            0: Orientation(),
            90: Orientation(True, True, False),
            180: Orientation(False, True, True),
            270: Orientation(True, False, True),
        }[clockwise]
    except KeyError:
        raise SettingsError(
            "The rotation must be 0, 90, 180 or 270 degrees, not {clockwise}.", clockwise=clockwise
        ) from None


def as_pixel_aspect(said: Fraction) -> Fraction:
    """Width of a stored pixel by its height; 1 where what a stream says is as good as square or cannot be true."""
    is_true = Fraction(1, MAX_PIXEL_ASPECT) <= said <= MAX_PIXEL_ASPECT
    return said if is_true and abs(said - 1) > AS_GOOD_AS_SQUARE else Fraction(1)
