"""Names that tables and columns of one's own may have without a ``dataset.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from spark_jobs.sources.base import FILMS, PEOPLE, RATINGS

ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".dat": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
_RATINGS = "ratings rating events interactions reviews votes likes views history watched thumbs"
_FILMS = "films film movies movie items item titles catalogue catalog"
_PEOPLE = "people persons users user members customers viewers"
TABLE_NAMES: Mapping[str, frozenset[str]] = {
    RATINGS: frozenset(_RATINGS.split()),
    FILMS: frozenset(_FILMS.split()),
    PEOPLE: frozenset(_PEOPLE.split()),
}
_PERSON = (
    "person person_id user user_id userid member member_id customer customer_id viewer viewer_id account"
)
_FILM = "film film_id movie movie_id movieid item item_id itemid title_id tconst"
_LISTS = {
    "person": _PERSON,
    "film": _FILM,
    "stars": "stars star rating score value grade vote thumb thumbs like liked points your_rating",
    "rated_at": "rated_at rated time timestamp date datetime created_at watched_at when unix_time rating_timestamp",
    "title": "title name film_title movie_title primary_title",
    "original_title": "original_title originaltitle",
    "alternative_titles": "alternative_titles alternative_title aliases akas also_known_as",
    "year": "year release_year released start_year startyear release_date",
    "genres": "genres genre category categories",
    "overview": "overview plot description summary synopsis",
    "directors": "directors director",
    "cast": "cast actors stars_of_film",
    "tags": "tags tag keywords",
    "language": "language original_language lang",
    "countries": "countries country",
    "runtime": "runtime minutes runtime_minutes duration length",
    "imdb_id": "imdb_id imdb imdbid imdb_number",
    "tmdb_id": "tmdb_id tmdb tmdbid tmdb_number",
    "age": "age",
    "gender": "gender sex",
    "occupation": "occupation job profession",
}
# In a table of films or people, its own key may have the shortest of names.
_OWN_KEYS = {FILMS: ("film", "id key number"), PEOPLE: ("person", "id key number name username")}


def plain(name: str) -> str:
    """A column's name in small letters, with one underscore between its words."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip().lstrip("\ufeff"))
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def find_columns(kind: str, header: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
    """The canonical columns that a table has, with the table's own names for them."""
    by_plain: dict[str, str] = {}
    for name in header:
        by_plain.setdefault(plain(name), name)
        by_plain.setdefault(plain(name).replace("_", ""), name)
    found: dict[str, str] = {}
    for column in wanted:
        names = _LISTS[column].split()
        own, short = _OWN_KEYS.get(kind, ("", ""))
        if column == own:
            names += short.split()
        for name in names:
            if name in by_plain and by_plain[name] not in found.values():
                found[column] = by_plain[name]
                break
    return found
