"""Lists whose order is drawn: for whom, today, and what has to be known of such a list afterwards.

The share is off unless an operator switches it on. Drawn are only lists that the version alone has ranked: of the usual kind,
without dials and filters, outside of experiments, and of people whose history is kept here anyway (what a visit says
stays in the visit).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.utils import timezone

from recommendations.models import ListRandomisation
from recommendations.ranking.dials import NEXT
from recommendations.ranking.interleaving import draw
from recommendations.ranking.randomised import POOL, drawn_order
from recommendations.search.queries import RankedFilm
from recommendations.selectors.lists.house import arranged
from recommendations.selectors.lists.person import Person
from recommendations.selectors.lists.world import Look, Shuffle

# The arm of such lists, by which insights keep them apart.
RANDOMISED = "randomised"
# Whose lists are drawn: the kinds of owner before the number in a key.
_DRAWN_FOR = ("user", "person")
# A change is seen by every process after so many seconds at most.
_SECONDS = 10.0
_seen: tuple[float, ListRandomisation] | None = None


@dataclass(frozen=True)
class Drawn:
    """How a list came about. ``ranked`` are its first :data:`POOL` films (numbers) in the order of the version, of which those
    at the places ``fixed`` (from 1) were left there; ``share`` is how many lists were drawn then, and ``person`` is whom the
    version ranked for."""

    ranked: tuple[int, ...]
    fixed: tuple[int, ...]
    share: float
    person: Person

    @property
    def probability(self) -> float:
        """With which each film that is not at a fixed place came to each of the other places."""
        return 1 / (len(self.ranked) - len(self.fixed))


def randomisation() -> ListRandomisation:
    """What operators have set, as it was ten seconds ago at most."""
    global _seen  # noqa: PLW0603  # one small row per process
    now = time.monotonic()
    if _seen is None or now - _seen[0] > _SECONDS:
        _seen = (now, ListRandomisation.now())
    return _seen[1]


def forget_randomisation() -> None:
    """Look again at the next question, for whoever has just changed it."""
    global _seen  # noqa: PLW0603
    _seen = None


def shuffled_for(look: Look, *, key: str) -> Look:
    """The same look, to be drawn if it is this person's (:attr:`Owner.key`) turn today. A person's lists of one day are all
    drawn, or none is. One query in ten seconds at most."""
    if key.partition("/")[0] not in _DRAWN_FOR:
        return look
    state = randomisation()
    if not state.share:
        return look
    plain = look.kind == NEXT and look.dials.is_neutral and not look.filters.terms and look.only is None
    day = timezone.now().date()
    if not plain or draw(f"{state.salt}/share", f"{key}/{day}") >= state.share:
        return look
    return replace(look, shuffle=Shuffle(f"{state.salt}/{key}/{day}", state.share))


def wanted_of(look: Look, k: int) -> int:
    """How many films :func:`placed` has to have arranged for a list of ``k``."""
    return max(k, POOL) if look.shuffle else k


def placed(look: Look, ranked: Sequence[RankedFilm], *, k: int) -> tuple[list[RankedFilm], Drawn | None]:
    """The ``k`` best of ``ranked`` as dials and house want them, in a drawn order if it is this list's turn.

    Films that the house has picked or sunk, and those that came after training, stay at the places that they were given. With
    fewer films than are drawn from, or fewer than two that may move, nothing is drawn.
    """
    first = arranged(look, list(ranked), k=wanted_of(look, k))
    fixed = [place for place, film in enumerate(first[:POOL]) if _is_fixed(look, film)]
    if look.shuffle is None or len(first) < POOL or POOL - len(fixed) < 2:
        return first[:k], None
    numbers = [film.movie_id for film in first[:POOL]]
    order = drawn_order(numbers, fixed=fixed, seed=look.shuffle.seed)
    drawn = Drawn(tuple(numbers), tuple(place + 1 for place in fixed), look.shuffle.share, look.person)
    return [*(first[place] for place in order), *first[POOL:]][:k], drawn


def _is_fixed(look: Look, film: RankedFilm) -> bool:
    row = look.artefact.positions[film.movie_id]
    buried = look.house.buried
    return film.by_house or look.artefact.is_new(row) or bool(buried.size and buried[np.intp(row)])
