"""Maximal marginal relevance (Carbonell and Goldstein 1998) over the item vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CANDIDATES = 200


def diversify(
    relevance: NDArray[np.float32], vectors: NDArray[np.float32], diversity: float, k: int
) -> NDArray[np.intp]:
    """Choose ``k`` of the candidates one by one, each good and unlike those already chosen.

    Parameters
    ----------
    relevance : (m,) scores, best first.
    vectors : (m, d) item vectors of the same films.
    diversity : 0 keeps the order, 1 looks at unlikeness alone.

    Returns
    -------
    (min(k, m),) positions among the candidates, in the new order.
    """
    if diversity == 0 or relevance.size < 2:
        return np.arange(min(k, relevance.size))
    spread = float(relevance.max() - relevance.min()) or 1.0
    scaled = (relevance - relevance.min()) / spread
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.maximum(lengths, 1e-12)
    closest = np.zeros(relevance.size)
    remaining = np.ones(relevance.size, bool)
    chosen: list[int] = []
    for _ in range(min(k, relevance.size)):
        value = np.where(remaining, (1 - diversity) * scaled - diversity * closest, -np.inf)
        best = int(np.argmax(value))
        chosen.append(best)
        remaining[best] = False
        closest = np.maximum(closest, unit @ unit[best])
    return np.asarray(chosen, dtype=np.intp)
