"""What is known of a film beside its title, year and genres: plot, people, language, length, and where else it is."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count

from recommendations.models import Credit, Movie
from recommendations.ranking.filters import Filters
from recommendations.ranking.titles import fold_title

IMDB, TMDB = "https://www.imdb.com/title/%s/", "https://www.themoviedb.org/movie/%d"
# So many films of a person make a row on a film's page; of a person with fewer other films there is none.
LEAST_OF_PERSON, MOST_OF_PERSON = 2, 8
MOST_FAVOURITES = 3
KNOWN_SECONDS = 60.0


@dataclass(frozen=True)
class FilmDetails:
    """Empty or ``None`` is what is not known. ``overview_source`` names who wrote the overview and ``overview_url`` where
    it stands; ``sources`` are all enrichments that a fact here is from."""

    overview: str = ""
    overview_source: str = ""
    overview_url: str = ""
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    language: str = ""
    countries: tuple[str, ...] = ()
    runtime: int | None = None
    tags: tuple[str, ...] = ()
    alternative_titles: tuple[str, ...] = ()
    imdb_id: str = ""
    tmdb_id: int | None = None
    sources: tuple[str, ...] = ()

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Name and address of the film at other places."""
        found = [("IMDb", IMDB % self.imdb_id)] if self.imdb_id else []
        return (*found, *([("TMDB", TMDB % self.tmdb_id)] if self.tmdb_id else []))

    @property
    def people(self) -> tuple[str, ...]:
        """Directors, then actors, each once."""
        return tuple(dict.fromkeys((*self.directors, *self.cast)))

    @property
    def is_known(self) -> bool:
        """Whether there is anything that a panel of facts would show."""
        return self != FilmDetails() and bool(
            self.overview or self.people or self.language or self.countries or self.runtime or self.links
        )


_COLUMNS = (
    *("pk", "source", "overview", "overview_url", "language", "countries", "runtime", "tags"),
    *("alternative_titles", "imdb_id", "tmdb_id", "fact_sources"),
)


def details_of(*, movie_id: int) -> FilmDetails:
    """The details of the film with this MovieLens number; nothing for one that there is not. Two queries."""
    row = Movie.objects.numbered(movie_id).values(*_COLUMNS).first()
    if row is None:
        return FilmDetails()
    names: dict[str, list[str]] = {role: [] for role in Credit.Role.values}
    credited = Credit.objects.filter(movie=row.pop("pk")).order_by("place")
    for role, name in credited.values_list("role", "name"):
        names[role].append(name)
    data, from_elsewhere = row.pop("source"), row.pop("fact_sources")
    for name in ("countries", "tags", "alternative_titles"):
        row[name] = tuple(row[name])
    return FilmDetails(
        **row,
        directors=tuple(names[Credit.Role.DIRECTOR]),
        cast=tuple(names[Credit.Role.ACTOR]),
        overview_source=from_elsewhere.get("overview", data) if row["overview"] else "",
        sources=tuple(dict.fromkeys(from_elsewhere.values())),
    )


def films_of_person(name: str) -> frozenset[int]:
    """The numbers of the films that somebody of this name made or acted in: case and accents do not matter, and without
    an exact name all of its words must be in one."""
    folded = fold_title(name)
    if not folded:
        return frozenset()
    films = Movie.objects.each_once()
    exact = films.filter(credits__folded=folded)
    if exact.exists():
        return frozenset(exact.values_list("movielens_id", flat=True))
    found = Credit.objects.all()
    for word in folded.split():
        found = found.filter(folded__contains=word)
    return frozenset(films.filter(credits__in=found).values_list("movielens_id", flat=True))


def films_in_language(language: str) -> frozenset[int]:
    """The numbers of the films of which the data say that they are in this language."""
    return frozenset(
        Movie.objects.each_once().filter(language=language).values_list("movielens_id", flat=True)
    )


def films_that_fit(filters: Filters) -> frozenset[int] | None:
    """The numbers of the films that the people and the language of the filters leave; ``None`` if they say nothing."""
    sets = [films_of_person(name) for name in filters.people]
    if filters.language:
        sets.append(films_in_language(filters.language))
    return frozenset.intersection(*sets) if sets else None


def catalogue_languages() -> tuple[str, ...]:
    """The languages of films, in alphabetical order; empty where the data know none. One query."""
    found = Movie.objects.served().exclude(language="").values_list("language", flat=True)
    return tuple(found.order_by("language").distinct())


@dataclass(frozen=True)
class KnownFacts:
    """What lists can be narrowed by beside genres and decades: languages, and whether anybody is credited."""

    languages: tuple[str, ...]
    has_people: bool


# By version, with the moment at which it was asked: lists ask often, and an enrichment may wait for a minute.
_known_facts: dict[str, tuple[float, KnownFacts]] = {}


def known_facts(version: str) -> KnownFacts:
    """The same for a minute, as far as lists of this version of the model are concerned. Two queries, or none."""
    asked, found = _known_facts.get(version, (-KNOWN_SECONDS, None))
    if found is None or time.monotonic() - asked >= KNOWN_SECONDS:
        found = KnownFacts(catalogue_languages(), has_people())
        _known_facts.clear()
        _known_facts[version] = (time.monotonic(), found)
    return found


def forget_known_facts() -> None:
    """Ask anew the next time."""
    _known_facts.clear()


def has_people() -> bool:
    """Whether directors or actors are known of any film. One query."""
    return Credit.objects.exists()


def films_of_favourites(liked: Collection[int], *, least: int) -> Iterator[tuple[str, frozenset[int]]]:
    """Names of those who made or act in at least ``least`` of the ``liked`` films (MovieLens numbers), most films first,
    with the numbers of all films of each. One query, and one for each name that is looked at."""
    found = Credit.objects.filter(movie__movielens_id__in=liked).values_list("name")
    counted = found.annotate(films=Count("movie", distinct=True)).filter(films__gte=least)
    for name in counted.order_by("-films", "name").values_list("name", flat=True)[:MOST_FAVOURITES]:
        films = Movie.objects.each_once().filter(credits__name=name)
        yield name, frozenset(films.values_list("movielens_id", flat=True))


@dataclass(frozen=True)
class MoreWith:
    """Other films of a person, best known first (MovieLens numbers)."""

    name: str
    movie_ids: tuple[int, ...]


def more_with(names: Iterable[str], *, movie_id: int) -> MoreWith | None:
    """The first of these people who has made other films as well, with the best known of them. Two queries at most."""
    names = list(names)
    others = Movie.objects.each_once().exclude(movielens_id=movie_id)
    counts = dict(
        others.filter(credits__name__in=names)
        .values_list("credits__name")
        .annotate(films=Count("pk", distinct=True))
    )
    name = next((name for name in names if counts.get(name, 0) >= LEAST_OF_PERSON), None)
    if name is None:
        return None
    films = others.filter(credits__name=name).order_by("-rating_count", "movielens_id").distinct()
    return MoreWith(name, tuple(films.values_list("movielens_id", flat=True)[:MOST_OF_PERSON]))
