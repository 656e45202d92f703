"""Image files: which names and contents are images, and reading one as an upright 8-bit BGR image.

OpenCV reads most formats; Pillow reads the rest (HEIC through pi-heif), whatever their names say.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from app.sources.orientation import Orientation, from_exif
from pose.sentence import Sentence

Image = NDArray[np.uint8]

IMAGE_SUFFIXES = (
    ".avif", ".bmp", ".dib", ".heic", ".heif", ".hif", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg", ".pgm", ".png",
    ".ppm", ".tga", ".tif", ".tiff", ".webp",
)  # fmt: skip
UNREADABLE_SUFFIXES = (
    ".arw", ".cr2", ".cr3", ".dng", ".exr", ".hdr", ".jxl", ".nef", ".orf", ".pef", ".psd", ".raf", ".rw2", ".srw",
    ".svg", ".xcf",
)  # fmt: skip  # images too, but not for us: whoever has them in a folder is told
SEQUENCE_FORMATS = ("WEBP", "PNG", "AVIF", "TIFF")  # others, such as MPO, hold several images that are no sequence
BROKEN = (Exception,)  # Pillow's readers raise whatever comes up in a damaged file: KeyError, RuntimeError, TypeError …
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"avis")
_DEPTHS = (8, 10, 12, 14, 16)  # bits of a value that cameras give


def is_image(path: Path) -> bool:
    """Whether the name says that it is an image."""
    return path.suffix.lower() in IMAGE_SUFFIXES + UNREADABLE_SUFFIXES


def is_readable(path: Path) -> bool:
    return path.suffix.lower() not in UNREADABLE_SUFFIXES


def holds_image(path: Path) -> bool:
    """Whether a file is an image: by its content or, where that does not tell, by its name."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError:
        return is_image(path)
    if head[4:8] == b"ftyp":
        length = int.from_bytes(head[:4], "big")
        return any(head[at : at + 4] in _HEIF_BRANDS for at in (8, *range(16, min(length, len(head)), 4)))
    if head.startswith((b"\x1aE\xdf\xa3", b"GIF8")) or (head[:4], head[8:12]) == (b"RIFF", b"AVI "):
        return False
    if head.startswith((b"\x89PNG\r\n", b"II*\0", b"MM\0*")) or (head[:4], head[8:12]) == (b"RIFF", b"WEBP"):
        return True
    if head.startswith(b"\xff\xd8\xff"):
        return path.suffix.lower() not in (".mjpeg", ".mjpg")  # these are many JPEG images in a row
    return is_image(path)


def read_image(path: Path, notes: list[str]) -> Image | None:
    """The image, upright by its EXIF data; None if it cannot be read. notes: gets sentences about what was odd."""
    try:
        data = np.fromfile(path, np.uint8)  # OpenCV cannot open names beyond the code page on Windows
    except OSError:
        return None
    if data[4:8].tobytes() != b"ftyp":  # HEIC, which OpenCV does not know, and AVIF, which it does not turn upright
        with contextlib.suppress(cv2.error):
            image = cv2.imdecode(data, cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH)
            if image is not None:
                return to_8_bit(image, path.name, notes)
    opened = open_with_pillow(data.tobytes())
    if opened is None:
        return None
    try:
        return exif_orientation(opened).apply(as_bgr(opened, path.name, notes))
    except BROKEN:
        return None


def open_with_pillow(content: bytes | Path) -> PillowImage.Image | None:
    """Not yet decoded; None if it is no image that Pillow knows."""
    _prepare_pillow()
    try:
        return PillowImage.open(io.BytesIO(content) if isinstance(content, bytes) else content)
    except BROKEN:
        return None


@cache
def _prepare_pillow() -> None:
    import pi_heif

    pi_heif.register_heif_opener()
    warnings.filterwarnings("ignore", module=r"PIL\.")  # of damaged and of large files; what matters is said by us


def exif_orientation(image: PillowImage.Image) -> Orientation:
    try:
        return from_exif(image.getexif().get(0x0112, 1))
    except BROKEN:
        return Orientation()


def as_bgr(image: PillowImage.Image, name: str, notes: list[str]) -> Image:
    """As it is stored, without alpha. Raises one of BROKEN if it is damaged."""
    if image.mode.startswith(("I", "F")):  # grey in more than 8 bits
        return cv2.cvtColor(to_8_bit(np.asarray(image), name, notes), cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def image_count(path: Path) -> int:
    """How many images of a sequence a file holds: 1 for a photo, and for what cannot be read."""
    image = open_with_pillow(path)
    if image is None or image.format not in SEQUENCE_FORMATS:
        return 1
    with image:
        try:
            count = int(getattr(image, "n_frames", 1))
            if image.format == "TIFF" and not _all_of_one_size(image, count):
                return 1  # a photo with its previews
        except BROKEN:
            return 1
    return count


def _all_of_one_size(image: PillowImage.Image, count: int) -> bool:
    first = image.size
    for number in range(count):
        image.seek(number)
        if image.size != first:
            return False
    return True


def to_8_bit(image: NDArray[Any], name: str, notes: list[str]) -> Image:
    """Values of more than 8 bits, scaled by the bits that they use: many cameras store 12 bits in 16."""
    if image.dtype == np.uint8:
        return image
    top = float(np.nanmax(image)) if image.size else 0.0
    if np.issubdtype(image.dtype, np.integer):
        bits = next((b for b in _DEPTHS if top < 2**b), 32)
        if bits < 16:
            notes.append(
                Sentence(
                    "The {depth}-bit values of {name} were taken as {bits}-bit ones.",
                    depth=image.dtype.itemsize * 8,
                    name=name,
                    bits=bits,
                )
            )
        scale = 255 / (2**bits - 1) if bits <= 16 else 255 / top
    else:
        scale = 255 / max(1.0, top)
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(np.clip(np.rint(image * scale), 0, 255)).astype(np.uint8)
