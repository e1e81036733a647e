"""Reads a group: its people, and the list that suits them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext
from numpy.typing import NDArray

from recommendations.models import GroupMember, GroupVeto, WatchGroup
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.groups import common_list
from recommendations.ranking.score import score_films
from recommendations.selectors.catalogue import FilmFacts, film_or_number, films_by_id
from recommendations.selectors.lists.house import in_this_house
from recommendations.selectors.lists.person import Mark, Person, RatedMovie
from recommendations.selectors.lists.recommendations import reasons_for
from recommendations.selectors.lists.world import Look, look_at, require_champion

LISTED = 10


@dataclass(frozen=True)
class Fit:
    """How much one member will like a film: ``stars`` and ``match`` (per cent) where the model predicts them, and why."""

    name: str
    stars: float | None
    match: int
    reason: str


@dataclass(frozen=True)
class CommonFilm:
    """One film of the common list and what each member gets from it, in the order of the members."""

    rank: int
    film: FilmFacts
    fits: tuple[Fit, ...]


@dataclass(frozen=True)
class CommonList:
    """The films, those that somebody is against, and how many the floor has kept out."""

    films: tuple[CommonFilm, ...]
    vetoed: tuple[tuple[FilmFacts, str], ...]
    below_floor: int


def group_by_key(*, key: str) -> WatchGroup | None:
    """The group of a link, whether or not it has ended."""
    return WatchGroup.objects.filter(key=key).first()


def has_ended(group: WatchGroup) -> bool:
    """Whether its time is over."""
    return group.ends_at <= timezone.now()


def members_of(group: WatchGroup) -> tuple[GroupMember, ...]:
    """Everybody in the group, the founder first."""
    return tuple(group.members.all())


def person_of(member: GroupMember) -> Person:
    """The member as the ranking sees them."""
    kept = member.person
    return Person(
        movielens_user=kept.get("user"),
        demographics=Demographics(
            age=kept.get("age"), gender=kept.get("gender"), occupation=kept.get("occupation")
        ),
        ratings=tuple(
            RatedMovie(movie_id, stars, *(Mark(mark) for mark in marks))
            for movie_id, stars, *marks in kept.get("ratings", ())
        ),
        hidden=frozenset(kept.get("hidden", ())),
    )


def common_list_for(group: WatchGroup, members: Sequence[GroupMember]) -> CommonList:
    """The films for these members together. Two queries, and one model for all of them.

    Nothing that any of them has seen, hidden or is against, and nothing that matches one of them less than the floor
    of the group.

    Raises
    ------
    RecommendationError
    """
    champion = require_champion()
    looks = [in_this_house(look_at(person_of(member), champion=champion)) for member in members]
    artefact = champion.artefact
    scores = np.array([score_films(artefact, look.plan) for look in looks])
    vetoes = list(
        GroupVeto.objects.filter(member__group=group)
        .select_related("member")
        .order_by("pk")
        .values_list("movie__movielens_id", "member__name")
    )
    allowed = np.ones(len(artefact.movie_ids), bool)
    for look in looks:
        allowed[look.kept_out] = False
    out = artefact.never_shown(frozenset(number for number, _name in vetoes))
    allowed[[artefact.positions[number] for number in out if number in artefact.positions]] = False
    matches = np.array([_matches(look, row) for look, row in zip(looks, scores, strict=True)])
    above = allowed & (matches >= group.floor).all(axis=0)
    rows = common_list(scores, above, LISTED)
    numbers = [int(number) for number in artefact.movie_ids[rows]]
    reasons = [reasons_for(look, numbers) for look in looks]
    stars = [None if look.predicted is None else look.predicted.stars(rows) for look in looks]
    because = {reason.movie_id for column in reasons for reason in column if reason.movie_id is not None}
    facts = films_by_id(movie_ids={*numbers, *because, *(number for number, _name in vetoes)})

    def fit(member: int, place: int) -> Fit:
        reason, given = reasons[member][place], stars[member]
        named = facts.get(reason.movie_id) if reason.movie_id is not None else None
        return Fit(
            name=members[member].name,
            stars=None if given is None else round(float(given[place]), 1),
            match=int(matches[member, rows[place]]),
            reason=reason.sentence(named.title if named else "", gettext),
        )

    return CommonList(
        films=tuple(
            CommonFilm(
                rank=place + 1,
                film=film_or_number(facts.get(number), number),
                fits=tuple(fit(member, place) for member in range(len(members))),
            )
            for place, number in enumerate(numbers)
        ),
        vetoed=tuple((film_or_number(facts.get(number), number), name) for number, name in vetoes),
        below_floor=int(allowed.sum() - above.sum()),
    )


def _matches(look: Look, scores: NDArray[np.float32]) -> NDArray[np.intp]:
    """In per cent, for every film the share of all films of which no more is expected (films,)."""
    if look.predicted is not None:
        return look.predicted.match(np.arange(len(scores)), look.artefact.each_once)
    ordered = np.sort(scores[look.artefact.each_once])
    return np.rint(100 * np.searchsorted(ordered, scores, side="right") / max(len(ordered), 1)).astype(
        np.intp
    )
