"""Versions compared by lists whose order was drawn: what people chose from these, and where each version would have put it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from recommendations.evaluation.off_policy import PLACES, DrawnLists, Estimate, estimate
from recommendations.models import Event, ModelVersion, RandomisedList
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.score import rank_films
from recommendations.ranking.storage import ArtefactError
from recommendations.selectors.comparison import loaded_version
from recommendations.selectors.experiment_results import Whom, bots_among, whom, worth_of
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.person import Mark, Person, RatedMovie
from recommendations.selectors.lists.randomised import RANDOMISED
from recommendations.selectors.lists.world import look_at

# The newest so many are looked at: each version folds in the person of each list.
MOST_LISTS = 3_000
_ROW = "list"
# The place of a film that a version would not have shown among the first.
_NOWHERE = PLACES


@dataclass(frozen=True)
class VersionEstimate:
    """What a version would have come to; ``within`` is how much of its own first films was among those that the lists were drawn
    from (what people have hidden is not known of them). With a ``trouble`` there is neither."""

    version: str
    estimate: Estimate | None = None
    within: float | None = None
    trouble: str = ""


@dataclass(frozen=True)
class Logged:
    """Lists as they were kept, and the same as the estimate takes them. Lists of programs are left out, and so are those that
    are shorter than the places that count."""

    rows: tuple[RandomisedList, ...]
    lists: DrawnLists


def logged_lists(*, most: int = MOST_LISTS) -> Logged:
    """The newest drawn lists and what was chosen from them. Three queries."""
    newest = list(RandomisedList.objects.select_related("made").order_by("-made__made_at", "pk")[:most])
    first = newest[-1].made.made_at.date() if newest else timezone.now().date()
    events = Event.objects.filter(arm=RANDOMISED, row=_ROW, day__gte=first)
    bots = bots_among(events)
    rows = [row for row in newest if len(row.made.places[_ROW]) >= PLACES and _whose(row) not in bots]
    chosen = _chosen(events)
    people = {name: number for number, name in enumerate(dict.fromkeys(map(_whose, rows)))}
    shape = (len(rows), PLACES)
    taken, free = np.zeros(shape, bool), np.ones(shape, bool)
    for at, row in enumerate(rows):
        taken[at] = [(row.pk, number) in chosen for number in row.made.places[_ROW][:PLACES]]
        free[at, [place - 1 for place in row.fixed if place <= PLACES]] = False
    lists = DrawnLists(
        np.array([people[_whose(row)] for row in rows], np.intp),
        taken,
        free,
        np.array([round(1 / row.probability) for row in rows], np.intp),
    )
    return Logged(tuple(rows), lists)


def estimates_of(versions: Sequence[ModelVersion]) -> list[VersionEstimate]:
    """The champion first, to which the others are compared; of a version whose files are gone or damaged, that."""
    logged = logged_lists()
    ordered = sorted(versions, key=lambda row: not row.is_champion)
    wanted: dict[str, NDArray[np.intp]] = {}
    within: dict[str, float | None] = {}
    troubles: dict[str, str] = {}
    for row in ordered:
        try:
            wanted[row.version], within[row.version] = _places_wanted(row, logged.rows)
        except ArtefactError as error:
            troubles[row.version] = str(error)
    found = estimate(logged.lists, wanted)
    return [
        VersionEstimate(
            row.version, found.get(row.version), within.get(row.version), troubles.get(row.version, "")
        )
        for row in ordered
    ]


def _whose(row: RandomisedList) -> Whom:
    return whom(row.made.user_id, row.made.person_id, row.made.visitor)


def _chosen(events: QuerySet[Event]) -> set[tuple[UUID | None, int | None]]:
    """Lists with each film that was chosen from them."""
    told = events.exclude(kind=Event.Kind.IMPRESSION).values_list("list_id", "movie_id", "kind", "stars")
    return {(made, number) for made, number, kind, stars in told if worth_of(kind, stars) > 0}


def _places_wanted(
    version: ModelVersion, rows: Sequence[RandomisedList]
) -> tuple[NDArray[np.intp], float | None]:
    """The place (L, K) at which the version would have shown each film, and the share of its own first films that it could
    choose from.

    Raises
    ------
    ArtefactError
    """
    artefact, people = loaded_version(version)
    champion = Champion(version.version, version.index_label, artefact, people)
    wanted, within = np.full((len(rows), PLACES), _NOWHERE, np.intp), []
    for at, row in enumerate(rows):
        look = look_at(_person_of(row), champion=champion)
        fixed = {place - 1 for place in row.fixed}
        free = [place for place in range(len(row.ranked)) if place not in fixed]
        known = [artefact.positions.get(artefact.kept_number(row.ranked[place])) for place in free]
        scores = [-np.inf if film is None else float(look.order[film]) for film in known]
        order = np.argsort(-np.array(scores), kind="stable")
        places = {row.ranked[free[film]]: free[to] for to, film in enumerate(order)}
        shown = row.made.places[_ROW][:PLACES]
        wanted[at] = [min(places.get(number, _NOWHERE), _NOWHERE) for number in shown]
        own = rank_films(look.order, look.kept_out, PLACES)
        within.append(len(set(own.tolist()).intersection(known)) / PLACES)
    return wanted, float(np.mean(within)) if within else None


def _person_of(row: RandomisedList) -> Person:
    """Whom the list was ranked for, as they were then."""
    ratings = (RatedMovie(number, stars, Mark(mark) if mark else None) for number, stars, mark in row.ratings)
    return Person(demographics=Demographics(**row.demographics), ratings=tuple(ratings))
