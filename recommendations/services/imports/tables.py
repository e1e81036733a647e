"""Text to tables of rows: CSV of any habit, JSON of lists and of whole exports, Criticker's XML. Plain Python."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from xml.etree import ElementTree  # nosec B405: what declares entities is refused before it is parsed

from django.utils.translation import gettext as _

from recommendations.services.imports.errors import ImportFileError

Row = tuple[int, list[str]]
# What stands above the table of a list of Letterboxd.
_LIST_HEADS = ("letterboxd list export", "letterboxd watchlist export")
_MOST_HEAD_LINES = 12
# Parts of an export of films, shows and the like that hold no films.
_NO_FILM_PARTS = ("shows", "anime", "episodes", "seasons")
_LONGEST_NAME = 100


@dataclass
class Table:
    """Columns in small letters and rows with the number of their line; ``name`` is what its part of a file is called."""

    columns: list[str]
    rows: Iterator[Row]
    name: str = ""


def read_tables(text: str, name: str = "") -> list[Table]:
    """The tables of a file.

    Raises
    ------
    ImportFileError
        If it cannot be read as what it looks like; rows of CSV raise when they are come to.
    """
    text = text.removeprefix("\ufeff")
    begin = text.lstrip()[:200]
    if begin[:1] in ("[", "{"):
        return _of_json(text, name)
    if begin.startswith(("<?xml", "<recentratings", "<ratings", "<films")):
        return [_of_xml(text, name)]
    return [_of_csv(text, name)]


def _table(rows: Iterator[Row], name: str) -> Table:
    _line, first = next(rows, (1, []))
    return Table([cell.strip().lower() for cell in first], rows, name)


def _of_csv(text: str, name: str) -> Table:
    begun = text.lstrip("\n")
    skipped = len(text) - len(begun)
    if begun[:60].lower().startswith(_LIST_HEADS):
        # The name of the list stands in a table of its own above.
        lines = begun.split("\n", _MOST_HEAD_LINES)
        head = list(csv.DictReader(io.StringIO("\n".join(lines[1:3]))))
        name = (head[0].get("Name") or name)[:_LONGEST_NAME] if head else name
        start = next((place for place, line in enumerate(lines) if line.lower().startswith("position,")), 0)
        begun, skipped = "\n".join(lines[start:]), skipped + start
    first, _newline, rest = begun.partition("\n")
    said = first.strip().strip('"').lower()
    delimiter = max(("\t", ";", ","), key=first.count)
    if said.startswith("sep=") and len(said) <= 5:
        # Excel's own line; "sep=" alone is what is left of a tab.
        begun, skipped, delimiter = rest, skipped + 1, said[4:] if said[4:] in (",", ";", "|") else "\t"
    return _table(_csv_rows(begun, delimiter, skipped), name)


def _csv_rows(text: str, delimiter: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num + skipped, row
    except csv.Error as error:
        raise ImportFileError(
            _("Line %(line)s cannot be read as CSV. Export the file again, without opening it in between.")
            % {"line": reader.line_num + skipped}
        ) from error


def _of_json(text: str, name: str) -> list[Table]:
    """A list of entries as rows: what they say themselves, and of the film that they are about."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportFileError(_("This file cannot be read as JSON. Export it again.")) from error
    if not isinstance(found, dict):
        return [_of_entries(_entries(found), name)]
    if (
        str(found.get("format", "")).startswith("movierec-account")
        or "ratings" in found
        and "movies" not in found
    ):
        return list(_of_own_export(found))
    films = [*_entries(found.get("movies")), *_entries(found.get("items"))]
    others = [{"type": "show"} for part in _NO_FILM_PARTS for _entry in _entries(found.get(part))]
    return [_of_entries([*films, *others], name)]


def _of_own_export(found: dict[str, Any]) -> Iterator[Table]:
    """This site's own export: a table for each of its lists."""
    yield _of_entries(
        [
            *_entries(found.get("ratings")),
            *({**entry, "stars": ""} for entry in _entries(found.get("watchlist"))),
        ],
        "ratings",
    )
    for part in ("diary", "likes"):
        if _entries(found.get(part)):
            yield _of_entries(_entries(found[part]), part)
    for each in _entries(found.get("lists")):
        if _entries(each.get("films")):
            called = str(each.get("name", ""))[:_LONGEST_NAME]
            yield _of_entries(_entries(each["films"]), f"list {called}")


def _of_entries(entries: list[dict[str, Any]], name: str) -> Table:
    flat = [_flat(entry) for entry in entries]
    columns = list(dict.fromkeys(key for entry in islice(flat, 50) for key in entry))
    rows: Iterable[Row] = (
        (place, [entry.get(column, "") for column in columns]) for place, entry in enumerate(flat, 1)
    )
    return Table(columns or ["json"], iter(rows), name)


def _entries(found: Any) -> list[dict[str, Any]]:
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _flat(entry: dict[str, Any]) -> dict[str, str]:
    film = entry.get("movie")
    about = {**entry, **film} if isinstance(film, dict) else entry
    numbers: dict[str, Any] = next(
        (about[key] for key in ("ids", "id") if isinstance(about.get(key), dict)), {}
    )
    cells = {
        key.lower(): str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in [*list(about.items())[:40], *list(numbers.items())[:10]]
        if isinstance(value, str | int | float)
    }
    # An entry of Trakt about a show, a season or an episode has its title elsewhere.
    return cells if film is not None or "type" not in cells else {"title": cells["type"], **cells}


def _of_xml(text: str, name: str) -> Table:
    """Each film's elements as cells."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ImportFileError(_("This file cannot be read as XML. Export it again."))
    try:
        root = ElementTree.fromstring(text.encode())  # nosec B314: without entities, see above
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise ImportFileError(_("This file cannot be read as XML. Export it again.")) from error
    return _of_entries([{cell.tag: cell.text or "" for cell in film} for film in root], name)
