"""How many places of a list films have that came after training, and which.

Nobody has rated them, so their scores are cautious, and by these alone they would hardly come up. The operator's share says
how many places they may have; they come up for people whose taste they fit, and where their scores put them or, if that is
further down, at the end of each stretch of the list that the share makes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommendations.search.queries import RankedFilm
from recommendations.selectors.lists.world import Look

# A new film fits if it does better than this share of the films that the list may have.
FITS = 0.75


def spare_films(look: Look, k: int) -> int:
    """How many films more than ``k`` to rank, so that others take the places that new films may not have."""
    return min(look.artefact.newcomers, k)


def with_new_films(look: Look, ranked: Sequence[RankedFilm], k: int) -> list[RankedFilm]:
    """The first ``k`` of ``ranked`` with new films in their share of the places, and in no more of them."""
    artefact = look.artefact
    if not artefact.newcomers:
        return list(ranked[:k])
    others = [film for film in ranked if not artefact.is_new(artefact.positions[film.movie_id])]
    fitting = _fitting(look)[: int(look.champion.new_share * k + 1e-9)]
    places = {film.movie_id: place for place, film in enumerate(ranked)}
    stretch = 1 / look.champion.new_share if fitting else 0.0
    chosen = others[:k]
    for count, film in enumerate(fitting, start=1):
        last = int(np.ceil(count * stretch - 1e-9)) - 1
        chosen.insert(min(places.get(film.movie_id, last), last), film)
    return chosen[:k]


def _fitting(look: Look) -> list[RankedFilm]:
    """The new films that fit the person's taste, the best first."""
    artefact, order = look.artefact, look.order
    new = np.zeros(len(order), bool)
    new[-artefact.newcomers :] = True
    allowed = artefact.each_once.copy()
    allowed[look.kept_out] = False
    allowed[np.flatnonzero(look.house.buried)] = False
    if not (allowed & ~new).any():
        rows = np.flatnonzero(allowed & new)
    else:
        least = np.quantile(order[allowed & ~new], FITS)
        rows = np.flatnonzero(allowed & new & (order > least))
    best = rows[np.argsort(-order[rows], kind="stable")]
    return [RankedFilm(int(artefact.movie_ids[row]), float(look.scores[row])) for row in best]
