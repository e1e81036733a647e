"""Reads what the ratings say about films on the whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, Min

from recommendations.models.catalogue import Movie


@dataclass(frozen=True)
class FilmFigures:
    """How many ratings a film has, their mean (1..5 stars, ``None`` without any), and the share of people of
    whom the model expects that they like it (0..1)."""

    rating_count: int
    mean_stars: float | None
    like_share: float


def figures_of(*, movie_id: int) -> FilmFigures | None:
    """The figures of the film with this MovieLens number, or ``None``. One query."""
    found = Movie.objects.filter(movielens_id=movie_id).values_list(
        "rating_count", "mean_stars", "like_share"
    )
    row = found.first()
    return None if row is None else FilmFigures(*row)


def catalogue_decades() -> tuple[int, ...]:
    """The first years of the decades from the oldest film to the newest; empty without films. One query."""
    years = Movie.objects.aggregate(oldest=Min("year"), newest=Max("year"))
    if years["oldest"] is None:
        return ()
    return tuple(range(years["oldest"] // 10 * 10, years["newest"] + 1, 10))
