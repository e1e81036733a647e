"""Reads what the ratings say about films on the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Min, Sum

from recommendations.models.catalogue import Movie
from recommendations.ranking.reasons import LIKED
from recommendations.selectors.catalogue import FilmFacts
from recommendations.selectors.film_titles import shown_title
from recommendations.stars import MOST_STARS, plain_stars


@dataclass(frozen=True)
class StarBar:
    """How many ratings gave so many stars, in per cent of all of them, and as a share of the longest bar (0..1)."""

    stars: float
    count: int
    percent: int
    length: float

    @property
    def width(self) -> str:
        """The length in per cent, for an attribute that machines read."""
        return f"{100 * self.length:.1f}"


@dataclass(frozen=True)
class FilmFigures:
    """How many ratings a film has, their mean (1..5 stars, ``None`` without any), and the share of all people of the
    data who like it (0..1). ``histogram`` counts the ratings with 1, 2, 3, 4 and 5 stars, or with each half star where the
    data have them; empty if not known."""

    rating_count: int
    mean_stars: float | None
    like_share: float
    histogram: tuple[int, ...] = ()

    @property
    def bars(self) -> tuple[StarBar, ...]:
        """One bar per number of stars, most stars first; none without ratings or an unknown histogram."""
        most = max(self.histogram, default=0)
        if len(self.histogram) not in (MOST_STARS, 2 * MOST_STARS) or not most:
            return ()
        step = MOST_STARS / len(self.histogram)
        percents = _percents(self.histogram)
        return tuple(
            StarBar(plain_stars(step * place), count, percent, count / most)
            for place, (count, percent) in reversed(
                list(enumerate(zip(self.histogram, percents, strict=True), start=1))
            )
        )

    @property
    def liked_percent(self) -> int | None:
        """How many per cent of its ratings have four or five stars, as the bars have it; ``None`` if not known."""
        return sum(bar.percent for bar in self.bars if bar.stars >= LIKED) if self.bars else None


def _percents(counts: Sequence[int]) -> list[int]:
    """Whole per cents that sum to 100: the largest remainders are rounded up."""
    total = sum(counts)
    whole = [100 * count // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: -(100 * counts[place] % total))
    for place in by_remainder[: 100 - sum(whole)]:
        whole[place] += 1
    return whole


def figures_of(*, movie_id: int) -> FilmFigures | None:
    """The figures of the film with this MovieLens number, or ``None``. One query."""
    found = Movie.objects.numbered(movie_id).values_list(
        "rating_count", "mean_stars", "like_share", "histogram"
    )
    row = found.first()
    return None if row is None else FilmFigures(*row[:3], histogram=tuple(row[3]))


def film_with_figures(*, movie_id: int) -> tuple[FilmFacts, FilmFigures] | None:
    """The facts and figures of the film with this MovieLens number, or ``None``. One query."""
    columns = (
        "movielens_id",
        "title",
        "year",
        "rating_count",
        "mean_stars",
        "like_share",
        "histogram",
        "genres__name",
        "key",
    )
    rows = list(Movie.objects.numbered(movie_id).order_by("genres__name").values_list(*columns))
    if not rows:
        return None
    number, title, year, count, mean, share, histogram, _genre, key = rows[0]
    genres = tuple(row[-2] for row in rows if row[-2] is not None)
    return FilmFacts(number, shown_title(title), year, genres, key), FilmFigures(
        count, mean, share, tuple(histogram)
    )


def rating_total() -> int:
    """How many ratings all films of the catalogue have together. One query."""
    return Movie.objects.served().aggregate(total=Sum("rating_count"))["total"] or 0


def catalogue_decades() -> tuple[int, ...]:
    """The first years of the decades from the oldest film to the newest; empty without films. One query."""
    years = Movie.objects.served().aggregate(oldest=Min("year"), newest=Max("year"))
    if years["oldest"] is None:
        return ()
    return tuple(range(years["oldest"] // 10 * 10, years["newest"] + 1, 10))
