"""Reads films of the catalogue: from the database, and for searching from Elasticsearch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from recommendations.models.catalogue import Movie
from recommendations.ranking.storage import ArtefactError
from recommendations.search.breaker import search_breaker
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.film_search import (
    FILM_ORDERS,
    FilmFilter,
    FilmHits,
    film_search_query,
    find_films,
    find_suggestions,
    suggestion_query,
)
from recommendations.search.index_lifecycle import IndexNames
from recommendations.selectors.film_details import films_in_language, films_of_person
from recommendations.selectors.film_titles import shown_title
from recommendations.selectors.lists.champion import current_champion
from recommendations.selectors.lists.engines import note_degraded_answer
from recommendations.selectors.lists.person import UnknownFilmError
from recommendations.selectors.title_search import search_titles

__all__ = [
    "FILM_ORDERS",
    "FilmFacts",
    "FilmSearch",
    "best_known_films",
    "clean_text",
    "film_facts",
    "film_or_number",
    "films_by_id",
    "films_in_order",
    "search_films",
    "suggest_films",
    "unknown_film",
    "unknown_films",
]
_IMDB_NUMBER = re.compile(r"tt\d{5,10}")
# Longer than any title; the rest of a text is not looked at.
MAX_TEXT = 200


@dataclass(frozen=True)
class FilmFacts:
    """What is known of a film itself; ``genres`` are names of the data in alphabetical order, ``key`` what the data call the
    film."""

    movie_id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    key: str = ""
    rating_count: int = 0
    mean_stars: float | None = None


def _facts(movie: Movie) -> FilmFacts:
    genres = tuple(genre.name for genre in movie.genres.all())
    return FilmFacts(movie.movielens_id, shown_title(movie.title), movie.year, genres, movie.key)


def _read(movies: QuerySet[Movie]) -> dict[int, FilmFacts]:
    """The facts of ``movies`` by MovieLens number, read with their genres in one query: a row per film and genre."""
    found: dict[int, FilmFacts] = {}
    rows = movies.order_by("movielens_id", "genres__name")
    columns = ("movielens_id", "key", "title", "year", "rating_count", "mean_stars", "genres__name")
    for number, key, title, year, count, mean, genre in rows.values_list(*columns):
        genres = found[number].genres if number in found else ()
        genres = genres if genre is None else (*genres, genre)
        found[number] = FilmFacts(number, shown_title(title), year, genres, key, count, mean)
    return found


def film_facts(*, movie_id: int) -> FilmFacts | None:
    """The film with this MovieLens number, which may be its second one, or ``None``. One query."""
    return next(iter(_read(Movie.objects.numbered(movie_id)).values()), None)


def best_known_films(*, limit: int) -> tuple[FilmFacts, ...]:
    """The films with the most ratings, most first; empty before the catalogue is imported. Two queries."""
    movies = Movie.objects.each_once().filter(rating_count__gt=0).order_by("-rating_count", "movielens_id")
    return tuple(_facts(movie) for movie in movies.prefetch_related("genres")[:limit])


def unknown_films(*, movie_ids: set[int]) -> set[int]:
    """Those of ``movie_ids`` that no film has; none before the catalogue is imported. Two queries at most."""
    if not movie_ids or not Movie.objects.exists():
        return set()
    return movie_ids - set(
        Movie.objects.filter(movielens_id__in=movie_ids).values_list("movielens_id", flat=True)
    )


def films_by_id(*, movie_ids: Iterable[int]) -> dict[int, FilmFacts]:
    """The films with these MovieLens numbers; numbers without a film are left out. One query."""
    return _read(Movie.objects.filter(movielens_id__in=list(movie_ids)))


def film_or_number(film: FilmFacts | None, movie_id: int) -> FilmFacts:
    """The film; for one that has left the catalogue, its number as the title, so that a mark can be taken back."""
    return film or FilmFacts(movie_id, _("Film %(number)s") % {"number": movie_id}, None, ())


def unknown_film(movie_id: int) -> UnknownFilmError:
    """The error to raise where somebody names a film that the catalogue does not have."""
    return UnknownFilmError(_("There is no film with the number %(number)s.") % {"number": movie_id})


@dataclass(frozen=True)
class FilmSearch:
    """Films found, best first, and how many there are on all pages; ``degraded`` is true if the database searched
    instead of Elasticsearch."""

    items: tuple[FilmFacts, ...]
    degraded: bool
    total: int = 0


def search_films(
    *,
    text: str,
    genre: str | None = None,
    decade: int | None = None,
    least_ratings: int | None = None,
    most_ratings: int | None = None,
    person: str | None = None,
    language: str | None = None,
    order: str = "best",
    offset: int = 0,
    limit: int = 20,
) -> FilmSearch:
    """Find films by title, genre (a MovieLens name), decade (1990 for 1990 to 1999), number of ratings, a ``person`` who
    made them or acts in them, and the ``language`` (as the data name it).

    Accents, case and small typing errors do not matter; the last word may be unfinished. Empty ``text`` gives the
    best known films, a number of IMDb (``tt0076759``) the film that has it. ``order`` is one of :data:`FILM_ORDERS`. While Elasticsearch is slow, red or away, or before
    anything was published, the database answers.
    """
    text = clean_text(text)
    if limit < 1:
        return FilmSearch((), degraded=False)
    if _IMDB_NUMBER.fullmatch(text):
        known = _read(Movie.objects.each_once().filter(imdb_id=text))
        films = tuple(known.values())
        return FilmSearch(films[offset : offset + limit], degraded=False, total=len(films))
    sets = [films_of_person(person)] if person else []
    sets += [films_in_language(language)] if language else []
    only = frozenset.intersection(*sets) if sets else None
    if only is not None and not only:
        return FilmSearch((), degraded=False)
    narrowed = FilmFilter(genre, decade, least_ratings, most_ratings, only=only)

    def ask(index: str, twins: frozenset[int]) -> FilmHits:
        once = replace(narrowed, left_out=twins)
        query = film_search_query(text, index=index, narrowed=once, order=order, offset=offset, limit=limit)
        return find_films(get_client(), query)

    found = _ask_elasticsearch(ask)
    degraded = found is None
    hits = found or search_titles(text, narrowed=narrowed, order=order, offset=offset, limit=limit)
    return FilmSearch(films_in_order(hits.movie_ids), degraded, hits.total)


def suggest_films(*, text: str, limit: int = 8) -> tuple[FilmFacts, ...]:
    """Films for a title that is still being typed, best first; none for an empty text."""
    text = clean_text(text)
    if not text or limit < 1:
        return ()

    def ask(index: str, twins: frozenset[int]) -> FilmHits:
        query = suggestion_query(text, index=index, limit=limit, narrowed=FilmFilter(left_out=twins))
        return find_suggestions(get_client(), query, limit=limit)

    hits = _ask_elasticsearch(ask) or search_titles(text, narrowed=FilmFilter(), limit=limit)
    return films_in_order(hits.movie_ids)


def clean_text(text: str) -> str:
    """What somebody typed, without doubled spaces, and not longer than any title."""
    return " ".join(text.replace("\x00", " ").split())[:MAX_TEXT]


def films_in_order(numbers: Iterable[int]) -> tuple[FilmFacts, ...]:
    """The films of the catalogue with these MovieLens numbers, in their order; the others are left out. One query."""
    wanted = list(numbers)
    facts = _read(Movie.objects.each_once().filter(movielens_id__in=wanted))
    return tuple(facts[number] for number in wanted if number in facts)


def _ask_elasticsearch(ask: Callable[[str, frozenset[int]], FilmHits]) -> FilmHits | None:
    """What Elasticsearch finds in the live index, or ``None`` if it cannot be asked."""
    try:
        champion = current_champion()
        if champion is None:
            raise SearchError("there are no indices yet")
        index = IndexNames.of(champion.index_label).movies
        return search_breaker().call(lambda: ask(index, frozenset(champion.artefact.twins)))
    except (SearchError, ArtefactError) as error:
        note_degraded_answer("search", error)
        return None
