"""Measures of ranked lists, one per function.

Definitions agree with ``python_evaluation`` of the ``recommenders`` library (relevance is binary, the mean is taken
over people who have something relevant). Everything that library lacks says so.
A list holds film positions, best first, without repetitions; ``k`` cuts it. Fewer than ``k`` films are allowed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Items = NDArray[np.integer]


def hits(recommended: Items, relevant: Items, k: int) -> NDArray[np.bool_]:
    """Which of the first ``k`` films are relevant (at most k,).

    Raises
    ------
    ValueError
        If ``k`` is below 1 or nothing is relevant: no list can then be good or bad.
    """
    if k < 1:
        raise ValueError(f"k is {k}; expected 1 or more")
    if len(relevant) == 0:
        raise ValueError("nothing is relevant; people without relevant films are left out of the mean")
    return np.isin(recommended[:k], relevant)


def ndcg_at_k(recommended: Items, relevant: Items, k: int) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002), 0 to 1.

    Gain 1 for a relevant film, discount log2(rank + 1); the ideal list begins with min(k, relevant) hits.
    """
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    found = hits(recommended, relevant, k)
    return float((found * discounts[: len(found)]).sum() / discounts[: min(k, len(relevant))].sum())


def recall_at_k(recommended: Items, relevant: Items, k: int) -> float:
    """The share of the relevant films that are among the first ``k``, 0 to 1."""
    return float(hits(recommended, relevant, k).sum() / len(relevant))


def average_precision_at_k(recommended: Items, relevant: Items, k: int) -> float:
    """Precision at each hit, summed and divided by the number of relevant films; its mean over people is MAP.

    As Spark MLlib and ``recommenders.map`` have it: the divisor is not cut at ``k``.
    """
    found = hits(recommended, relevant, k)
    precision = np.cumsum(found) / np.arange(1, len(found) + 1)
    return float((precision * found).sum() / len(relevant))


def reciprocal_rank_at_k(recommended: Items, relevant: Items, k: int) -> float:
    """One over the rank of the first hit, 0 without a hit; its mean over people is MRR (not in ``recommenders``)."""
    found = np.flatnonzero(hits(recommended, relevant, k))
    return float(1.0 / (found[0] + 1)) if len(found) else 0.0


def self_information(rating_count: NDArray[np.integer]) -> NDArray[np.float64]:
    """−log2 of each film's share of all training ratings (n,), in bits; its mean over a list is the novelty.

    ``recommenders`` leaves films without a rating out; here they count as rated once, so that their surprise is
    the greatest there is, but finite.
    """
    counts = np.maximum(rating_count, 1).astype(np.float64)
    return -np.log2(counts / max(float(rating_count.sum()), 1.0))


def novelty(recommended: Items, information: NDArray[np.float64], k: int) -> float:
    """Mean self-information of a list in bits: how little known its films are (Castells et al. 2011)."""
    return float(information[recommended[:k]].mean()) if len(recommended) else 0.0


def genre_diversity(recommended: Items, genres: NDArray[np.floating], k: int) -> float:
    """Intra-list diversity: 1 − the mean cosine similarity of the genres over all pairs of a list.

    Over genres and not over a model's own vectors, so that all systems are measured with the same rod. A film
    without a genre is like none. 0 for lists of less than two films.
    """
    rows = genres[recommended[:k]].astype(np.float64)
    if len(rows) < 2:
        return 0.0
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    similar = unit @ unit.T
    return float(1.0 - similar[np.triu_indices(len(rows), 1)].mean())


def mean_and_deviation(values: Sequence[float]) -> tuple[float, float]:
    """Mean and sample standard deviation over seeds (0 for a single seed)."""
    return float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
