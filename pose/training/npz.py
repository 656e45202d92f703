"""Arrays of .npz files, read by several threads at a time.

NumPy reads the head of each array with Python's parser, which in Python 3.11 fails now and then when two threads use it
("AST constructor recursion depth mismatch").
"""

from __future__ import annotations

import re
from typing import IO, Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

_HEAD = re.compile(rb"\{'descr': '(\|u1|<f4)', 'fortran_order': False, 'shape': \((\d+(?:, \d+)*),?\), *\} *\n")


def array_shape(archive: ZipFile, name: str) -> tuple[int, ...]:
    """Without unpacking the array. Raises KeyError if there is none of that name."""
    with archive.open(f"{name}.npy") as file:
        return _read_head(file)[1]


def read_array(archive: ZipFile, name: str) -> NDArray[Any]:
    """A uint8 or float32 array in C order; ValueError for any other, KeyError if there is none of that name."""
    with archive.open(f"{name}.npy") as file:
        dtype, shape = _read_head(file)
        return np.frombuffer(file.read(), dtype).reshape(shape)


def _read_head(file: IO[bytes]) -> tuple[np.dtype[Any], tuple[int, ...]]:
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("not version 1.0 of the .npy format")
    head = _HEAD.fullmatch(file.read(int.from_bytes(file.read(2), "little")))
    if head is None:
        raise ValueError("not a plain array of bytes or floats")
    return np.dtype(head[1].decode()), tuple(int(n) for n in head[2].split(b", "))
