"""Reads a folder of facts about films: JSON, JSON Lines, CSV or Parquet, with columns by their usual names."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from recommendations.services.catalogue import FACTS
from recommendations.services.imports.known_films import imdb_number
from spark_jobs.data_files import DataError
from spark_jobs.sources.base import COLUMNS, FILMS
from spark_jobs.sources.files import DataFile, encoding_of, list_files
from spark_jobs.sources.names import ENDINGS, find_columns, plain

# Films from Wikipedia as https://github.com/prust/wikipedia-movie-data has them: their columns, and where articles are.
_WIKIPEDIA, _ARTICLES = (
    {"title", "year", "cast", "genres", "href", "extract"},
    "https://en.wikipedia.org/wiki/",
)
_OVERVIEWS = ("extract", "plot_summary", "abstract", "storyline")
_ADDRESSES = ("overview_url", "href", "url", "link", "wikipedia_url", "page")
_LISTS = ("alternative_titles", "countries", "tags", "directors", "cast")
_MOST_TAGS = 30


@dataclass(frozen=True)
class FilmRow:
    """One entry: what tells the film (``key`` is the source's own), and its ``facts`` as the catalogue names them."""

    place: str
    title: str
    year: int | None
    key: str = ""
    imdb: int | None = None
    tmdb: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class FactsFolder:
    """What is in a folder: a ``name`` for the source, the columns that are read by what they mean, those that nobody
    reads, and the rows. ``bad`` counts entries that could not be read."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    rows: list[FilmRow] = field(default_factory=list)
    bad: int = 0


def read_facts(place: Path) -> FactsFolder:
    """Read every table of films in a folder, file or zip archive.

    Raises
    ------
    DataError
        If there is none, or a file has neither titles nor numbers nor keys of films.
    """
    found = FactsFolder(name=plain(place.stem) or "facts")
    files = [file for file in list_files(place) if PurePosixPath(file.base).suffix in ENDINGS]
    files = [file for file in files if not file.base.startswith(("readme", "license", "licence"))]
    for file in files:
        _read_file(file, found)
    if not found.rows:
        raise DataError(
            f"{place} holds no table of films (.json, .jsonl, .csv, .tsv or .parquet) that can be read."
        )
    return found


def _read_file(file: DataFile, found: FactsFolder) -> None:
    entries = _entries(file)
    names: dict[str, None] = {}
    for entry in entries:
        names |= dict.fromkeys(entry)
    if not names:
        return
    columns = _columns(names)
    if not {"title", "original_title", "film", "imdb_id", "tmdb_id"} & set(columns):
        raise DataError(
            f"{file} has no column for the title, key or number of a film; its columns are {', '.join(names)}."
        )
    from_wikipedia = set(names) >= _WIKIPEDIA
    if from_wikipedia:
        found.name = "Wikipedia"
    found.columns |= columns
    used = set(columns.values())
    found.left_out += [name for name in names if name not in used and name not in found.left_out]
    for number, entry in enumerate(entries, start=1):
        row = _row(entry, columns, f"{file.name}, {number}", _ARTICLES if from_wikipedia else "")
        if row is None:
            found.bad += 1
        else:
            found.rows.append(row)


def _columns(names: dict[str, None]) -> dict[str, str]:
    columns = find_columns(FILMS, names, COLUMNS[FILMS])
    free = {plain(name): name for name in names if name not in columns.values()}
    for wanted, usual in (("overview", _OVERVIEWS), ("overview_url", _ADDRESSES)):
        there = next((free[name] for name in usual if name in free), None)
        if wanted not in columns and there:
            columns[wanted] = there
    return columns


def _entries(file: DataFile) -> list[dict[str, Any]]:
    suffix = PurePosixPath(file.base).suffix
    if ENDINGS[suffix] == "parquet":
        # The site's image has no pyarrow.
        import pyarrow.parquet  # noqa: PLC0415

        with file.open() as opened:
            table = pyarrow.parquet.read_table(io.BytesIO(opened.read()))
        entries: list[dict[str, Any]] = table.to_pylist()
        return entries
    with file.open() as opened:
        text = opened.read().decode(encoding_of(file), "replace").lstrip("\ufeff")
    if ENDINGS[suffix] == "jsonl":
        return list(_json(text, file))
    first = text.split("\n", 1)[0]
    separator = "\t" if suffix == ".tsv" else max((",", ";", "\t", "|"), key=first.count)
    return [
        {name: value for name, value in row.items() if name}
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    ]


def _json(text: str, file: DataFile) -> Iterator[dict[str, Any]]:
    try:
        whole = json.loads(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            whole = [json.loads(line) for line in lines]
        except ValueError as error:
            raise DataError(f"{file} is neither JSON nor JSON Lines ({error}).") from error
    if isinstance(whole, dict):
        whole = next((value for value in whole.values() if isinstance(value, list)), [whole])
    yield from (entry for entry in whole if isinstance(entry, dict))


def _row(entry: dict[str, Any], columns: dict[str, str], place: str, base: str) -> FilmRow | None:
    values = {name: entry.get(column) for name, column in columns.items()}
    title = _text(values.get("title")) or _text(values.get("original_title"))
    imdb, tmdb = imdb_number(_imdb(values.get("imdb_id"))), _whole(values.get("tmdb_id"))
    key = _text(values.get("film"))
    if not (title or imdb or tmdb or key):
        return None
    facts: dict[str, Any] = {name: _text(values.get(name)) for name in ("overview", "language")}
    facts |= {name: _listed(values.get(name)) for name in _LISTS}
    facts["tags"] = facts["tags"][:_MOST_TAGS]
    facts["runtime"] = _whole(values.get("runtime"))
    facts["imdb_id"], facts["tmdb_id"] = f"tt{imdb:07d}" if imdb else "", tmdb
    facts = {name: value for name, value in facts.items() if value and name in FACTS}
    address = _text(values.get("overview_url"))
    if address and "overview" in facts:
        facts["overview_url"] = address if "://" in address else base + address if base else ""
    return FilmRow(place, title, _year(values.get("year")), key, imdb, tmdb, facts)


def _text(value: Any) -> str:
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return "" if value is None else " ".join(str(value).split())


def _imdb(value: Any) -> str:
    digits = re.search(r"(\d+)\D*$", _text(value))
    return digits[1] if digits else ""


def _whole(value: Any) -> int | None:
    found = re.match(r"\s*(\d{1,9})", _text(value))
    return int(found[1]) or None if found else None


def _year(value: Any) -> int | None:
    found = re.search(r"\b(1[89]\d\d|20\d\d)\b", _text(value))
    return int(found[1]) if found else None


def _listed(value: Any) -> list[str]:
    """The entries of a list, of JSON, or of a text with | ; or commas; of objects their names."""
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            try:
                return _listed(json.loads(text))
            except ValueError:
                text = text.strip("[]")
        separator = next((each for each in ("|", ";") if each in text), ",")
        value = text.split(separator)
    if not isinstance(value, list | tuple):
        return []
    names = (each.get("name") if isinstance(each, dict) else each for each in value)
    return list(dict.fromkeys(name for name in map(_text, names) if name))
