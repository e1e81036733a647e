"""Which films have their audience in common: how much likelier than anybody those who saw one film saw the other."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.people import KnownPeople

# Two films belong together from this lift on, if so many people at least have both.
LEAST_LIFT, LEAST_PEOPLE = 2.0, 5
LIKED = 4
# Films whose audiences are kept, one bit for each person.
KEPT = 4096


class Audiences:
    """The people of the training data by film; built on demand, film by film."""

    def __init__(self, people: KnownPeople) -> None:
        self._people = people
        self._of = lru_cache(maxsize=KEPT)(self._find)

    def lift(self, first: int, second: int) -> float:
        """P(both) / (P(first) · P(second)) over all people, for two films by position; 0 with fewer than
        :data:`LEAST_PEOPLE` in common. The smaller of two: of having rated, and of having liked."""
        total = len(self._people.user_ids)
        return min(
            _lift(one, other, total) for one, other in zip(self._of(first), self._of(second), strict=True)
        )

    def _find(self, film: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Who rated the film and who liked it, as bits."""
        people = self._people
        places = np.flatnonzero(people.items == film)
        rows = np.searchsorted(people.starts, places, side="right") - 1
        rated, liked = np.zeros((2, len(people.user_ids)), bool)
        rated[rows] = True
        liked[rows[people.stars[places] >= LIKED]] = True
        return np.packbits(rated), np.packbits(liked)


def _lift(one: NDArray[np.uint8], other: NDArray[np.uint8], total: int) -> float:
    both = int(np.bitwise_count(one & other).sum())
    if both < LEAST_PEOPLE:
        return 0.0
    return both * total / (int(np.bitwise_count(one).sum()) * int(np.bitwise_count(other).sum()))


def belong_together(artefact: Artefact, audiences: Audiences | None, first: int, second: int) -> bool:
    """Whether two films (positions) share a genre or, where that is known, much of their audience."""
    shared = artefact.genres[first] * artefact.genres[second]
    if "unknown" in artefact.data.genres:
        shared[artefact.data.genres.index("unknown")] = 0
    if shared.any():
        return True
    return audiences is not None and audiences.lift(first, second) >= LEAST_LIFT
