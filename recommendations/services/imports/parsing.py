"""Files of other places to rows: which film, how many stars, seen when. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from recommendations.services.imports.decoding import mend_twice_encoded
from recommendations.services.imports.errors import ImportFileError, TooLongError, UnknownColumnsError
from recommendations.services.imports.formats import (
    BARE_COLUMNS,
    IMDB_COLUMNS,
    KIND_COLUMNS,
    PERSON_COLUMNS,
    TMDB_COLUMNS,
    Format,
    format_of,
)
from recommendations.services.imports.kinds import NO_USE, SEEN, WATCHLIST, is_episode, is_film
from recommendations.services.imports.rows import ParsedFile, ParsedRating
from recommendations.services.imports.scales import days_come_first, whole_number, year_of
from recommendations.services.imports.tables import Row, Table, read_tables

MOST_ROWS = 20_000
LONGEST_TITLE = 200
_LONGEST_MARKUP = 5_000
_STYLES = re.compile(r"(?:\.[\w-]+[\s,]*)+\{[^{}]*\}|</?(?:style|span|em|i|b)\b[^<>]*>", re.IGNORECASE)
_MOST_MOVIE_ID = 2_000_000_000
_MOST_OTHER_TITLES = 4
# Spreadsheets take a cell that begins so for a formula; the export puts an apostrophe before it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def other_release() -> ImportFileError:
    """Why film numbers of another MovieLens release cannot be read."""
    return ImportFileError(
        _(
            "This file names films by the numbers of a later MovieLens release; this site knows only those of"
            " MovieLens 100k. Add the titles of movies.csv as a column “title”, or choose the export of your MovieLens"
            " account."
        )
    )


def parse_ratings(
    text: str, *, name: str = "", chosen: Format | None = None, most_rows: int = MOST_ROWS, table: int = 0
) -> ParsedFile:
    """Read a whole file; ``name`` is what it is called, which tells a watchlist from films that were seen.

    ``chosen`` is the format that somebody put together from the columns of a table that is not known.

    Raises
    ------
    UnknownColumnsError
        If no format fits the header.
    TooLongError
        If it has more than ``most_rows`` lines.
    ImportFileError
        If its film numbers are those of another MovieLens release, or it holds ratings of several people.
    """
    found: ParsedFile | None = None
    for place, each in enumerate(read_tables(text, _called(name)), table):
        known = chosen or _known(each, text)
        read = _read(known.named(each.name), each, most_rows, place)
        if found is None:
            found = read
        else:
            found.add(read)
    assert found is not None  # a file has a table, if only an empty one
    return found


def _called(name: str) -> str:
    """What a file is called, without folder and ending; that of a folder tells as well."""
    folder, _slash, last = name.lower().replace("\\", "/").rpartition("/")
    return f"{folder.rpartition('/')[2]} {last.partition('.')[0]}".strip()


def _known(table: Table, text: str) -> Format:
    columns = table.columns
    if len(columns) == len(BARE_COLUMNS) and all(cell.isascii() and cell.isdigit() for cell in columns):
        table.rows, table.columns = chain([(1, columns)], table.rows), list(BARE_COLUMNS)
    known = format_of(table.columns)
    if known is None and "::" in text[:100] or known is not None and known.other_numbers:
        raise other_release()
    if known is None:
        raise UnknownColumnsError(
            _(
                "These columns are of no format that is known here: %(columns)s. Expected is an export of Letterboxd,"
                " IMDb, Trakt or one of the other places named below, or a table with the columns Title, Year and"
                " Rating."
            )
            % {"columns": ", ".join(column[:30] for column in columns[:8])[:200]}
        )
    return known


def _read(known: Format, table: Table, most_rows: int, place: int) -> ParsedFile:
    found = ParsedFile(known.source, by_number=known.by_number)
    columns = table.columns
    person = next((column for column in PERSON_COLUMNS if column in columns), None)
    kind = next((column for column in KIND_COLUMNS if column in columns), None)
    rows = _limited(table.rows, most_rows)
    cells_of = [
        (line, dict(zip(columns, (cell.strip() for cell in row), strict=False))) for line, row in rows
    ]
    if person and len({cells.get(person) for _line, cells in cells_of}) > 1:
        raise ImportFileError(
            _("This file holds ratings of several people (%(column)s). Leave only your own lines in it.")
            % {"column": {"userid": "userId"}.get(person, person)}
        )
    day_first = days_come_first(cells.get(known.moment, "") for _line, cells in cells_of)
    numbers = tuple(
        chosen or next((column for column in names if column in columns), "")
        for chosen, names in ((known.imdb, IMDB_COLUMNS), (known.tmdb, TMDB_COLUMNS))
    )
    reader = _Reader(known, numbers, day_first, table.name, place, found)
    for line, cells in cells_of:
        if (
            (
                kind
                and not is_film(cells.get(kind, ""))
                or known.source == "Netflix"
                and is_episode(cells.get("title", ""))
            )
            or cells.get("series_name")
            and not cells.get(known.title)
        ):
            found.series += 1
        elif cells.get("supplemental video type"):
            found.unrated += 1
        else:
            reader.read(cells, line)
    return found


def _limited(rows: Iterable[Row], most: int) -> Iterable[Row]:
    for count, row in enumerate(rows):
        if count >= most:
            raise TooLongError(
                _("This file has more than %(most)s lines. Split it and import one part after the other.")
                % {"most": number_format(most, force_grouping=True)}
            )
        yield row


@dataclass
class _Reader:
    """Rows of one table to what ``found`` holds; ``numbers`` are the columns with those of IMDb and TMDB."""

    known: Format
    numbers: tuple[str, ...]
    day_first: bool | None
    part: str
    table: int
    found: ParsedFile

    def read(self, cells: Mapping[str, str], line: int) -> None:
        known, found = self.known, self.found
        rating, use = cells.get(known.rating, ""), known.use_of(cells)
        # Places write 0 for a film that was not rated.
        if use and rating in ("0", "0.0", "null", "None"):
            rating = ""
        day = self._day(cells)
        use = use or (SEEN if known.diary and day else NO_USE)
        if not rating and not use:
            found.unrated += 1
            return
        stars, half = known.read_stars(rating) if rating else (0, None)
        if stars is None:
            sentence = _("rating “%(value)s” does not fit; expected %(scale)s")
            found.add_fault(line, sentence % {"value": rating[:30], "scale": known.scale})
            return
        row = self._film(cells, line)
        if row is None:
            found.add_fault(line, _("no film is named"))
            return
        moment = known.read_moment(cells.get(known.moment, ""), self.day_first)
        found.undated += moment is None and bool(cells.get(known.moment))
        row = replace(
            row,
            stars=stars,
            half=half,
            rated_at=moment,
            written=rating if half not in (None, stars) else "",
            use=use,
            seen_on=self._seen_on(day, moment) if use == SEEN else None,
            again=cells.get(known.again, "").lower() in ("yes", "true", "1")
            or cells.get(known.status, "") == "rewatch",
            diary=known.diary,
            part=cells.get("list") or self.part,
        )
        (found.ratings if stars else found.watchlist if row.use == WATCHLIST else found.others).append(row)

    def _seen_on(self, day: date | None, moment: datetime | None) -> date | None:
        """The day that is told, else that on which it was marked as seen."""
        return day or (moment.date() if moment and not self.known.diary else None)

    def _day(self, cells: Mapping[str, str]) -> date | None:
        seen = self.known.seen
        moment = self.known.read_moment(cells.get(seen, ""), self.day_first) if seen else None
        return moment.date() if moment else None

    def _film(self, cells: Mapping[str, str], line: int) -> ParsedRating | None:
        known = self.known
        titles = (
            cells.get(known.title, "").split(known.split) if known.split else [cells.get(known.title, "")]
        )
        title, original = _title(titles[0]), _title(cells.get(known.original, ""))
        number = cells.get(known.movie_id, "") if known.movie_id else ""
        movie_id = whole_number(number, most=_MOST_MOVIE_ID)
        imdb, tmdb = (_number(cells.get(column, "")) for column in self.numbers)
        if tmdb is None and cells.get("source") == "tmdb":
            tmdb = _number(cells.get("media_id", ""))
        if not title and not original and movie_id is None and imdb is None and tmdb is None:
            return None
        return ParsedRating(
            line=line,
            title=title or original,
            year=year_of(cells.get(known.year, "")),
            movie_id=movie_id,
            stars=0,
            rated_at=None,
            original=original,
            others=tuple(map(_title, titles[1 : 1 + _MOST_OTHER_TITLES])),
            imdb=imdb,
            tmdb=tmdb,
            table=self.table,
        )


def _number(cell: str) -> int | None:
    """``tt0111161``, ``0111161`` or ``278`` as a number."""
    return whole_number(cell.lower().removeprefix("tt").lstrip("0"), most=_MOST_MOVIE_ID)


def _title(cell: str) -> str:
    title = cell.strip()
    if "{" in title:
        # Titles that were copied from a web page, with its styles.
        title = " ".join(_STYLES.sub(" ", title[:_LONGEST_MARKUP]).split())
    title = mend_twice_encoded(title[:LONGEST_TITLE])
    if title.startswith("'") and title[1:].startswith(FORMULA_SIGNS):
        return title[1:]
    return title
