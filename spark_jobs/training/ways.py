"""How a block of films × films is solved, chosen by size: exactly on all films, over the people, or on the head.

The head are the best-known films that a memory budget has room for; there is no catalogue for which the blocks are left
out. What films beyond the head get instead is the affair of :mod:`spark_jobs.training.tail`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spark_jobs.training.limits import Limits

# Up to so many films a solve in double precision takes seconds, and nothing else is tried.
SMALL_FILMS = 4_000
FEWEST_FILMS = 100


@dataclass(frozen=True)
class Need:
    """What the way over the people needs: so many ``rows``, whose Gram matrix is its system, and so many bytes."""

    rows: int = 0
    dual_bytes: int = 0


@dataclass(frozen=True)
class Way:
    """``name`` is ``exact``, ``dual`` or ``head``; ``films`` (h,) are the positions, ascending, of those solved exactly."""

    name: str
    films: NDArray[np.int32]

    @property
    def is_dual(self) -> bool:
        """Solved over the people's rows; no square is summed up."""
        return self.name == "dual"

    def columns(self, films: int) -> NDArray[np.int32]:
        """The column of each film in the squares (films,), -1 for those beyond the head."""
        columns = np.full(films, -1, np.int32)
        columns[self.films] = np.arange(len(self.films), dtype=np.int32)
        return columns

    def spread(self, rows: NDArray[Any], films: int) -> NDArray[Any]:
        """The head's rows (h, k) at their places among all films, zeros elsewhere."""
        everywhere = np.zeros((films, *rows.shape[1:]), rows.dtype)
        everywhere[self.films] = rows
        return everywhere

    def report(self, rating_count: NDArray[np.int32]) -> dict[str, Any]:
        """For the manifest."""
        known = int(rating_count[self.films].sum())
        return {
            "way": self.name,
            "films": len(self.films),
            "of_films": len(rating_count),
            "share_of_ratings": round(known / max(int(rating_count.sum()), 1), 4),
        }


def precision(films: int) -> type[np.floating]:
    """Single where it saves minutes; a ridge of hundreds leaves its last digits without weight."""
    return np.float64 if films <= SMALL_FILMS else np.float32


def head_size(films: int, squares: int, limits: Limits) -> int:
    """How many films' squares fit the budget, all of them if they do."""
    if squares * np.dtype(precision(films)).itemsize * films**2 <= limits.head_bytes:
        return films
    # A small catalogue is solved in double precision, however many of its films fit.
    double, single = (math.isqrt(limits.head_bytes // (size * squares)) for size in (8, 4))
    size = single if films > SMALL_FILMS < single else min(SMALL_FILMS, double)
    return min(films, max(size, FEWEST_FILMS))


def choose_way(need: Need, squares: int, rating_count: NDArray[np.int32], limits: Limits) -> Way:
    """The way for a block that needs this, where all blocks together hold so many ``squares``."""
    films = len(rating_count)
    everything = np.arange(films, dtype=np.int32)
    if films > SMALL_FILMS and need.rows < films and need.dual_bytes <= limits.head_bytes:
        return Way("dual", everything)
    size = head_size(films, squares, limits)
    if size >= films:
        return Way("exact", everything)
    best_known = np.argsort(-rating_count, kind="stable")[:size]
    return Way("head", np.sort(best_known).astype(np.int32))
