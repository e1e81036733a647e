"""What people saw on their lists and did not choose, as weighted examples to learn from."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from recommendations.evaluation.off_policy import PLACES, examination
from recommendations.evaluation.place_bias import Examples, weighted_examples
from recommendations.models import Event
from recommendations.selectors.experiment_results import Whom, bots_among, whom, worth_of
from recommendations.selectors.logged_lists import Logged, logged_lists

_ROW = "list"
Seen = tuple[UUID | None, int]


@dataclass(frozen=True)
class Impressions:
    """Films that were on the screen in one of the first places of a list: whose list it was, the film's number (m,), and
    with which weight it counts as chosen or not. ``examination`` (K,) is how likely people look at what is on the screen."""

    people: tuple[Whom, ...]
    movie_ids: NDArray[np.intp]
    examples: Examples
    examination: NDArray[np.float64]


def weighted_impressions(*, since: date) -> Impressions | None:
    """The impressions of lists from this day on, each film of a list once, without those of programs; ``None`` as long as no
    choice from a list in a drawn order tells how much places matter. Seven queries at most."""
    looked = _looked_at(logged_lists())
    if not looked.any():
        return None
    events = Event.objects.filter(row=_ROW, day__gte=since, place__lte=PLACES, list_id__isnull=False)
    bots, chosen = bots_among(events), set[tuple[UUID | None, int | None]]()
    told = events.exclude(kind=Event.Kind.IMPRESSION).values_list("list_id", "movie_id", "kind", "stars")
    for made, film, kind, stars in told:
        if worth_of(kind, stars) > 0:
            chosen.add((made, film))
    rows: dict[tuple[UUID | None, int], tuple[Whom, int]] = {}
    columns = ("user", "person", "visitor", "list_id", "movie_id", "place")
    seen = events.filter(kind=Event.Kind.IMPRESSION).order_by("at", "pk").values_list(*columns)
    for user, person, visitor, made, film, place in seen:
        name = whom(user, person, visitor)
        if film is not None and name not in bots:
            rows.setdefault((made, film), (name, place - 1))
    places = np.array([place for _name, place in rows.values()], np.intp)
    hits = np.array([key in chosen for key in rows], bool)
    return Impressions(
        tuple(name for name, _place in rows.values()),
        np.array([film for _made, film in rows], np.intp),
        weighted_examples(places, hits, looked),
        looked,
    )


def _looked_at(logged: Logged) -> NDArray[np.float64]:
    """From drawn lists, of the places that were on the screen. Who scrolls further may choose more readily, which the lists with
    the same places on the screen have in common."""
    seen = _on_screen(logged)
    shown = np.array(
        [[(row.pk, film) in seen for film in row.made.places[_ROW][:PLACES]] for row in logged.rows], bool
    ).reshape(-1, PLACES)
    return examination(replace(logged.lists, free=logged.lists.free & shown))


def _on_screen(logged: Logged) -> Set[Seen]:
    if not logged.rows:
        return set()
    events = Event.objects.filter(
        row=_ROW,
        kind=Event.Kind.IMPRESSION,
        arm=logged.rows[0].made.arm,
        day__gte=min(row.made.made_at for row in logged.rows).date(),
    )
    return {(made, film) for made, film in events.values_list("list_id", "movie_id") if film is not None}
