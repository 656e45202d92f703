"""Arrays come out of .npz files as NumPy put them in."""

from __future__ import annotations

import ast
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pytest

from pose.training.npz import array_shape, read_array


def archive_of(compressed: bool = True, **arrays: np.ndarray) -> ZipFile:
    file = BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **arrays)
    return ZipFile(file)


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("shape", [(3,), (14, 52, 40), (0, 14, 2), (1,)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_arrays_are_those_that_were_written(dtype: type, shape: tuple[int, ...], compressed: bool) -> None:
    written = np.random.default_rng(3).integers(0, 255, shape).astype(dtype)
    archive = archive_of(compressed, first=np.zeros(2, np.uint8), maps=written)
    assert array_shape(archive, "maps") == shape
    found = read_array(archive, "maps")
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, written)


@pytest.mark.parametrize(
    "other", [np.zeros(3), np.zeros((3, 3), np.float32, order="F"), np.array(["text"]), np.float32(1)]
)
def test_other_arrays_are_refused(other: np.ndarray) -> None:
    with pytest.raises(ValueError, match="plain array"):
        read_array(archive_of(maps=other), "maps")


def test_a_missing_array_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        read_array(archive_of(maps=np.zeros(1, np.uint8)), "keypoints")


def test_pythons_parser_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """In Python 3.11 it fails now and then if two threads use it."""
    archive = archive_of(maps=np.ones((2, 3), np.float32))
    monkeypatch.setattr(ast, "parse", lambda *args, **settings: pytest.fail("parsed"))
    assert read_array(archive, "maps").sum() == 6
