"""Rows that change with the site and not with the person: what is trending here, what is new here, hidden gems."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from recommendations.models import FilmTrend, Movie
from recommendations.ranking.rows import LEAST_FILMS, ROW_FILMS, off_the_beaten_track
from recommendations.selectors.catalogue import FilmFacts
from recommendations.selectors.lists.world import Look

PERIODS = {"trending-7": 7, "trending-30": 30}
NEW, GEMS = "new", "gems"
LIVING = (*PERIODS, NEW, GEMS)
# A film is new for so long; what is newest is looked for among so many films.
NEW_FOR, NEWEST = timedelta(days=60), 60
# Gems are the best-liked tenth of the films off the beaten track; so many average ratings are added to each one's own.
BEST_LIKED, ADDED_RATINGS = 0.9, 10
# What the database says of it may be so many seconds old.
SECONDS = 60.0


@dataclass(frozen=True)
class Trend:
    """The films of a period, most people first, and until when; ``is_site`` if the people are those of this site."""

    people: Mapping[int, int]
    until: date
    is_site: bool


@dataclass(frozen=True)
class LivingState:
    """Trends by days, films by when they came to the catalogue (newest first), and else the newest films by their year."""

    trends: Mapping[int, Trend] = field(default_factory=dict)
    added: Mapping[int, datetime] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class LivingRow:
    """Films (their numbers) of a kind in :data:`LIVING`; ``say`` makes the heading, ``why`` the reason of one film."""

    kind: str
    numbers: tuple[int, ...]
    say: Callable[[], str]
    why: Callable[[FilmFacts], str]


_seen: tuple[float, LivingState] | None = None


def living_state() -> LivingState:
    """What the rows are made from, a minute old at most. Three queries."""
    global _seen  # noqa: PLW0603  # one small value per process
    now = time.monotonic()
    if _seen is None or now - _seen[0] > SECONDS:
        _seen = (now, _read())
    return _seen[1]


def forget_living() -> None:
    """Read it again at the next question."""
    global _seen  # noqa: PLW0603
    _seen = None


def _read() -> LivingState:
    found: dict[tuple[int, bool], Trend] = {}
    for row in FilmTrend.objects.all():
        is_site = not row.source
        trend = found.setdefault((row.days, is_site), Trend({}, row.until, is_site))
        assert isinstance(trend.people, dict)
        trend.people[row.movie_id] = row.people
    trends = {
        days: next(
            (
                found[days, is_site]
                for is_site in (True, False)
                if (days, is_site) in found and len(found[days, is_site].people) >= LEAST_FILMS
            ),
            Trend({}, timezone.localdate(), is_site=False),
        )
        for days in PERIODS.values()
    }
    films = Movie.objects.each_once()
    recent = films.filter(added_at__gte=timezone.now() - NEW_FOR).order_by("-added_at", "movielens_id")
    added = dict(recent.values_list("movielens_id", "added_at")[:NEWEST])
    newest = films.exclude(year=None).filter(rating_count__gt=0).order_by("-year", "-rating_count")
    years = dict(newest.values_list("movielens_id", "year")[:NEWEST])
    return LivingState(
        trends,
        {number: at for number, at in added.items() if at},
        {number: year for number, year in years.items() if year},
    )


def living_rows(look: Look, *, kinds: Collection[str], taken: Collection[int]) -> Iterator[LivingRow]:
    """The rows of these kinds, in this order, each with its own films: none of ``taken``, none that the list may not have."""
    state, gone = living_state(), set(taken)
    for kind in kinds:
        for row in _row_of(look, kind, state, gone):
            if len(row.numbers) >= LEAST_FILMS:
                gone.update(row.numbers)
                yield row


def _row_of(look: Look, kind: str, state: LivingState, gone: set[int]) -> Iterator[LivingRow]:
    if kind in PERIODS:
        yield _trending(look, kind, state.trends[PERIODS[kind]], gone)
    elif kind == NEW:
        yield _new(look, state, gone)
    else:
        yield _gems(look, gone)


def _trending(look: Look, kind: str, trend: Trend, gone: set[int]) -> LivingRow:
    days = PERIODS[kind]
    until = date_format(trend.until, "DATE_FORMAT")

    def why(film: FilmFacts) -> str:
        number = trend.people[film.movie_id]
        if trend.is_site:
            sentence = ngettext(
                "%(number)s person here rated, saw or noted it in the last %(days)s days.",
                "%(number)s people here rated, saw or noted it in the last %(days)s days.",
                number,
            )
        else:
            sentence = ngettext(
                "Rated by %(number)s person in the last %(days)s days of the data, until %(until)s.",
                "Rated by %(number)s people in the last %(days)s days of the data, until %(until)s.",
                number,
            )
        return sentence % {"number": number_format(number), "days": days, "until": until}

    def say() -> str:
        if trend.is_site:
            return _("Trending here: the last %(days)s days") % {"days": days}
        return _("Trending in the data: their last %(days)s days") % {"days": days}

    return LivingRow(kind, _first(look, trend.people, gone), say, why)


def _new(look: Look, state: LivingState, gone: set[int]) -> LivingRow:
    added = _first(look, state.added, gone)
    if len(added) >= LEAST_FILMS:
        return LivingRow(
            NEW,
            added,
            lambda: _("New here"),
            lambda film: (
                _("In the catalogue since %(day)s.")
                % {"day": date_format(timezone.localtime(state.added[film.movie_id]), "DATE_FORMAT")}
            ),
        )
    return LivingRow(
        NEW,
        _first(look, state.years, gone),
        lambda: _("The newest films here"),
        lambda film: _("From %(year)s, among the newest of the catalogue.") % {"year": film.year},
    )


def _gems(look: Look, gone: set[int]) -> LivingRow:
    allowed = gems(look)
    allowed[look.kept_out] = False
    films = np.flatnonzero(allowed)
    ordered = films[np.argsort(-look.scores[films], kind="stable")]
    numbers = [int(number) for number in look.artefact.movie_ids[ordered] if int(number) not in gone]

    def why(film: FilmFacts) -> str:
        if film.mean_stars is None:
            return _("Few people have rated it, and most of them liked it.")
        found = {
            "number": number_format(film.rating_count, force_grouping=True),
            "stars": number_format(film.mean_stars, 1),
        }
        return _("Only %(number)s ratings, %(stars)s stars on average.") % found

    return LivingRow(GEMS, tuple(numbers[:ROW_FILMS]), lambda: _("Hidden gems"), why)


def gems(look: Look) -> NDArray[np.bool_]:
    """The films (n,) off the beaten track that those who rated them like most: the best tenth by their shrunken share."""
    artefact = look.artefact
    remote = off_the_beaten_track(artefact) & artefact.each_once
    if not remote.any():
        return remote
    likes = artefact.like_share * max(len(look.champion.people.user_ids), 1)
    usual = float(likes.sum() / max(artefact.rating_count.sum(), 1))
    share = (likes + ADDED_RATINGS * usual) / (artefact.rating_count + ADDED_RATINGS)
    return remote & (share >= np.quantile(share[remote], BEST_LIKED))


def _first(look: Look, numbers: Collection[int], gone: set[int]) -> tuple[int, ...]:
    """The first of these films that the list may have; a film that the model does not know yet may come if nothing is
    filtered."""
    out = {int(number) for number in look.artefact.movie_ids[look.kept_out]}
    out |= look.excluded | look.withheld | gone
    known = look.artefact.positions
    is_open = look.bounds.is_open and look.only is None
    may = (number for number in numbers if number not in out and (is_open or number in known))
    return tuple(number for _place, number in zip(range(ROW_FILMS), may, strict=False))
