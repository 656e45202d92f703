"""Photos and labels in one file: compressed squares, decoded once when a job starts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from pose.skeleton import BODY19
from pose.training.bank import PhotoBank, make_bank, square
from pose.training.checkpoint import TrainingError, plain_write_errors
from pose.training.photos import read_photo
from pose.training.sources import LabelledPhoto

_QUALITIES = (80, 70, 60, 50, 45, 40, 35, 31, 28, 25, 22, 19, 16, 13, 10)
_CODERS = {"webp": cv2.IMWRITE_WEBP_QUALITY, "avif": cv2.IMWRITE_AVIF_QUALITY}
_SAMPLE = 64
_HELD_OUT_OF = 10
_ARRAYS = [f.name for f in fields(PhotoBank) if f.name not in ("skeleton", "canvases")]


@dataclass(frozen=True)
class Pack:
    """source: (N,) number of the source that each photo came from. held: (N,) bool, photos kept for measuring."""

    bank: PhotoBank
    source: NDArray[np.int64]
    held: NDArray[np.bool_]


def is_held_out(path: Path) -> bool:
    """Whether a photo is one of the tenth that is kept for measuring: a matter of its name alone."""
    return hashlib.sha256(path.name.encode()).digest()[0] % _HELD_OUT_OF == 0


def write_pack(
    path: Path, sources: Sequence[Sequence[LabelledPhoto]], side: int, max_bytes: int, coder: str = "webp"
) -> int:
    """Packs the photos of all sources as squares of `side` pixels and returns the quality that keeps to `max_bytes`.

    coder: "webp", or "avif", which keeps more detail in as many bytes but is not in every build of OpenCV.
    Of the first source, which should be labelled by people, a tenth is marked as held out. Raises TrainingError if
    the photos are too many.
    """
    photos = [photo for source in sources for photo in source]
    if not photos:
        raise TrainingError("There are no photos to pack.")
    bank = make_bank(photos, torch.empty(0))
    labels = {name: getattr(bank, name) for name in _ARRAYS}
    budget = (max_bytes - sum(values.nbytes for values in labels.values())) / len(photos)
    quality = _quality(
        [photos[i].path for i in np.linspace(0, len(photos) - 1, _SAMPLE).astype(int)], side, budget, coder
    )
    for lower in (q for q in _QUALITIES if q <= quality):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            encoded = list(pool.map(lambda p: _encoded(p.path, side, lower, coder), photos))  # noqa: B023
        with plain_write_errors(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(path.name + ".new.npz")
            np.savez_compressed(
                temporary,
                pixels=np.frombuffer(b"".join(encoded), np.uint8),
                ends=np.cumsum([len(e) for e in encoded]),
                side=np.array(side),
                source=np.repeat(np.arange(len(sources)), [len(s) for s in sources]),
                held=np.array([i < len(sources[0]) and is_held_out(p.path) and len(p.keypoints) > 0
                               for i, p in enumerate(photos)]),
                **labels,
            )  # fmt: skip
            if temporary.stat().st_size <= max_bytes:
                temporary.replace(path)
                return lower
            temporary.unlink()
    raise TrainingError(f"{len(photos)} photos of {side} pixels do not fit into {max_bytes / 2**20:.0f} MiB.")


def read_pack(path: Path) -> Pack:
    """Decodes all photos. Raises TrainingError if the file is missing or damaged."""
    try:
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        pixels, ends, side = arrays["pixels"], arrays["ends"], int(arrays["side"])
        canvases = np.empty((len(ends), side, side, 3), np.uint8)

        def decode(i: int) -> None:
            image = cv2.imdecode(pixels[ends[i - 1] if i else 0 : ends[i]], cv2.IMREAD_COLOR)
            if image is None:
                raise ValueError(f"photo {i} cannot be decoded")
            canvases[i] = image[..., ::-1]

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for _ in pool.map(decode, range(len(ends))):
                pass
        bank = PhotoBank(BODY19, torch.from_numpy(canvases), **{name: arrays[name] for name in _ARRAYS})
        return Pack(bank, arrays["source"], arrays["held"])
    except FileNotFoundError:
        raise TrainingError(f"There is no pack {path}; make one with `python -m pose.training.kit pack`.") from None
    except Exception as error:  # NumPy and OpenCV raise many kinds for damaged files
        raise TrainingError(f"The pack {path} is damaged ({type(error).__name__}); make it again.") from error


def _quality(paths: Sequence[Path], side: int, budget: float, coder: str) -> int:
    """The best quality at which the sample's files have `budget` bytes on average."""
    for quality in _QUALITIES:
        if np.mean([len(_encoded(path, side, quality, coder)) for path in paths]) <= budget:
            return quality
    return _QUALITIES[-1]


def _encoded(path: Path, side: int, quality: int, coder: str) -> bytes:
    done, content = cv2.imencode(f".{coder}", square(read_photo(path), side), [_CODERS[coder], quality])
    if not done:
        raise TrainingError(f"The picture {path} cannot be compressed.")
    return content.tobytes()
