"""Who is who: the best one-to-one assignment under a gate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Indices = NDArray[np.intp]


class Assignment(NamedTuple):
    """rows[i] is matched with cols[i]; the others are left over. All ascending, cols in the order of rows."""

    rows: Indices
    cols: Indices
    free_rows: Indices
    free_cols: Indices


def assign(similarity: NDArray[np.floating], allowed: NDArray[np.bool_]) -> Assignment:
    """Matches of greatest total similarity (R, C) ≥ 0 among the allowed pairs (R, C); others stay unmatched."""
    rows, cols = linear_sum_assignment(np.where(allowed, similarity, 0.0), maximize=True)
    kept = allowed[rows, cols]
    rows, cols = rows[kept], cols[kept]
    return Assignment(
        rows,
        cols,
        np.setdiff1d(np.arange(similarity.shape[0]), rows),
        np.setdiff1d(np.arange(similarity.shape[1]), cols),
    )
