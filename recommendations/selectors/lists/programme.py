"""Reads a whole programme for a person: the list and, from the same ranked pool, rows that differ from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from recommendations.ranking.dials import Dials
from recommendations.ranking.explain import LOVED
from recommendations.ranking.rows import FilmRow, cut_rows
from recommendations.ranking.score import make_plan
from recommendations.selectors.catalogue import FilmFacts
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.engines import diversified, rank_whatever_happens
from recommendations.selectors.lists.known import Known, know_person, require_champion
from recommendations.selectors.lists.person import Person
from recommendations.selectors.lists.recommendations import RecommendationList, describe_list

# Films that are ranked in one round; the rows are cut from what the list leaves of them.
POOL = 200


@dataclass(frozen=True)
class ProgrammeRow:
    """Films under a heading in the active language; ``kind`` as in :class:`recommendations.ranking.rows.FilmRow`."""

    kind: str
    title: str
    films: tuple[FilmFacts, ...]


@dataclass(frozen=True)
class Programme:
    """The list, best first, and the rows below it; no film occurs twice."""

    ranked: RecommendationList
    rows: tuple[ProgrammeRow, ...] = ()


def programme_for(*, person: Person, k: int = 10, dials: Dials | None = None) -> Programme:
    """Rank the ``k`` best unseen films and rows from the films after them, in one round of either engine.

    Raises
    ------
    UnknownPersonError, NoModelError, DamagedModelError
    """
    champion = require_champion()
    known = know_person(champion, person)
    dials = dials or Dials()
    plan = make_plan(known.taste, dials)
    pool, degraded = rank_whatever_happens(champion, person, known, plan, k=max(k, POOL))
    first = diversified(champion.artefact, pool, dials.diversity, k)
    listed = {film.movie_id for film in first}
    rest = [champion.artefact.positions[film.movie_id] for film in pool if film.movie_id not in listed]
    cut = cut_rows(
        champion.artefact,
        known.demographics,
        known.history,
        known.taste,
        np.array(rest, np.intp),
        favoured_decade=dials.decade,
    )
    numbers = {int(champion.artefact.movie_ids[film]) for row in cut for film in row.films}
    rated = {_rated(champion, known, row) for row in cut if row.kind == "rating"}
    ranked, facts = describe_list(champion, known, plan, first, degraded=degraded, also=numbers | rated)
    return Programme(ranked, tuple(_row(champion, known, row, facts) for row in cut))


def _rated(champion: Champion, known: Known, row: FilmRow) -> int:
    return int(champion.artefact.movie_ids[known.history.items[row.index or 0]])


def _row(champion: Champion, known: Known, row: FilmRow, facts: dict[int, FilmFacts]) -> ProgrammeRow:
    numbers = [int(champion.artefact.movie_ids[film]) for film in row.films]
    title = _title(champion, known, row, facts)
    return ProgrammeRow(row.kind, title, tuple(facts[number] for number in numbers if number in facts))


def _title(champion: Champion, known: Known, row: FilmRow, facts: dict[int, FilmFacts]) -> str:
    if row.kind == "rating":
        number = _rated(champion, known, row)
        told = {"title": facts[number].title if number in facts else f"#{number}"}
        if known.history.stars[row.index or 0] >= LOVED:
            return _("Because you loved %(title)s") % told
        return _("Because you liked %(title)s") % told
    if row.kind == "profile":
        return _("Popular with people like you")
    if row.kind == "decade":
        return _("From the %(decade)ss") % {"decade": row.index}
    return _("Off the beaten track")
