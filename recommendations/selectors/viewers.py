"""People with an account, as the ranking sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Value
from django.utils import timezone

from accounts.models import User
from recommendations.models import (
    HiddenMovie,
    Movie,
    PausedMovie,
    PickedMovie,
    Rating,
    SeenMovie,
    UnwantedMovie,
    WatchlistItem,
)
from recommendations.ranking.demographics import MAX_AGE, MIN_AGE, Demographics
from recommendations.selectors.lists.person import Mark, Person, RatedMovie, history_of


@dataclass(frozen=True)
class UserMarks:
    """An account's ratings with their times, and the films (MovieLens numbers) of each kind of mark, all oldest first.

    ``seen``, ``unwanted`` and ``picked`` tell when the film was marked, ``paused`` until when it is not shown; what is over is left out.
    """

    ratings: tuple[RatedMovie, ...]
    rated_at: tuple[datetime, ...]
    hidden: tuple[int, ...]
    watchlist: tuple[int, ...]
    seen: dict[int, datetime] = field(default_factory=dict)
    unwanted: dict[int, datetime] = field(default_factory=dict)
    paused: dict[int, datetime] = field(default_factory=dict)
    picked: dict[int, datetime] = field(default_factory=dict)


def marks_of_user(*, user: User) -> UserMarks:
    """Everything that the account said about films. Two queries."""
    rows = list(
        Rating.objects.filter(user=user)
        .order_by("rated_at", "pk")
        .values_list("movie__movielens_id", "stars", "rated_at")
    )
    kinds = {
        "hidden": HiddenMovie,
        "watchlist": WatchlistItem,
        "seen": SeenMovie,
        "unwanted": UnwantedMovie,
        "picked": PickedMovie,
    }
    columns = ("created_at", "pk", "movie__movielens_id")
    paused = PausedMovie.objects.filter(user=user, until__gt=timezone.now())
    marks = [
        model._default_manager.filter(user=user).values_list(*columns, Value(kind), F("created_at"))
        for kind, model in kinds.items()
    ]
    found = paused.values_list(*columns, Value("paused"), F("until")).union(*marks, all=True)
    of: dict[str, dict[int, datetime]] = {kind: {} for kind in (*kinds, "paused")}
    for _at, _pk, number, kind, moment in sorted(found):
        of[kind][number] = moment
    return UserMarks(
        ratings=tuple(RatedMovie(movie_id, stars) for movie_id, stars, _moment in rows),
        rated_at=tuple(moment for _movie_id, _stars, moment in rows),
        hidden=tuple(of["hidden"]),
        watchlist=tuple(of["watchlist"]),
        seen=of["seen"],
        unwanted=of["unwanted"],
        paused=of["paused"],
        picked=of["picked"],
    )


def demographics_of_user(*, user: User) -> Demographics:
    """What the account tells; a part that is empty or cannot be counts as not told. What the champion's data know nothing of is
    left out where somebody is folded in."""
    return Demographics(
        age=user.age if user.age is not None and MIN_AGE <= user.age <= MAX_AGE else None,
        gender=user.gender or None,
        occupation=user.occupation or None,
    )


def person_of_user(*, user: User) -> Person:
    """What the account tells, its ratings and marks (oldest first) and the films not to show. Two queries."""
    said = marks_of_user(user=user)
    rated_at = {rating.movie_id: moment for rating, moment in zip(said.ratings, said.rated_at, strict=True)}
    marks = [
        *(RatedMovie.marked(number, Mark.TASTE) for number in said.picked),
        *(RatedMovie.marked(number, Mark.SEEN) for number in said.seen),
        *(RatedMovie.marked(number, Mark.LESS) for number in said.unwanted),
    ]
    return Person(
        demographics=demographics_of_user(user=user),
        ratings=history_of(said.ratings, marks, {**said.picked, **said.seen, **said.unwanted, **rated_at}),
        hidden=frozenset((*said.hidden, *said.paused)),
        hides_stars=user.hides_predicted_stars,
    )


def counts_of_user(*, user: User) -> dict[str, int]:
    """How many films the account has rated, wants to watch and has hidden. Three queries."""
    return {
        "ratings": Rating.objects.filter(user=user).count(),
        "watchlist": WatchlistItem.objects.filter(user=user).count(),
        "hidden": HiddenMovie.objects.filter(user=user).count(),
    }


def account_visible_to(*, viewer: User, account_id: int) -> User | None:
    """The account with this number, if it is the viewer's own or the viewer may see all of them. One query."""
    if viewer.pk != account_id and not viewer.has_perm("accounts.view_user"):
        return None
    return User.objects.filter(pk=account_id).first()


def ratings_of_user(*, user: User, offset: int, limit: int) -> tuple[tuple[Rating, ...], int]:
    """A page of the account's ratings, newest first, with their films, and how many there are. Three queries."""
    rows = Rating.objects.filter(user=user).order_by("-rated_at", "-pk")
    page = rows.select_related("movie").prefetch_related("movie__genres")[offset : offset + limit]
    return tuple(page), rows.count()


def rating_of_user(*, user: User, movie_id: int) -> Rating | None:
    """The account's rating of a film (MovieLens number), if there is one. Two queries."""
    rows = Rating.objects.filter(user=user, movie__in=Movie.objects.numbered(movie_id))
    return rows.select_related("movie").prefetch_related("movie__genres").first()


def rating_before(*, user: User, movie_id: int) -> tuple[float | None, datetime | None]:
    """Stars of a film (MovieLens number) and when the account gave them, or twice ``None``. One query."""
    rows = Rating.objects.filter(user=user, movie__movielens_id=movie_id)
    return rows.values_list("stars", "rated_at").first() or (None, None)
