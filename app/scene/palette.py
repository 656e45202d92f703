"""Colours of people and clothes, BGR float32 in [0, 1]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.float32]


def colour(code: str) -> Colour:
    """'#rrggbb' to (3,) BGR."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (5, 3, 1)], np.float32)


def _all(codes: str) -> list[Colour]:
    return [colour(code) for code in codes.split()]


SKIN = _all("#f3d3bd #e9bd9c #dba981 #c68c62 #b0754d #8f5c3d #6d452e")
HAIR = _all("#1c1715 #2b1d16 #4a3020 #6b4526 #a87b45 #c9a86a #8a3b1e #9a9a98")
DARK_HAIR = HAIR[:3]
TOPS = _all(
    "#b8433a #2f5d8a #3f7d5c #e0b24a #f0ece2 #30343c #7a5a8c #d9825b #86a8bf #c9d3c0 #a03b5b #4d6a74 #e7d3c3 #58764a"
)
BOTTOMS = _all("#2c3a55 #3e5578 #23262d #5b5147 #8d7a5f #6b7480 #b9ab90 #3d4a3d #54333a")
SHOES = _all("#2a2522 #e8e6e1 #6b4630 #9a3f38 #3b4a63 #b9b4aa")
IRISES = _all("#3a2a1e #4b3621 #4a6b82 #5c6b45")
EYE_WHITE = colour("#e6e5e0")
PUPIL = colour("#0a0a0a")
