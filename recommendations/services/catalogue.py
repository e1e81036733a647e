"""Brings the films of the data into the database, as often as wanted and with the same outcome."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from recommendations.models.catalogue import Credit, Enrichment, Genre, Movie
from recommendations.models.new_films import SOURCE as NEW_FILMS
from recommendations.ranking.titles import find_twins, fold_title
from recommendations.services.moving_marks import (
    give_up_new_films_that_the_data_have,
    move_marks_of_twins,
    move_marks_to_the_same_films,
    set_strangers_aside,
    without_feedback,
)
from spark_jobs.data_files import FILMS_FILE

# SQLite allows 32,766 values in one statement; a film has some twenty.
_BATCH = 500
_FIELDS = (
    *("key", "source", "imdb_id", "tmdb_id"),
    *("title", "original_title", "alternative_titles", "year", "twin_of"),
    *("overview", "overview_url", "language", "countries", "runtime", "tags", "fact_sources"),
    *("rating_count", "mean_stars", "like_share", "histogram"),
)
# What an enrichment may add where the data know nothing.
FACTS = (
    *("imdb_id", "tmdb_id", "alternative_titles", "overview", "language", "countries", "runtime", "tags"),
    *("directors", "cast"),
)
_LONGEST = {"language": 60, "overview": 5_000, "overview_url": 300}
MOST_CREDITS, LONGEST_NAME = 20, 120


@dataclass(frozen=True)
class MovieRecord:
    """A film as the catalogue keeps it; ``genres`` are the names of the data, ``like_share`` is 0..1 and ``histogram``
    counts the ratings with 1, 2, 3, 4 and 5 stars, or each half star (empty: not known). ``twin_of`` is the number under
    which the film is shown if this is its second one. ``fact_sources`` names the enrichment of facts that are not from
    the data."""

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
    alternative_titles: list[str] = field(default_factory=list)
    overview: str = ""
    overview_url: str = ""
    language: str = ""
    countries: list[str] = field(default_factory=list)
    runtime: int | None = None
    tags: list[str] = field(default_factory=list)
    directors: list[str] = field(default_factory=list)
    cast: list[str] = field(default_factory=list)
    fact_sources: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", str(self.movielens_id))
        for name, longest in _LONGEST.items():
            object.__setattr__(self, name, getattr(self, name)[:longest])
        for name in ("directors", "cast"):
            names = dict.fromkeys(text[:LONGEST_NAME] for text in getattr(self, name) if text.strip())
            object.__setattr__(self, name, list(names)[:MOST_CREDITS])


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

    A film that was put after training stays, unless the data have it now. Any other film that is not among them goes, unless
    somebody rated, hid or listed it. Only what differs is
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
    wanted = _enriched(wanted)
    strangers = set_strangers_aside(wanted)
    there = {movie.movielens_id: movie for movie in Movie.objects.exclude(source=NEW_FILMS)}
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
    regrouped = _import_genres(wanted) | _import_credits(wanted)
    move_marks_of_twins(twins)
    move_marks_to_the_same_films(strangers)
    give_up_new_films_that_the_data_have()
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


def _enriched(wanted: dict[int, MovieRecord]) -> dict[int, MovieRecord]:
    """The same with what enrichments know of films and the data do not; of two enrichments the older one goes first."""
    numbers = {(record.source, record.key): number for number, record in wanted.items()}
    sources = {record.source for record in wanted.values()}
    found = dict(wanted)
    for entry in Enrichment.objects.filter(dataset__in=sources).order_by("added_at", "pk"):
        number = numbers.get((entry.dataset, entry.key))
        if number is not None:
            found[number] = with_facts(found[number], source=entry.source, facts=entry.facts)
    return found


def with_facts(record: MovieRecord, *, source: str, facts: Mapping[str, Any]) -> MovieRecord:
    """The film with those of ``facts`` that it lacks, which are noted as from ``source``."""
    added = {name: facts[name] for name in FACTS if facts.get(name) and not getattr(record, name)}
    if not added:
        return record
    if "overview" in added:
        added["overview_url"] = facts.get("overview_url", "")
    sources = dict.fromkeys((name for name in added if name in FACTS), source)
    return replace(record, **added, fact_sources={**record.fact_sources, **sources})


def _import_credits(wanted: dict[int, MovieRecord]) -> set[int]:
    """Give every film its directors and actors; returns the numbers of the films that had others."""
    films = {movie.movielens_id: movie.pk for movie in Movie.objects.only("pk", "movielens_id")}
    numbers = {primary_key: number for number, primary_key in films.items()}
    target = {
        (films[number], role, place, name)
        for number, record in wanted.items()
        for role, names in ((Credit.Role.DIRECTOR, record.directors), (Credit.Role.ACTOR, record.cast))
        for place, name in enumerate(names)
    }
    superfluous = []
    for row in Credit.objects.values_list("pk", "movie_id", "role", "place", "name").iterator(_BATCH):
        if row[1:] in target:
            target.discard(row[1:])
        elif numbers[row[1]] in wanted:
            superfluous.append(row[:2])
    for start in range(0, len(superfluous), _BATCH):
        Credit.objects.filter(pk__in=[key for key, _ in superfluous[start : start + _BATCH]]).delete()
    Credit.objects.bulk_create(
        [
            Credit(movie_id=movie, role=role, place=place, name=name, folded=fold_title(name)[:LONGEST_NAME])
            for movie, role, place, name in sorted(target)
        ],
        batch_size=_BATCH,
    )
    return {numbers[movie] for movie, *_ in target} | {numbers[movie] for _, movie in superfluous}


def _remove_vanished(numbers: set[int]) -> tuple[int, int]:
    """Delete the films with these numbers that nobody's feedback points to; returns removed and kept."""
    removed = 0
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _BATCH):
        films = Movie.objects.filter(movielens_id__in=ordered[start : start + _BATCH])
        removed += without_feedback(films).delete()[1].get(Movie._meta.label, 0)
    return removed, len(ordered) - removed
