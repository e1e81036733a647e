"""The house's rules in a list: films that it puts first, moves up, sinks or keeps away.

Scores stay those of the model. Where two rules contradict each other about a film, hiding wins over pinning, pinning over
burying, and burying over a boost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact

PIN, BOOST, BURY, HIDE = "pin", "boost", "bury", "hide"
GENRE, DECADE, TAG, KEY = "genre", "decade", "tag", "key"
# Somebody with fewer ratings is a newcomer.
NEWCOMERS_RATINGS = 5
# What a boost adds, as a share of how far the scores of so many best films lie apart.
LIFTS, SPREAD_OF = {1: 0.25, 2: 0.5, 3: 1.0}, 50
# Scores that are all the same lie so far apart.
LEAST_SPREAD = 1e-6
# However many films are pinned, a list begins with so many of them at most.
MOST_PINNED = 3
# Which pairs of acts on one film mean that one of the two is lost.
CONTRADICTIONS = frozenset(
    frozenset(pair) for pair in ((PIN, HIDE), (BOOST, HIDE), (BURY, HIDE), (PIN, BURY), (BOOST, BURY))
)
_NONE: NDArray[np.intp] = np.zeros(0, np.intp)


@dataclass(frozen=True)
class Rule:
    """One rule; ``movies`` are the numbers of the films of a ``tag`` or ``key``, whose ``value`` the model does not know."""

    name: str
    act: str
    field: str
    value: str
    strength: int = 2
    newcomers: bool = False
    starts: date | None = None
    ends: date | None = None
    movies: frozenset[int] = frozenset()
    number: int | None = None

    def holds(self, *, on: date, newcomer: bool) -> bool:
        """Whether it counts on this day for somebody who is a newcomer or not."""
        early = self.starts is not None and on < self.starts
        late = self.ends is not None and on > self.ends
        return not early and not late and (newcomer or not self.newcomers)

    def rows(self, artefact: Artefact) -> NDArray[np.intp]:
        """The positions of its films that are shown at all."""
        if self.field == GENRE:
            found = artefact.having("genres", self.value) > 0
        elif self.field == DECADE:
            found = artefact.decades == (int(self.value) if self.value.isdigit() else -1)
        else:
            found = np.isin(artefact.movie_ids, [artefact.kept_number(number) for number in self.movies])
        return np.flatnonzero(found & artefact.each_once)

    def meets(self, other: Rule) -> bool:
        """Whether there are a day and a person for whom both count."""
        return not (
            (self.ends is not None and other.starts is not None and self.ends < other.starts)
            or (other.ends is not None and self.starts is not None and other.ends < self.starts)
        )


@dataclass(frozen=True)
class House:
    """The rules that hold for a list: positions of films that are ``hidden``, of each pin and that are ``boosted``, and for
    every film (n,) whether it is ``buried`` and its lift, a share of the spread of scores."""

    hidden: NDArray[np.intp] = field(default_factory=lambda: _NONE)
    pins: tuple[NDArray[np.intp], ...] = ()
    boosted: NDArray[np.intp] = field(default_factory=lambda: _NONE)
    lifts: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    buried: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))

    @property
    def moves(self) -> bool:
        """Whether the order changes at all."""
        return bool(self.pins) or bool(self.boosted.size) or bool(self.buried.any())


def house_of(artefact: Artefact, rules: Sequence[Rule]) -> House:
    """Put together what these rules, in the order of their age, come to for this version's films."""
    films: dict[str, list[NDArray[np.intp]]] = {act: [] for act in (PIN, BOOST, BURY, HIDE)}
    lifts = np.zeros(len(artefact.movie_ids), np.float32)
    buried = np.zeros(len(artefact.movie_ids), bool)
    for rule in rules:
        rows = rule.rows(artefact)
        films[rule.act].append(rows)
        if rule.act == BOOST:
            lifts[rows] += LIFTS[rule.strength]
    hidden = _all(films[HIDE])
    buried[_all(films[BURY])] = True
    lifts[hidden] = 0
    lifts[buried] = 0
    pins = tuple(np.setdiff1d(rows, hidden) for rows in films[PIN])
    return House(hidden, tuple(rows for rows in pins if rows.size), np.flatnonzero(lifts), lifts, buried)


def _all(parts: list[NDArray[np.intp]]) -> NDArray[np.intp]:
    return np.unique(np.concatenate(parts)) if parts else _NONE


@dataclass(frozen=True)
class Arranged:
    """Positions of films in their new order, with the ``values`` that they are ordered by; ``pinned`` come first, and
    ``lifted`` are those that a boost has brought further up."""

    rows: NDArray[np.intp]
    values: NDArray[np.float32]
    pinned: tuple[int, ...]
    lifted: frozenset[int]


def arrange(
    house: House,
    rows: NDArray[np.intp],
    values: NDArray[np.float32],
    *,
    kept_out: NDArray[np.int32],
    value_of: Callable[[NDArray[np.intp]], NDArray[np.float32]],
) -> Arranged:
    """Order ranked films anew as the house wants it.

    Parameters
    ----------
    rows, values : positions of the ranked films and what they are ranked by, best first.
    kept_out : positions that must not come in: seen, hidden, or not what was filtered for.
    value_of : the same values for other films.
    """
    out = np.zeros(house.buried.size, bool)
    out[kept_out] = True
    spread = (
        max(float(values[0] - values[min(SPREAD_OF, values.size) - 1]), LEAST_SPREAD) if values.size else 1.0
    )
    pinned: list[int] = []
    for pin in house.pins:
        left = pin[~out[pin]]
        if left.size and len(pinned) < MOST_PINNED:
            best = left[np.argmax(value_of(left) + spread * house.lifts[left])]
            pinned.append(int(best))
            out[best] = True
    rows, values = rows[~np.isin(rows, pinned)], values[~np.isin(rows, pinned)]
    out[rows] = True
    more = house.boosted[~out[house.boosted]]
    worth = value_of(more)
    if values.size:  # what stays below all of them would be cut off again
        comes = worth + spread * house.lifts[more] > values[-1]
        more, worth = more[comes], worth[comes]
    every = np.concatenate([rows, more]).astype(np.intp)
    plain = np.concatenate([values, worth]).astype(np.float32)
    value = plain + np.float32(spread) * house.lifts[every]
    before, order = np.argsort(-plain, kind="stable"), np.lexsort((-value, house.buried[every]))
    places = np.arange(every.size)
    was, now = np.empty_like(places), np.empty_like(places)
    was[before], now[order] = places, places
    lifted = every[(house.lifts[every] > 0) & (now < was)]
    return Arranged(every[order], value[order], tuple(pinned), frozenset(lifted.tolist()))
