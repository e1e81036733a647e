"""Rating files to rows. The format is told by the header; nothing in a file is ever executed or trusted."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from recommendations.services.imports.errors import ImportFileError
from recommendations.services.imports.scales import (
    moment_of_day,
    moment_of_seconds,
    stars_of_five,
    stars_of_ten,
    whole_number,
)

MOST_ROWS = 20_000
MOST_FAULTS_TOLD = 10
LONGEST_TITLE = 200
_MOST_MOVIE_ID = 2_000_000_000
# Spreadsheets take a cell that begins so for a formula; the export puts an apostrophe before it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_SERIES = ("tvseries", "tvepisode", "tvminiseries", "videogame", "podcastseries", "podcastepisode")


@dataclass(frozen=True)
class ParsedRating:
    """One row: a film by title and year, by ``movie_id`` or both, its stars (1 to 5) and when, if that is told."""

    line: int
    title: str
    year: int | None
    movie_id: int | None
    stars: int
    rated_at: datetime | None


@dataclass(frozen=True)
class Fault:
    """A line that cannot be used, and why."""

    line: int
    sentence: str


@dataclass
class ParsedFile:
    """``source`` is the name of the format; ``unrated`` rows had no rating, ``series`` are no films.

    ``faults`` holds the first few lines that could not be used; ``fault_count`` counts all of them.
    """

    source: str
    ratings: list[ParsedRating] = field(default_factory=list)
    unrated: int = 0
    series: int = 0
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    def add_fault(self, line: int, sentence: str) -> None:
        """Count it, and keep it if it is one of the first."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS_TOLD:
            self.faults.append(Fault(line, sentence))


@dataclass(frozen=True)
class _Format:
    """Column names (small letters) by meaning; ``needs`` are those that tell the format."""

    source: str
    needs: tuple[str, ...]
    rating: str
    stars: Callable[[str], int | None]
    scale: str
    title: str | None = None
    year: str | None = None
    movie_id: str | None = None
    moment: str | None = None
    read_moment: Callable[[str], datetime | None] = moment_of_day
    person: str | None = None
    kind: str | None = None


FORMATS = (
    _Format(
        "Letterboxd",
        needs=("name", "year", "letterboxd uri", "rating"),
        rating="rating",
        stars=stars_of_five,
        scale="0.5–5",
        title="name",
        year="year",
        moment="date",
    ),
    _Format(
        "IMDb",
        needs=("const", "your rating", "title"),
        rating="your rating",
        stars=stars_of_ten,
        scale="1–10",
        title="title",
        year="year",
        moment="date rated",
        kind="title type",
    ),
    _Format(
        "movierec",
        needs=("movie_id", "stars", "rated_at"),
        rating="stars",
        stars=stars_of_five,
        scale="1–5",
        title="title",
        year="year",
        movie_id="movie_id",
        moment="rated_at",
    ),
    _Format(
        "MovieLens",
        needs=("movie_id", "rating", "title"),
        rating="rating",
        stars=stars_of_five,
        scale="0.5–5",
        title="title",
    ),
    _Format(
        "MovieLens 100k",
        needs=("movieid", "rating"),
        rating="rating",
        stars=stars_of_five,
        scale="0.5–5",
        movie_id="movieid",
        moment="timestamp",
        read_moment=moment_of_seconds,
        person="userid",
    ),
)
_BARE_COLUMNS = ("userid", "movieid", "rating", "timestamp")


def parse_ratings(text: str) -> ParsedFile:
    """Read a whole file.

    Raises
    ------
    ImportFileError
        If no format fits the header, the file is too long, or it holds ratings of several people.
    """
    text = text.lstrip("\ufeff")
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(("\t", ";", ","), key=first.count)
    rows = _rows(text, delimiter)
    columns, header = _columns(first, delimiter)
    known = next((each for each in FORMATS if set(each.needs) <= set(columns)), None)
    if known is None:
        raise ImportFileError(
            _(
                "These columns are of no format that is known here: %(columns)s. Expected is ratings.csv of"
                " Letterboxd, the ratings export of IMDb, or MovieLens (userId,movieId,rating,timestamp)."
            )
            % {"columns": ", ".join(column[:30] for column in columns[:8])[:200]}
        )
    if header:
        next(rows, None)
    return _read(known, columns, rows)


def _columns(first: str, delimiter: str) -> tuple[list[str], bool]:
    """The names of the columns, and whether the file names them; u.data of MovieLens does not."""
    cells = [cell.strip().strip('"').strip().lower() for cell in first.split(delimiter)]
    if len(cells) == 4 and all(cell.isascii() and cell.isdigit() for cell in cells):
        return list(_BARE_COLUMNS), False
    return cells, True


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    count = 0
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            count += 1
            if count > MOST_ROWS + 1:
                raise ImportFileError(
                    _("This file has more than %(most)s lines. Split it and import one part after the other.")
                    % {"most": number_format(MOST_ROWS, force_grouping=True)}
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise ImportFileError(
            _("Line %(line)s cannot be read as CSV. Export the file again, without opening it in between.")
            % {"line": reader.line_num}
        ) from error


def _read(known: _Format, columns: list[str], rows: Iterator[tuple[int, list[str]]]) -> ParsedFile:
    found, people = ParsedFile(known.source), set()
    for line, row in rows:
        cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
        if known.person is not None:
            people.add(cells.get(known.person, ""))
            if len(people) > 1:
                raise ImportFileError(
                    _("This file holds ratings of several people (userId). Leave only your own lines in it.")
                )
        if not cells.get(known.rating):
            found.unrated += 1
        elif known.kind and cells.get(known.kind, "").replace(" ", "").lower() in _SERIES:
            found.series += 1
        else:
            _read_row(known, cells, line, found)
    return found


def _read_row(known: _Format, cells: Mapping[str, str], line: int, found: ParsedFile) -> None:
    stars = known.stars(cells[known.rating])
    if stars is None:
        sentence = _("rating “%(value)s” does not fit; expected %(scale)s")
        found.add_fault(line, sentence % {"value": cells[known.rating][:30], "scale": known.scale})
        return
    title = cells.get(known.title, "")[:LONGEST_TITLE] if known.title else ""
    if title.startswith("'") and title[1:].startswith(FORMULA_SIGNS):
        title = title[1:]
    number = cells.get(known.movie_id, "") if known.movie_id else ""
    movie_id = whole_number(number, most=_MOST_MOVIE_ID)
    if not title and movie_id is None:
        found.add_fault(line, _("no film is named"))
        return
    found.ratings.append(
        ParsedRating(
            line=line,
            title=title,
            year=whole_number(cells.get(known.year, ""), most=9999) if known.year else None,
            movie_id=movie_id,
            stars=stars,
            rated_at=known.read_moment(cells.get(known.moment, "")) if known.moment else None,
        )
    )
