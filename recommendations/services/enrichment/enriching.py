"""Joins facts of another place to the films of the catalogue, and takes them away again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from recommendations.errors import ConflictError, InvalidError
from recommendations.models import Credit, Enrichment, Movie
from recommendations.ranking.titles import fold_title
from recommendations.services.catalogue import MovieRecord, import_catalogue
from recommendations.services.enrichment.reading import FactsFolder, FilmRow
from recommendations.services.imports.known_films import load_matcher
from recommendations.services.imports.matching import Match, Matcher, split_year
from recommendations.services.imports.rows import ParsedRating

_BATCH = 500
LONGEST_SOURCE = 100
# How a doubt is told: nearly this title or year, several films that it may be, or two entries for one film.
LIKELY, SEVERAL, TWICE = "likely", "several", "twice"


class EnrichmentError(ConflictError):
    """There is nothing to enrich, or to take away."""


@dataclass(frozen=True)
class Doubt:
    """An entry that may be one of these films: ``why`` is :data:`LIKELY`, :data:`SEVERAL` or :data:`TWICE`."""

    row: FilmRow
    films: tuple[tuple[int, str, int | None], ...]
    why: str


@dataclass
class Found:
    """Entries by the number of the film that they are about, doubts, and how many are no film of the catalogue."""

    by_film: dict[int, FilmRow] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    missing: int = 0


def match_facts(
    rows: Iterable[FilmRow],
    *,
    accept_likely: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Found:
    """Find the films: by a number at IMDb or TMDB, else by title and year.

    An entry that differs in a year or a letter is a doubt, and taken only with ``accept_likely`` and if no other entry
    is about its film. Of two entries for one film a number tells more than a title; two titles are doubts.
    """
    matcher, found = load_matcher(), Found()
    sure: dict[int, list[FilmRow]] = defaultdict(list)
    likely: dict[int, list[FilmRow]] = defaultdict(list)
    for place, row in enumerate(rows):
        if not place % 1_000:
            progress(place)
        match = matcher.match(_as_rating(row))
        if match.sure is not None:
            sure[match.sure.movie_id].append(row)
        elif match.likely is not None:
            likely[match.likely.movie_id].append(row)
        elif namesakes := _namesakes(row, match):
            found.doubts.append(_doubt(row, namesakes, SEVERAL))
        else:
            found.missing += 1
    for number, entries in sure.items():
        numbered = [row for row in entries if row.imdb or row.tmdb]
        chosen = numbered or entries
        if len(chosen) == 1 or all(row.facts == chosen[0].facts for row in chosen):
            found.by_film[number] = chosen[0]
        else:
            found.doubts += [_doubt(row, _match_of(matcher, number), TWICE) for row in chosen]
    for number, entries in likely.items():
        if number in sure:
            # Another entry is surely about this film.
            found.missing += len(entries)
        elif accept_likely and len(entries) == 1:
            found.by_film[number] = entries[0]
        else:
            found.doubts += [_doubt(row, _match_of(matcher, number), LIKELY) for row in entries]
    return found


def _as_rating(row: FilmRow) -> ParsedRating:
    others = tuple(row.facts.get("alternative_titles", ()))
    return ParsedRating(
        line=0, title=row.title, year=row.year, movie_id=None, stars=0, rated_at=None,
        others=others, imdb=row.imdb, tmdb=row.tmdb,
    )  # fmt: skip


def _namesakes(row: FilmRow, match: Match) -> Match | None:
    """The candidates that have this title; those whose title only begins or ends alike are other films."""
    titles = {fold_title(title) for title in (row.title, *row.facts.get("alternative_titles", ()))}
    same = tuple(
        film
        for film in match.candidates
        if titles
        & {fold_title(title) for title in (film.title, split_year(film.original_title)[0], *film.others)}
    )
    return Match(candidates=same) if same else None


def _match_of(matcher: Matcher, number: int) -> Match:
    film = matcher.shown(number)
    return Match(candidates=(film,) if film else ())


def _doubt(row: FilmRow, match: Match, why: str) -> Doubt:
    films = match.candidates or ((match.sure,) if match.sure else ())
    return Doubt(row, tuple((film.movie_id, film.title, film.year) for film in films), why)


@transaction.atomic
def enrich_catalogue(*, folder: FactsFolder, found: Found, source: str = "") -> int:
    """Keep the facts under the name of their source, in place of what it gave before, and bring them into the catalogue;
    returns how many films have something of it now.

    Raises
    ------
    EnrichmentError
        If the catalogue is empty.
    recommendations.errors.InvalidError
        If the name of the source is too long.
    """
    source = source or folder.name
    if len(source) > LONGEST_SOURCE:
        raise InvalidError(
            f"the name of the source has {len(source)} letters; expected at most {LONGEST_SOURCE}"
        )
    films = {
        number: (dataset, key)
        for number, dataset, key in Movie.objects.served().values_list("movielens_id", "source", "key")
    }
    if not films:
        raise EnrichmentError("There are no films yet; bring them in first with: manage.py run_pipeline")
    Enrichment.objects.filter(source=source, dataset__in={dataset for dataset, _ in films.values()}).delete()
    Enrichment.objects.bulk_create(
        [
            Enrichment(dataset=films[number][0], key=films[number][1], source=source, facts=row.facts)
            for number, row in sorted(found.by_film.items())
            if row.facts
        ],
        batch_size=_BATCH,
    )
    apply_enrichments()
    return sum(source in sources.values() for sources in _fact_sources())


@transaction.atomic
def forget_enrichment(*, source: str) -> int:
    """Take everything away that is from this source; returns of how many films.

    Raises
    ------
    EnrichmentError
        If nothing is from it; the message names the sources that there are.
    """
    count, _models = Enrichment.objects.filter(source=source).delete()
    if not count:
        there = ", ".join(Enrichment.objects.order_by("source").values_list("source", flat=True).distinct())
        raise EnrichmentError(f"Nothing is from {source}; there is: {there or 'nothing'}.")
    apply_enrichments()
    return count


def apply_enrichments() -> None:
    """Give every film of the catalogue what the enrichments know and its data do not, and nothing else from elsewhere."""
    records = own_records()
    if records:
        import_catalogue(movies=records)


def own_records() -> list[MovieRecord]:
    """The films of the catalogue as their data have them, without what enrichments added."""
    credited: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = Credit.objects.order_by("movie", "role", "place").values_list("movie", "role", "name")
    for number, role, name in rows.iterator(10_000):
        credited[number, role].append(name)
    records = []
    for movie in Movie.objects.served().prefetch_related("genres"):
        facts = {
            "imdb_id": movie.imdb_id,
            "tmdb_id": movie.tmdb_id,
            "alternative_titles": movie.alternative_titles,
            "overview": movie.overview,
            "overview_url": movie.overview_url,
            "language": movie.language,
            "countries": movie.countries,
            "runtime": movie.runtime,
            "tags": movie.tags,
            "directors": credited[movie.pk, Credit.Role.DIRECTOR],
            "cast": credited[movie.pk, Credit.Role.ACTOR],
        }
        added = set(movie.fact_sources) | ({"overview_url"} if "overview" in movie.fact_sources else set())
        records.append(
            MovieRecord(
                movielens_id=movie.movielens_id,
                title=movie.title,
                original_title=movie.original_title,
                year=movie.year,
                genres=tuple(genre.name for genre in movie.genres.all()),
                rating_count=movie.rating_count,
                mean_stars=movie.mean_stars,
                like_share=movie.like_share,
                histogram=movie.histogram,
                key=movie.key,
                source=movie.source,
                **{name: value for name, value in facts.items() if name not in added},
            )
        )
    return records


def _fact_sources() -> Iterable[dict[str, str]]:
    return Movie.objects.served().values_list("fact_sources", flat=True).iterator(5_000)
