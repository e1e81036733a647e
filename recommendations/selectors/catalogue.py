"""Reads films of the catalogue in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.models.catalogue import Movie


@dataclass(frozen=True)
class FilmFacts:
    """What is known of a film itself; ``genres`` are MovieLens names in alphabetical order."""

    movie_id: int
    title: str
    year: int | None
    genres: tuple[str, ...]


def _facts(movie: Movie) -> FilmFacts:
    genres = tuple(genre.name for genre in movie.genres.all())
    return FilmFacts(movie_id=movie.movielens_id, title=movie.title, year=movie.year, genres=genres)


def film_facts(*, movie_id: int) -> FilmFacts | None:
    """The film with this MovieLens number, or ``None``. Two queries."""
    movie = Movie.objects.prefetch_related("genres").filter(movielens_id=movie_id).first()
    return None if movie is None else _facts(movie)


def best_known_films(*, limit: int) -> tuple[FilmFacts, ...]:
    """The films with the most ratings, most first; empty before the catalogue is imported. Two queries."""
    movies = Movie.objects.filter(rating_count__gt=0).order_by("-rating_count", "movielens_id")
    return tuple(_facts(movie) for movie in movies.prefetch_related("genres")[:limit])


def unknown_films(*, movie_ids: set[int]) -> set[int]:
    """Those of ``movie_ids`` that no film has; none before the catalogue is imported. Two queries at most."""
    if not movie_ids or not Movie.objects.exists():
        return set()
    return movie_ids - set(
        Movie.objects.filter(movielens_id__in=movie_ids).values_list("movielens_id", flat=True)
    )


def films_by_id(*, movie_ids: Iterable[int]) -> dict[int, FilmFacts]:
    """The films with these MovieLens numbers; numbers without a film are left out. Two queries."""
    movies = Movie.objects.filter(movielens_id__in=list(movie_ids)).prefetch_related("genres")
    return {movie.movielens_id: _facts(movie) for movie in movies}


def all_titles() -> dict[int, str]:
    """Every film's title by MovieLens number. One query."""
    return dict(Movie.objects.values_list("movielens_id", "title"))
