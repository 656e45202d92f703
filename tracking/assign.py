"""Who is who: the best one-to-one assignment under a gate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def assign(similarity: NDArray[np.floating], allowed: NDArray[np.bool_]) -> tuple[Indices, Indices]:
    """Matches of greatest total similarity (R, C) ≥ 0 among the allowed pairs (R, C): ascending rows, their columns.

    The others stay unmatched.
    """
    from scipy.optimize import linear_sum_assignment  # takes its time to import; help and window do without

    rows, cols = linear_sum_assignment(np.where(allowed, similarity, 0.0), maximize=True)
    kept = allowed[rows, cols]
    return rows[kept], cols[kept]
