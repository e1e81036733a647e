"""Brings the films of the data into the database, as often as wanted and with the same outcome."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from recommendations.models.catalogue import Genre, Movie
from recommendations.ranking.titles import find_twins
from recommendations.services.moving_marks import (
    move_marks_of_twins,
    move_marks_to_the_same_films,
    set_strangers_aside,
    without_feedback,
)
from spark_jobs.data_files import FILMS_FILE

# SQLite allows 32,766 values in one statement; a film has thirteen.
_BATCH = 500
_FIELDS = (
    *("key", "source", "imdb_id", "tmdb_id"),
    *("title", "original_title", "year", "twin_of"),
    *("rating_count", "mean_stars", "like_share", "histogram"),
)


@dataclass(frozen=True)
class MovieRecord:
    """A film as the catalogue keeps it; ``genres`` are the names of the data, ``like_share`` is 0..1 and ``histogram``
    counts the ratings with 1, 2, 3, 4 and 5 stars (empty: not known). ``twin_of`` is the number under which the film is
    shown if this is its second one."""

    movielens_id: int
    title: str
    original_title: str
    year: int | None
    genres: tuple[str, ...]
    rating_count: int = 0
    mean_stars: float | None = None
    like_share: float = 0.0
    histogram: list[int] = field(default_factory=list)
    twin_of: int | None = None
    key: str = ""
    imdb_id: str = ""
    tmdb_id: int | None = None
    source: str = "ml-100k"

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", str(self.movielens_id))


@dataclass(frozen=True)
class CatalogueReport:
    """How many films an import touched; ``kept`` are gone from the data, but somebody's feedback needs them."""

    created: int
    updated: int
    unchanged: int
    removed: int
    kept: int


def read_movie_records(*, profiles_dir: Path, source: str = "ml-100k") -> list[MovieRecord]:
    """The films of the data set ``source`` that the Spark jobs wrote beside the profiles, ordered by number.

    Raises
    ------
    FileNotFoundError
        If the profiles were made by a program that did not write them.
    """
    records = []
    with (profiles_dir / FILMS_FILE).open(encoding="utf-8") as file:
        for line in file:
            film = json.loads(line)
            film["genres"] = tuple(film["genres"])
            film["imdb_id"] = film.get("imdb_id") or ""
            records.append(MovieRecord(movielens_id=film.pop("movie_id"), source=source, **film))
    return records


@transaction.atomic
def import_catalogue(*, movies: Iterable[MovieRecord]) -> CatalogueReport:
    """Make the catalogue the same as ``movies``, by number, in one transaction.

    Films of another data set make room first: what people said about them moves to the same films, found by their
    numbers at IMDb or TMDB, or by title and year, and what finds none stays with its film, beside the catalogue.

    A film that is not among them goes, unless somebody rated, hid or listed it. Only what differs is
    written, so that a second import of the same films changes no row.

    Raises
    ------
    ValueError
        If ``movies`` is empty (which would empty the catalogue) or has a number twice.
    """
    wanted: dict[int, MovieRecord] = {}
    for record in movies:
        if record.movielens_id in wanted:
            raise ValueError(f"film {record.movielens_id} occurs twice; expected every number once")
        wanted[record.movielens_id] = record
    if not wanted:
        raise ValueError("no films were given; expected at least one, an empty import would delete all")
    best_known = sorted(wanted.values(), key=lambda record: (-record.rating_count, record.movielens_id))
    twins = find_twins((record.movielens_id, record.title, record.year) for record in best_known)
    wanted = {number: replace(record, twin_of=twins.get(number)) for number, record in wanted.items()}
    strangers = set_strangers_aside(wanted)
    there = {movie.movielens_id: movie for movie in Movie.objects.all()}
    # Of a catalogue that only begins, nothing is new; of films that were there, the moment is not among what is written.
    added_at = timezone.now() if there.keys() & wanted.keys() else None
    changed = [
        _as_movie(record, added_at)
        for number, record in wanted.items()
        if number not in there or _differs(there[number], record)
    ]
    Movie.objects.bulk_create(
        changed,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["movielens_id"],
        update_fields=list(_FIELDS),
    )
    regrouped = _import_genres(wanted)
    move_marks_of_twins(twins)
    move_marks_to_the_same_films(strangers)
    created = len(wanted.keys() - there.keys())
    updated = len(({movie.movielens_id for movie in changed} | regrouped) & there.keys())
    removed, kept = _remove_vanished(there.keys() - wanted.keys())
    return CatalogueReport(
        created=created,
        updated=updated,
        unchanged=len(wanted) - created - updated,
        removed=removed,
        kept=kept,
    )


def _as_movie(record: MovieRecord, added_at: datetime | None) -> Movie:
    fields = {name: getattr(record, name) for name in _FIELDS}
    return Movie(movielens_id=record.movielens_id, added_at=added_at, **fields)


def _differs(movie: Movie, record: MovieRecord) -> bool:
    return any(getattr(movie, name) != getattr(record, name) for name in _FIELDS)


def _import_genres(wanted: dict[int, MovieRecord]) -> set[int]:
    """Give every film its genres; returns the numbers of the films whose genres were not these."""
    names = {name for record in wanted.values() for name in record.genres}
    Genre.objects.bulk_create([Genre(name=name) for name in sorted(names)], ignore_conflicts=True)
    genres = dict(Genre.objects.values_list("name", "pk"))
    films = {movie.movielens_id: movie.pk for movie in Movie.objects.only("pk", "movielens_id")}
    numbers = {primary_key: number for number, primary_key in films.items()}
    link = Movie.genres.through
    target = {(films[number], genres[name]) for number, record in wanted.items() for name in record.genres}
    superfluous = []
    for primary_key, movie_id, genre_id in link.objects.values_list("pk", "movie_id", "genre_id"):
        if (movie_id, genre_id) in target:
            target.discard((movie_id, genre_id))
        elif numbers[movie_id] in wanted:
            superfluous.append((primary_key, movie_id))
    for start in range(0, len(superfluous), _BATCH):
        link.objects.filter(pk__in=[key for key, _ in superfluous[start : start + _BATCH]]).delete()
    link.objects.bulk_create(
        [link(movie_id=movie, genre_id=genre) for movie, genre in sorted(target)], batch_size=_BATCH
    )
    return {numbers[movie] for movie, _ in target} | {numbers[movie] for _, movie in superfluous}


def _remove_vanished(numbers: set[int]) -> tuple[int, int]:
    """Delete the films with these numbers that nobody's feedback points to; returns removed and kept."""
    removed = 0
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _BATCH):
        films = Movie.objects.filter(movielens_id__in=ordered[start : start + _BATCH])
        removed += without_feedback(films).delete()[1].get(Movie._meta.label, 0)
    return removed, len(ordered) - removed
