"""Bringing a file in, in one transaction, and taking the whole of it back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.errors import ConflictError, MovierecError
from recommendations.models import (
    FilmList,
    FilmListEntry,
    Import,
    Rating,
    SeenMovie,
    Viewing,
    WatchlistItem,
)
from recommendations.services.merging import (
    ROWS_AT_ONCE,
    MergedRatings,
    TimedRating,
    films_of_numbers,
    from_microseconds,
    merge_marks,
    to_microseconds,
)
from recommendations.services.profiles import mark_profile_stale

_LONGEST_LIST_NAME = 100
_Rated = dict[int, tuple[float, int]]


class ImportStateError(ConflictError):
    """The import is in a state in which this cannot be done."""


class UnknownImportError(MovierecError):
    """The account has no import of this number."""

    kind, status = "not-found", 404


@dataclass(frozen=True)
class ImportOutcome:
    """What the import did to the ratings of the account, how many films came onto the watchlist, how many viewings into
    the diary, how many hearts and how many films of lists are new; ``number`` is that of the import if it changed
    anything, for taking it back."""

    ratings: MergedRatings
    listed: int = 0
    seen: int = 0
    liked: int = 0
    in_lists: int = 0
    number: int | None = None


@dataclass(frozen=True)
class UndoOutcome:
    """How many marks were taken back, and how many ratings stay because they were changed since."""

    removed: int
    kept: int


@transaction.atomic
def bring_in(*, user: User, plan: Mapping[str, Any], name: str = "") -> ImportOutcome:
    """Add what a plan says to what the account has; see :func:`recommendations.services.imports.apply_import`.

    Of two imports at once the second one waits for the first, and sees what it has brought.
    """
    User.objects.select_for_update().get(pk=user.pk)
    rated, listed = _rated(user), _listed(user)
    ratings = [TimedRating(number, stars, from_microseconds(at)) for number, stars, at in plan["sure"]]
    merged = merge_marks(user=user, ratings=ratings, watchlist=sorted(plan["watchlist"]))
    named = {*plan["likes"], *(row[0] for row in plan["seen"])}.union(*plan["lists"].values())
    films = films_of_numbers(named)
    viewings = _add_viewings(user, plan["seen"], films)
    after = _rated(user)
    seen = _mark_seen(user, plan["seen"], films, after)
    lists, entries = _add_lists(user, plan, films)
    undo: dict[str, list[Any]] = {
        "ratings": _changes(rated, after),
        "watchlist": sorted(_listed(user) - listed),
        "viewings": viewings,
        "seen": seen,
        "lists": lists,
        "entries": [entry for _kind, entry in entries],
    }
    outcome = ImportOutcome(
        ratings=merged,
        listed=len(undo["watchlist"]),
        seen=len(viewings),
        liked=sum(kind == FilmList.Kind.LIKES for kind, _entry in entries),
        in_lists=sum(kind == FilmList.Kind.OWN for kind, _entry in entries),
    )
    if not any(undo.values()):
        return outcome
    brought = Import.objects.create(
        user=user,
        state=Import.State.DONE,
        source=plan.get("source", "")[:40],
        name=name[:200],
        outcome={
            "ratings": merged.added + merged.changed,
            "listed": outcome.listed,
            "seen": outcome.seen,
            "liked": outcome.liked,
            "in_lists": outcome.in_lists,
        },
        undo=undo,
    )
    return ImportOutcome(merged, outcome.listed, outcome.seen, outcome.liked, outcome.in_lists, brought.pk)


def _rated(user: User) -> _Rated:
    rows = Rating.objects.filter(user=user).values_list("movie_id", "stars", "rated_at")
    return {movie: (stars, to_microseconds(at)) for movie, stars, at in rows}


def _listed(user: User) -> set[int]:
    return set(WatchlistItem.objects.filter(user=user).values_list("movie_id", flat=True))


def _changes(before: _Rated, after: _Rated) -> list[list[Any]]:
    """Film, stars and time before (empty for none), stars and time now."""
    return [
        [movie, *before.get(movie, (None, None)), *now]
        for movie, now in after.items()
        if before.get(movie) != now
    ]


def _add_viewings(user: User, rows: Iterable[list[Any]], films: Mapping[int, int]) -> list[int]:
    """The keys of the viewings that are new. A film that has one needs no second one that is only its being seen."""
    own = set(Viewing.objects.filter(user=user).values_list("movie_id", "seen_on"))
    seen = {movie for movie, _day in own}
    fresh = []
    for number, day, again, half, is_diary in rows:
        movie, on = films.get(number), date.fromisoformat(day) if day else None
        if movie is None or (movie, on) in own or (movie in seen and not (is_diary and on)):
            continue
        own.add((movie, on))
        seen.add(movie)
        fresh.append(Viewing(user=user, movie_id=movie, seen_on=on, again=again, stars=half))
    Viewing.objects.bulk_create(fresh, batch_size=ROWS_AT_ONCE)
    return [viewing.pk for viewing in fresh]


def _mark_seen(user: User, rows: Iterable[list[Any]], films: Mapping[int, int], rated: _Rated) -> list[int]:
    """The films that are marked as seen now: they have no stars, are not shown any more, and count a little. A mark stands
    in the history on the day of its last viewing."""
    marked = set(SeenMovie.objects.filter(user=user).values_list("movie_id", flat=True))
    days: dict[int, str] = {}
    for number, day, _again, _half, _is_diary in rows:
        movie = films.get(number)
        if movie is not None and movie not in rated and movie not in marked:
            days[movie] = max(days.get(movie, ""), day or "")
    SeenMovie.objects.bulk_create(
        [SeenMovie(user=user, movie_id=movie) for movie in days],
        ignore_conflicts=True,
        batch_size=ROWS_AT_ONCE,
    )
    dated = []
    for mark in SeenMovie.objects.filter(
        user=user, movie_id__in=[movie for movie, day in days.items() if day]
    ):
        mark.created_at = datetime.combine(date.fromisoformat(days[mark.movie_id]), time(12), UTC)
        dated.append(mark)
    # The day is set afterwards, because a mark that is made is of now.
    SeenMovie.objects.bulk_update(dated, ["created_at"], batch_size=ROWS_AT_ONCE)
    if days:
        mark_profile_stale(user_id=user.pk)
    return list(days)


def _add_lists(
    user: User, plan: Mapping[str, Any], films: Mapping[int, int]
) -> tuple[list[int], list[tuple[str, int]]]:
    """The keys of the lists that are new, and of the entries, each with the kind of its list."""
    wanted = [(FilmList.Kind.OWN, name, numbers) for name, numbers in plan["lists"].items()]
    if plan["likes"]:
        wanted.append((FilmList.Kind.LIKES, "", plan["likes"]))
    made: list[int] = []
    entries: list[tuple[str, int]] = []
    for kind, name, numbers in wanted:
        called = (name or _("Imported list"))[:_LONGEST_LIST_NAME] if kind == FilmList.Kind.OWN else ""
        film_list, is_new = FilmList.objects.get_or_create(user=user, kind=kind, name=called)
        if is_new:
            made.append(film_list.pk)
        there = set(film_list.entries.values_list("movie_id", flat=True))
        keys = dict.fromkeys(films[number] for number in numbers if number in films)
        fresh = [
            FilmListEntry(film_list=film_list, movie_id=movie, place=place)
            for place, movie in enumerate(keys, len(there) + 1)
            if movie not in there
        ]
        FilmListEntry.objects.bulk_create(fresh, batch_size=ROWS_AT_ONCE)
        entries += [(kind, entry.pk) for entry in fresh]
    return made, entries


@transaction.atomic
def undo_import(*, user: User, number: int) -> UndoOutcome:
    """Take everything back that an import brought: what was there before is there again.

    A rating that was changed since stays as it is, and so does everything that came from elsewhere.

    Raises
    ------
    UnknownImportError, ImportStateError
    """
    User.objects.select_for_update().get(pk=user.pk)
    brought = Import.objects.filter(user=user, pk=number).first()
    if brought is None:
        raise UnknownImportError(_("Your account has no import of this number."))
    if not Import.objects.filter(pk=number, state=Import.State.DONE).update(state=Import.State.UNDONE):
        raise ImportStateError(_("This import is taken back already, or was never brought in."))
    undo = brought.undo
    removed, kept = _undo_ratings(user, undo["ratings"])
    marks: tuple[tuple[Any, dict[str, Any]], ...] = (
        (WatchlistItem, {"user": user, "movie_id__in": undo["watchlist"]}),
        (Viewing, {"user": user, "pk__in": undo["viewings"]}),
        (SeenMovie, {"user": user, "movie_id__in": undo.get("seen", [])}),
        (FilmListEntry, {"film_list__user": user, "pk__in": undo["entries"]}),
    )
    for model, those in marks:
        (last,) = [key for key in those if key.endswith("__in")]
        for begin in range(0, len(those[last]), ROWS_AT_ONCE):
            part = those | {last: those[last][begin : begin + ROWS_AT_ONCE]}
            removed += model._default_manager.filter(**part).delete()[0]
    FilmList.objects.filter(user=user, pk__in=undo["lists"], entries=None).delete()
    mark_profile_stale(user_id=user.pk)
    return UndoOutcome(removed, kept)


def _undo_ratings(user: User, changes: Iterable[list[Any]]) -> tuple[int, int]:
    now, films, again, kept = _rated(user), [], [], 0
    for movie, stars_before, at_before, stars, at in changes:
        if now.get(movie) != (stars, at):
            kept += movie in now
        elif stars_before is None:
            films.append(movie)
        else:
            again.append(
                Rating(user=user, movie_id=movie, stars=stars_before, rated_at=from_microseconds(at_before))
            )
    for begin in range(0, len(films), ROWS_AT_ONCE):
        Rating.objects.filter(user=user, movie_id__in=films[begin : begin + ROWS_AT_ONCE]).delete()
    Rating.objects.bulk_create(
        again,
        update_conflicts=True,
        unique_fields=["user", "movie"],
        update_fields=["stars", "rated_at"],
        batch_size=ROWS_AT_ONCE,
    )
    return len(films) + len(again), kept
