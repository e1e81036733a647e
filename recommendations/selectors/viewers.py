"""People with an account, as the ranking sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Value

from accounts.models import User
from recommendations.models import HiddenMovie, Movie, Rating, WatchlistItem
from recommendations.ranking.demographics import GENDERS, MAX_AGE, MIN_AGE, OCCUPATIONS, Demographics
from recommendations.selectors.lists.person import Person, RatedMovie


@dataclass(frozen=True)
class UserMarks:
    """An account's ratings with their times, hidden films and watchlist (MovieLens numbers), all oldest first."""

    ratings: tuple[RatedMovie, ...]
    rated_at: tuple[datetime, ...]
    hidden: tuple[int, ...]
    watchlist: tuple[int, ...]


def marks_of_user(*, user: User) -> UserMarks:
    """Everything that the account said about films. Two queries."""
    rows = list(
        Rating.objects.filter(user=user)
        .order_by("rated_at", "pk")
        .values_list("movie__movielens_id", "stars", "rated_at")
    )
    columns = ("created_at", "pk", "movie__movielens_id")
    hidden = HiddenMovie.objects.filter(user=user).values_list(*columns, Value(True))
    watched = WatchlistItem.objects.filter(user=user).values_list(*columns, Value(False))
    others = sorted(hidden.union(watched, all=True))
    return UserMarks(
        ratings=tuple(RatedMovie(movie_id, stars) for movie_id, stars, _moment in rows),
        rated_at=tuple(moment for _movie_id, _stars, moment in rows),
        hidden=tuple(number for _at, _pk, number, is_hidden in others if is_hidden),
        watchlist=tuple(number for _at, _pk, number, is_hidden in others if not is_hidden),
    )


def demographics_of_user(*, user: User) -> Demographics:
    """What the account tells; a part that is empty or not one of the known values counts as not told."""
    return Demographics(
        age=user.age if user.age is not None and MIN_AGE <= user.age <= MAX_AGE else None,
        gender=user.gender if user.gender in GENDERS else None,
        occupation=user.occupation if user.occupation in OCCUPATIONS else None,
    )


def person_of_user(*, user: User) -> Person:
    """What the account tells, its ratings (oldest first) and its hidden films. Two queries."""
    ratings = (
        Rating.objects.filter(user=user)
        .order_by("rated_at", "pk")
        .values_list("movie__movielens_id", "stars")
    )
    return Person(
        demographics=demographics_of_user(user=user),
        ratings=tuple(RatedMovie(movie_id, stars) for movie_id, stars in ratings),
        hidden=frozenset(_hidden_of(user)),
        hides_stars=user.hides_predicted_stars,
    )


def _hidden_of(user: User) -> tuple[int, ...]:
    hidden = HiddenMovie.objects.filter(user=user).order_by("created_at", "pk")
    return tuple(hidden.values_list("movie__movielens_id", flat=True))


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


def rating_before(*, user: User, movie_id: int) -> tuple[int | None, datetime | None]:
    """Stars of a film (MovieLens number) and when the account gave them, or twice ``None``. One query."""
    rows = Rating.objects.filter(user=user, movie__movielens_id=movie_id)
    return rows.values_list("stars", "rated_at").first() or (None, None)
