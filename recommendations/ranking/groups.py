"""One list for several people: every film is chosen for those whom the films before it serve least.

Greedy coverage (GFAR; Kaya, Bridge and Tintarev 2020, "Ensuring Fairness in Group Recommendations by Rank-Sensitive
Balancing of Relevance"), with the discount of nDCG as the promise that a film makes to a person: 1 / log2(place + 1),
where the place is that of the film in the person's own list.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Whoever gets their own first film has not got everything: so much of their want stays.
LEFT = 1e-3


def common_list(scores: NDArray[np.floating], allowed: NDArray[np.bool_], k: int) -> NDArray[np.intp]:
    """The ``k`` films for these people together, best first.

    Parameters
    ----------
    scores : (people, films) of the one score; only the order within each row counts.
    allowed : (films,) films that may be chosen; fewer than ``k`` come back if fewer are.

    Returns
    -------
    (at most k,) positions of films.
    """
    films = np.flatnonzero(allowed)
    places = np.argsort(np.argsort(-scores[:, films], axis=1, kind="stable"), axis=1)
    promises = 1.0 / np.log2(places + 2.0)
    wants = np.ones(len(scores))
    free = np.ones(films.size, bool)
    chosen: list[int] = []
    for _ in range(min(k, films.size)):
        best = int(np.argmax(np.where(free, wants @ promises, -1.0)))
        chosen.append(best)
        free[best] = False
        wants *= 1.0 - (1.0 - LEFT) * promises[:, best]
    return films[np.asarray(chosen, np.intp)]


def average_list(scores: NDArray[np.floating], allowed: NDArray[np.bool_], k: int) -> NDArray[np.intp]:
    """What averaging the scores gives, the usual way and the one to beat."""
    films = np.flatnonzero(allowed)
    return films[np.argsort(-scores[:, films].mean(axis=0), kind="stable")[:k]]
