"""The diary of an account, and a year of it at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, QuerySet
from django.db.models.functions import ExtractYear

from accounts.models import User
from recommendations.models import Movie, Rating, Viewing

MOST_BARS, MOST_UNLIKE = 8, 5
# With fewer ratings a film's mean says little of what people think.
CROWD = 10


@dataclass(frozen=True)
class DiaryEntry:
    """One viewing; ``stars`` are those of that day, or the film's."""

    number: int
    movie_id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    seen_on: date | None
    again: bool
    stars: float | None


@dataclass(frozen=True)
class Share:
    """How often something came up; ``width`` is its part of the most frequent one, 0 to 100."""

    name: str
    count: int
    width: int


@dataclass(frozen=True)
class Unlike:
    """A film of which the person thinks otherwise than others: their stars, and the mean of all."""

    film: DiaryEntry
    stars: float
    mean: float


@dataclass(frozen=True)
class YearInFilms:
    """A year of the diary. ``months`` are 12; ``decades`` and ``genres`` count different films."""

    year: int
    viewings: int
    films: int
    again: int
    months: tuple[Share, ...]
    genres: tuple[Share, ...]
    decades: tuple[Share, ...]
    unlike: tuple[Unlike, ...]
    best: tuple[DiaryEntry, ...]
    first: DiaryEntry
    last: DiaryEntry


def viewings_of(*, user: User) -> QuerySet[Viewing]:
    """The diary, newest first; what has no day stands at its end."""
    rows = Viewing.objects.filter(user=user).select_related("movie").prefetch_related("movie__genres")
    return rows.order_by(F("seen_on").desc(nulls_last=True), "-pk")


def entries_of(*, user: User, viewings: Sequence[Viewing]) -> tuple[DiaryEntry, ...]:
    """The same with the stars of the film where the viewing has none. One query."""
    own = Rating.objects.filter(user=user, movie__in=[viewing.movie_id for viewing in viewings])
    rated = dict(own.values_list("movie_id", "stars"))
    return tuple(
        DiaryEntry(
            number=viewing.pk,
            movie_id=viewing.movie.movielens_id,
            title=viewing.movie.title,
            year=viewing.movie.year,
            genres=tuple(genre.name for genre in viewing.movie.genres.all()),
            seen_on=viewing.seen_on,
            again=viewing.again,
            stars=viewing.stars if viewing.stars is not None else rated.get(viewing.movie_id),
        )
        for viewing in viewings
    )


def years_of(*, user: User) -> tuple[tuple[int, int], ...]:
    """The years of the diary, newest first, and how many viewings each has. One query."""
    rows = Viewing.objects.filter(user=user, seen_on__isnull=False).annotate(when=ExtractYear("seen_on"))
    return tuple(rows.values_list("when").annotate(count=Count("pk")).order_by("-when"))


def year_in_films(*, user: User, year: int) -> YearInFilms | None:
    """A year at a glance, ``None`` if the diary has nothing of it. Five queries, however long the year was."""
    viewings = list(viewings_of(user=user).filter(seen_on__year=year).order_by("seen_on", "pk"))
    if not viewings:
        return None
    entries = entries_of(user=user, viewings=viewings)
    # Of a film that was seen twice the last stars count.
    films = {entry.movie_id: entry for entry in entries}
    months = Counter(entry.seen_on.month for entry in entries if entry.seen_on)
    most = max(months.values())
    means = dict(
        Movie.objects.filter(movielens_id__in=films, rating_count__gte=CROWD).values_list(
            "movielens_id", "mean_stars"
        )
    )
    apart = [
        Unlike(entry, entry.stars, mean)
        for entry in films.values()
        if entry.stars is not None and (mean := means.get(entry.movie_id)) is not None
    ]
    apart.sort(key=lambda each: -abs(each.stars - each.mean))
    rated = [entry for entry in films.values() if entry.stars is not None]
    return YearInFilms(
        year=year,
        viewings=len(entries),
        films=len(films),
        again=sum(entry.again for entry in entries),
        months=tuple(
            Share(f"{month}", months[month], round(100 * months[month] / most)) for month in range(1, 13)
        ),
        genres=_shares(Counter(genre for entry in films.values() for genre in entry.genres)),
        decades=_shares(Counter(f"{entry.year // 10 * 10}" for entry in films.values() if entry.year)),
        unlike=tuple(each for each in apart[:MOST_UNLIKE] if abs(each.stars - each.mean) >= 1),
        best=tuple(sorted(rated, key=lambda entry: -(entry.stars or 0))[:MOST_UNLIKE]),
        first=entries[0],
        last=entries[-1],
    )


def _shares(counts: Counter[str]) -> tuple[Share, ...]:
    most = max(counts.values(), default=1)
    return tuple(
        Share(name, count, round(100 * count / most)) for name, count in counts.most_common(MOST_BARS)
    )
