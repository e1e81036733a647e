"""The house's rules and rows as they are now, and a list put in the order that they ask for."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from django.utils import timezone

from recommendations.models import HouseRule, HouseTag, Movie, PageRow
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.house import KEY, NEWCOMERS_RATINGS, TAG, House, Rule, arrange, house_of
from recommendations.ranking.score import CANDIDATES
from recommendations.search.queries import RankedFilm
from recommendations.selectors.lists.engines import candidates, diversified
from recommendations.selectors.lists.world import Look

# A change is seen by every process after so many seconds at most.
SECONDS = 1.0
# The rows of the list page as they stand if nobody has ordered them.
ROW_KINDS = ("rating", "profile", "decade", "trending-7", "discovery", "new", "gems", "trending-30")
_KEPT_HOUSES = 8


@dataclass(frozen=True)
class HouseState:
    """The rules that have not ended, oldest first, and by kind the place of each row that is shown."""

    rules: tuple[Rule, ...] = ()
    places: Mapping[str, int] = field(default_factory=lambda: {kind: at for at, kind in enumerate(ROW_KINDS)})


_seen: tuple[float, HouseState] | None = None
_houses: list[tuple[Artefact, tuple[Rule, ...], House]] = []


def house_state() -> HouseState:
    """The present state, a second old at most. Two queries, or four if rules name tags and keys."""
    global _seen  # noqa: PLW0603  # one small value per process
    now = time.monotonic()
    if _seen is None or now - _seen[0] > SECONDS:
        _seen = (now, HouseState(rules_of(HouseRule.objects.filter(ended_at=None)), _places()))
    return _seen[1]


def forget_house() -> None:
    """Look again at the next question, for whoever has just changed something."""
    global _seen  # noqa: PLW0603
    _seen = None
    _houses.clear()


def _places() -> dict[str, int]:
    said = {row.kind: row for row in PageRow.objects.all()}
    default = {kind: at for at, kind in enumerate(ROW_KINDS)}
    return {
        kind: said[kind].place if kind in said else at
        for kind, at in default.items()
        if kind not in said or said[kind].is_shown
    }


def rules_of(rows: Iterable[HouseRule]) -> tuple[Rule, ...]:
    """Rules as the ranking knows them, oldest first, with the films of tags and keys. Three queries at most."""
    kept = sorted(rows, key=lambda row: (row.pk is None, row.pk or 0))
    keys = {row.value for row in kept if row.field == KEY}
    tags = {row.value for row in kept if row.field == TAG}
    films: dict[tuple[str, str], set[int]] = {}
    if keys:
        for key, number in Movie.objects.filter(key__in=keys).values_list("key", "movielens_id"):
            films.setdefault((KEY, key), set()).add(number)
    if tags:
        found = HouseTag.objects.filter(name__in=tags, movies__isnull=False)
        for name, number in found.values_list("name", "movies__movielens_id"):
            films.setdefault((TAG, name), set()).add(number)
    return tuple(
        Rule(
            name=row.name,
            act=row.act,
            field=row.field,
            value=row.value,
            strength=row.strength,
            newcomers=row.audience == HouseRule.Audience.NEWCOMERS,
            starts=row.starts_on,
            ends=row.ends_on,
            movies=frozenset(films.get((row.field, row.value), ())),
            number=row.pk,
        )
        for row in kept
    )


def in_this_house(look: Look, rules: Sequence[Rule] | None = None) -> Look:
    """The same look with the rules (those that are kept, unless others are given) that hold today for this person."""
    rules = house_state().rules if rules is None else rules
    if not rules:
        return look
    newcomer = look.person.movielens_user is None and look.rated.size < NEWCOMERS_RATINGS
    today = timezone.localdate()
    holding = tuple(rule for rule in rules if rule.holds(on=today, newcomer=newcomer))
    return replace(look, house=_house(look.artefact, holding)) if holding else look


def _house(artefact: Artefact, rules: tuple[Rule, ...]) -> House:
    for known, its_rules, house in _houses:
        if known is artefact and its_rules == rules:
            return house
    house = house_of(artefact, rules)
    _houses.append((artefact, rules, house))
    del _houses[:-_KEPT_HOUSES]
    return house


def how_many_to_rank(look: Look, k: int) -> int:
    """How many films :func:`arranged` has to choose ``k`` from."""
    wanted = candidates(look, k)
    return max(wanted, CANDIDATES) if look.house.moves else wanted


def arranged(look: Look, ranked: list[RankedFilm], *, k: int) -> list[RankedFilm]:
    """The ``k`` best of ``ranked``, as dials and house want them; scores stay the model's own."""
    house, artefact = look.house, look.artefact
    if not house.moves:
        return diversified(look, ranked, k=k)
    positions = artefact.positions
    raw = {film.movie_id: film.score for film in ranked}
    rows = np.array([positions[film.movie_id] for film in ranked], np.intp)
    values = look.order
    found = arrange(house, rows, values[rows], kept_out=look.kept_out, value_of=lambda films: values[films])

    def film(row: int, score: float) -> RankedFilm:
        picked = row in found.lifted or row in found.pinned
        return RankedFilm(int(artefact.movie_ids[row]), score, by_house=picked)

    pinned = [film(row, 0.0) for row in found.pinned][:k]
    others = [film(int(row), float(value)) for row, value in zip(found.rows, found.values, strict=True)]
    # A new film may be pinned, and have a place of its own besides.
    twice = {each.movie_id for each in pinned}
    rest = [each for each in diversified(look, others, k=k) if each.movie_id not in twice]
    chosen = [*pinned, *rest][:k]
    return [
        replace(each, score=raw.get(each.movie_id, float(look.scores[positions[each.movie_id]])))
        for each in chosen
    ]
