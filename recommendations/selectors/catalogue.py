"""Reads films of the catalogue: from the database, and for searching from Elasticsearch."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.models.catalogue import Movie
from recommendations.ranking.storage import ArtefactError
from recommendations.search.breaker import CircuitOpenError, search_breaker
from recommendations.search.client import get_client
from recommendations.search.errors import SearchError
from recommendations.search.film_search import film_search_query, find_films
from recommendations.search.index_lifecycle import IndexNames
from recommendations.selectors.champion import current_champion
from recommendations.selectors.title_search import search_titles

# Longer than any title; the rest of a text is not looked at.
MAX_TEXT = 200
logger = logging.getLogger(__name__)


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


@dataclass(frozen=True)
class FilmSearch:
    """Films found, best first; ``degraded`` is true if the database searched instead of Elasticsearch."""

    items: tuple[FilmFacts, ...]
    degraded: bool


def search_films(
    *, text: str, genre: str | None = None, decade: int | None = None, limit: int = 20
) -> FilmSearch:
    """Find films by title, genre (a MovieLens name) and decade (1990 for 1990 to 1999).

    Accents, case and small typing errors do not matter; the last word may be unfinished. Empty ``text`` gives the
    best known films. While Elasticsearch is slow, red or away, or before anything was published, the database answers.
    """
    text = " ".join(text.replace("\x00", " ").split())[:MAX_TEXT]
    if limit < 1:
        return FilmSearch((), degraded=False)
    try:
        numbers, degraded = _search_elasticsearch(text, genre, decade, limit), False
    except (SearchError, ArtefactError) as error:
        if not isinstance(error, CircuitOpenError):
            logger.warning("The database searches instead of Elasticsearch: %s", error)
        numbers, degraded = search_titles(text, genre=genre, decade=decade, limit=limit), True
    facts = films_by_id(movie_ids=numbers)
    return FilmSearch(tuple(facts[number] for number in numbers if number in facts), degraded)


def _search_elasticsearch(text: str, genre: str | None, decade: int | None, limit: int) -> list[int]:
    champion = current_champion()
    if champion is None:
        raise SearchError("there are no indices yet")
    index = IndexNames.of(champion.index_label).movies
    query = film_search_query(text, index=index, genre=genre, decade=decade, limit=limit)
    return search_breaker().call(lambda: find_films(get_client(), query))
