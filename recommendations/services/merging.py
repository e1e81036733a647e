"""Many marks at once: what a visitor brings into an account, and what a file brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
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
from recommendations.models.feedback import MovieMark
from recommendations.ranking.demographics import Demographics
from recommendations.services.profiles import mark_profile_stale

ROWS_AT_ONCE = 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TimedRating:
    """Stars (1 to 5) for a film (MovieLens number) and when they were given."""

    movie_id: int
    stars: float
    rated_at: datetime


@dataclass(frozen=True)
class MergedRatings:
    """How many ratings are new, how many replaced an older one, and how many own ones stayed as they were."""

    added: int = 0
    changed: int = 0
    kept: int = 0


@transaction.atomic
def merge_marks(
    *,
    user: User,
    ratings: Iterable[TimedRating] = (),
    hidden: Sequence[int] = (),
    watchlist: Sequence[int] = (),
    seen: Sequence[int] = (),
    unwanted: Sequence[int] = (),
    picked: Sequence[int] = (),
    paused: Mapping[int, datetime] | None = None,
    demographics: Demographics | None = None,
) -> MergedRatings:
    """Add to what the account has: of two ratings of a film the newer one wins, and nothing is taken away.

    Films that the catalogue does not have are left out; ``demographics`` fill only what the account leaves empty.
    The person's document is written once. A handful of queries, however many ratings.
    """
    ordered = sorted(ratings, key=lambda rating: rating.rated_at)
    films = films_of_numbers(
        {
            *(rating.movie_id for rating in ordered),
            *hidden,
            *watchlist,
            *seen,
            *unwanted,
            *picked,
            *(paused or {}),
        }
    )
    newest = {films[rating.movie_id]: rating for rating in ordered if rating.movie_id in films}
    merged = _merge_ratings(user, list(newest.values()), films)
    marks: tuple[tuple[type[MovieMark], Sequence[int]], ...] = (
        (HiddenMovie, hidden),
        (WatchlistItem, watchlist),
        (SeenMovie, seen),
        (UnwantedMovie, unwanted),
        (PickedMovie, picked),
    )
    for model, numbers in marks:
        model._default_manager.bulk_create(
            [model(user=user, movie_id=films[number]) for number in numbers if number in films],
            ignore_conflicts=True,
            batch_size=ROWS_AT_ONCE,
        )
    PausedMovie.objects.bulk_create(
        [
            PausedMovie(user=user, movie_id=films[number], until=until)
            for number, until in (paused or {}).items()
            if number in films
        ],
        ignore_conflicts=True,
        batch_size=ROWS_AT_ONCE,
    )
    filled = demographics is not None and _fill_in(user, demographics)
    if merged.added or merged.changed or filled or seen or unwanted or picked:
        mark_profile_stale(user_id=user.pk)
    return merged


def films_of_numbers(numbers: set[int]) -> dict[int, int]:
    """The keys of the films with these MovieLens numbers; a second number has that of the film that is shown."""
    rows = Movie.objects.filter(movielens_id__in=numbers).values_list("movielens_id", "pk", "twin_of")
    films = {number: key for number, key, _twin_of in rows}
    twins = {number: kept for number, _key, kept in rows if kept is not None}
    if twins:
        kept = Movie.objects.filter(movielens_id__in=twins.values())
        keys = dict(kept.values_list("movielens_id", "pk"))
        films |= {number: keys[kept] for number, kept in twins.items() if kept in keys}
    return films


def _merge_ratings(user: User, ratings: list[TimedRating], films: dict[int, int]) -> MergedRatings:
    now = timezone.now()
    # Locked, so that a rating of another tab is either seen here or waits for its turn.
    own = {
        movie: (stars, rated_at)
        for movie, stars, rated_at in Rating.objects.select_for_update()
        .filter(user=user)
        .values_list("movie_id", "stars", "rated_at")
    }
    added, changed = [], []
    for rating in ratings:
        movie, moment = films[rating.movie_id], min(rating.rated_at, now)
        row = Rating(user=user, movie_id=movie, stars=rating.stars, rated_at=moment)
        if movie not in own:
            added.append(row)
        elif own[movie][0] != rating.stars and own[movie][1] < moment:
            changed.append(row)
    Rating.objects.bulk_create(
        [*added, *changed],
        update_conflicts=True,
        unique_fields=["user", "movie"],
        update_fields=["stars", "rated_at"],
        batch_size=ROWS_AT_ONCE,
    )
    return MergedRatings(len(added), len(changed), len(ratings) - len(added) - len(changed))


def _fill_in(user: User, demographics: Demographics) -> bool:
    empty = {
        "age": demographics.age if user.age is None else None,
        "gender": None if user.gender else demographics.gender,
        "occupation": None if user.occupation else demographics.occupation,
    }
    filled = {name: value for name, value in empty.items() if value is not None}
    for name, value in filled.items():
        setattr(user, name, value)
    if filled:
        user.save(update_fields=list(filled))
    return bool(filled)


def to_microseconds(moment: datetime) -> int:
    """Since 1970: exact, unlike seconds with a fraction."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_microseconds(microseconds: int) -> datetime:
    """The moment that lies this many microseconds after 1970, in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)
