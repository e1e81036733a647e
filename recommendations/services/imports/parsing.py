"""Files to rows. The format is told by the header; nothing in a file is ever executed or trusted."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from recommendations.services.imports.decoding import mend_twice_encoded
from recommendations.services.imports.errors import ImportFileError
from recommendations.services.imports.formats import (
    BARE_COLUMNS,
    KIND_COLUMNS,
    PERSON_COLUMNS,
    SEEN_FILES,
    Format,
    format_of,
    is_film,
)
from recommendations.services.imports.scales import days_come_first, whole_number, year_of

MOST_ROWS = 20_000
MOST_FAULTS_TOLD = 10
LONGEST_TITLE = 200
_MOST_MOVIE_ID = 2_000_000_000
# Spreadsheets take a cell that begins so for a formula; the export puts an apostrophe before it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_Row = tuple[int, list[str]]


@dataclass(frozen=True)
class ParsedRating:
    """One row: a film by title and year, by ``movie_id`` or both, its stars (1 to 5) and when, if that is told.

    ``original`` is its title in another column. ``stars`` are 0 for a row that only goes on the watchlist;
    ``written`` is the rating as the file has it if the stars are not the same.
    """

    line: int
    title: str
    year: int | None
    movie_id: int | None
    stars: int
    rated_at: datetime | None
    original: str = ""
    written: str = ""


@dataclass(frozen=True)
class Fault:
    """A line that cannot be used, and why."""

    line: int
    sentence: str


@dataclass
class ParsedFile:
    """``source`` is the name of the format; ``unrated`` rows had no rating, ``series`` are no films, of ``undated``
    rows the date could not be read.

    ``watchlist`` are the rows to be seen, without stars. ``faults`` holds the first few lines that could not be used;
    ``fault_count`` counts all of them. ``by_number`` is true if the numbers are those of MovieLens-100k.
    """

    source: str
    ratings: list[ParsedRating] = field(default_factory=list)
    watchlist: list[ParsedRating] = field(default_factory=list)
    unrated: int = 0
    series: int = 0
    undated: int = 0
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    by_number: bool = False

    def add_fault(self, line: int, sentence: str) -> None:
        """Count it, and keep it if it is one of the first."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS_TOLD:
            self.faults.append(Fault(line, sentence))


def other_release() -> ImportFileError:
    """Why film numbers of another MovieLens release cannot be read."""
    return ImportFileError(
        _(
            "This file names films by the numbers of a later MovieLens release; this site knows only those of"
            " MovieLens 100k. Add the titles of movies.csv as a column “title”, or choose the export of your MovieLens"
            " account."
        )
    )


def parse_ratings(text: str, *, name: str = "") -> ParsedFile:
    """Read a whole file; ``name`` is what it is called, which tells a watchlist from films that were seen.

    Raises
    ------
    ImportFileError
        If no format fits the header, the file is too long, its film numbers are those of another MovieLens
        release, or it holds ratings of several people.
    """
    text = text.removeprefix("\ufeff")
    rows = _json_rows(text) if text.lstrip()[:1] in ("[", "{") else _csv_rows(text)
    line, first = next(rows, (1, []))
    columns = [cell.strip().lower() for cell in first]
    if len(columns) == len(BARE_COLUMNS) and all(cell.isascii() and cell.isdigit() for cell in columns):
        rows, columns = chain([(line, first)], rows), list(BARE_COLUMNS)
    known = format_of(columns)
    if known is None:
        if "::" in text[:100]:
            raise other_release()
        raise ImportFileError(
            _(
                "These columns are of no format that is known here: %(columns)s. Expected is ratings.csv or"
                " watchlist.csv of Letterboxd, the ratings of IMDb or Trakt, a table with the columns Title, Year and"
                " Rating, or the export of a MovieLens account."
            )
            % {"columns": ", ".join(column[:30] for column in columns[:8])[:200]}
        )
    if known.other_numbers:
        raise other_release()
    called = name.lower().rpartition("/")[2].partition(".")[0].rstrip("0123456789()-_ ")
    if known.is_list and called in SEEN_FILES:
        raise ImportFileError(
            _("This file tells what you have seen, but no stars. Choose ratings.csv, or watchlist.csv.")
        )
    return _read(known, columns, rows)


def _limited(rows: Iterable[_Row]) -> Iterator[_Row]:
    """The rows that are not empty; the first one may be the header."""
    count = 0
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        count += 1
        if count > MOST_ROWS + 1:
            raise ImportFileError(
                _("This file has more than %(most)s lines. Split it and import one part after the other.")
                % {"most": number_format(MOST_ROWS, force_grouping=True)}
            )
        yield line, row


def _csv_rows(text: str) -> Iterator[_Row]:
    begun = text.lstrip("\n")
    skipped = len(text) - len(begun)
    first, _newline, rest = begun.partition("\n")
    told = first.strip().strip('"').lower()
    delimiter = max(("\t", ";", ","), key=first.count)
    if told.startswith("sep=") and len(told) <= 5:
        # Excel's own line; "sep=" alone is what is left of a tab.
        begun, skipped, delimiter = rest, skipped + 1, told[4:] if told[4:] in (",", ";", "|") else "\t"
    reader = csv.reader(io.StringIO(begun, newline=""), delimiter=delimiter)
    try:
        yield from _limited((reader.line_num + skipped, row) for row in reader)
    except csv.Error as error:
        raise ImportFileError(
            _("Line %(line)s cannot be read as CSV. Export the file again, without opening it in between.")
            % {"line": reader.line_num + skipped}
        ) from error


def _json_rows(text: str) -> Iterator[_Row]:
    """A list of entries as rows: what they say themselves, and of the film that they are about."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportFileError(_("This file cannot be read as JSON. Export it again.")) from error
    if isinstance(found, dict):
        # This site's own export.
        found = [
            *_entries(found.get("ratings")),
            *({**entry, "stars": ""} for entry in _entries(found.get("watchlist"))),
        ]
    entries = [_flat(entry) for entry in _entries(found)[: MOST_ROWS + 1]]
    columns = list(dict.fromkeys(key for entry in entries[:50] for key in entry))
    yield from _limited(
        [
            (1, columns or ["JSON"]),
            *(
                (place, [entry.get(column, "") for column in columns])
                for place, entry in enumerate(entries, 1)
            ),
        ]
    )


def _entries(found: Any) -> list[dict[str, Any]]:
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _flat(entry: dict[str, Any]) -> dict[str, str]:
    film = entry.get("movie")
    told = {**entry, **film} if isinstance(film, dict) else entry
    cells = {
        key.lower(): str(value)
        for key, value in list(told.items())[:30]
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }
    # An entry of Trakt about a show, a season or an episode has its title elsewhere.
    return cells if film is not None or "type" not in cells else {"title": cells["type"], **cells}


def _read(known: Format, columns: list[str], rows: Iterator[_Row]) -> ParsedFile:
    found = ParsedFile(known.source, by_number=known.by_number)
    person = next((column for column in PERSON_COLUMNS if column in columns), None)
    kind = next((column for column in KIND_COLUMNS if column in columns), None)
    table = [(line, dict(zip(columns, (cell.strip() for cell in row), strict=False))) for line, row in rows]
    if person and len({cells.get(person) for _line, cells in table}) > 1:
        raise ImportFileError(
            _("This file holds ratings of several people (userId). Leave only your own lines in it.")
        )
    day_first = days_come_first(cells.get(known.moment, "") for _line, cells in table)
    for line, cells in table:
        if kind and not is_film(cells.get(kind, "")):
            found.series += 1
        elif not cells.get(known.rating) and not known.is_list:
            found.unrated += 1
        else:
            _read_row(known, cells, line, day_first, found)
    return found


def _read_row(
    known: Format, cells: Mapping[str, str], line: int, day_first: bool | None, found: ParsedFile
) -> None:
    rating = cells.get(known.rating, "")
    stars, is_exact = known.read_stars(rating) if rating else (0, True)
    if stars is None:
        sentence = _("rating “%(value)s” does not fit; expected %(scale)s")
        found.add_fault(line, sentence % {"value": rating[:30], "scale": known.scale})
        return
    title, original = _title(cells.get(known.title, "")), _title(cells.get(known.original, ""))
    number = cells.get(known.movie_id, "") if known.movie_id else ""
    movie_id = whole_number(number, most=_MOST_MOVIE_ID)
    if not title and not original and movie_id is None:
        found.add_fault(line, _("no film is named"))
        return
    moment = known.read_moment(cells.get(known.moment, ""), day_first)
    found.undated += moment is None and bool(cells.get(known.moment))
    (found.ratings if stars else found.watchlist).append(
        ParsedRating(
            line=line,
            title=title or original,
            year=year_of(cells.get(known.year, "")),
            movie_id=movie_id,
            stars=stars,
            rated_at=moment,
            original=original,
            written="" if is_exact else rating,
        )
    )


def _title(cell: str) -> str:
    title = mend_twice_encoded(cell[:LONGEST_TITLE])
    if title.startswith("'") and title[1:].startswith(FORMULA_SIGNS):
        return title[1:]
    return title
