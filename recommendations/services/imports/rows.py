"""What the rows of a file say, whatever place wrote it. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from recommendations.services.imports.kinds import LIST, NO_USE

MOST_FAULTS_TOLD = 10
_LISTS = re.compile(r"^lists?[ -]", re.IGNORECASE)


@dataclass(frozen=True)
class ParsedRating:
    """One row: a film by title and year, by a number or several of these, its stars (1 to 5) and when, if that is told.

    ``original`` is its title in another column, ``others`` are more of them. ``stars`` are 0 for a row without a
    rating; ``half`` is the rating to the half star, ``written`` the rating as the file has it if the stars are not the
    same. ``use`` says what the row is besides: seen, listed, liked. ``seen_on`` is the day of the viewing if one is
    told, ``diary`` that the row is one viewing of several, ``part`` the list or the part of the file that it is of.
    """

    line: int
    title: str
    year: int | None
    movie_id: int | None
    stars: float
    rated_at: datetime | None
    original: str = ""
    written: str = ""
    others: tuple[str, ...] = ()
    imdb: int | None = None
    tmdb: int | None = None
    half: float | None = None
    use: str = NO_USE
    seen_on: date | None = None
    again: bool = False
    diary: bool = False
    part: str = ""
    table: int = 0

    @property
    def key(self) -> str:
        """Names the row among those of all files."""
        return f"{self.table}-{self.line}" if self.table else str(self.line)


@dataclass(frozen=True)
class Fault:
    """A line that cannot be used, and why."""

    line: int
    sentence: str


@dataclass
class ParsedFile:
    """``source`` is the name of the format; ``unrated`` rows say nothing, ``series`` are no films, of ``undated``
    rows the date could not be read.

    ``watchlist`` are the rows to be seen, without stars; ``others`` were seen, are liked or on a list. ``faults`` holds
    the first few lines that could not be used; ``fault_count`` counts all of them. ``by_number`` is true if the numbers
    are those of MovieLens-100k. ``unread`` names the files of an archive that hold no films.
    """

    source: str
    ratings: list[ParsedRating] = field(default_factory=list)
    watchlist: list[ParsedRating] = field(default_factory=list)
    others: list[ParsedRating] = field(default_factory=list)
    unrated: int = 0
    series: int = 0
    undated: int = 0
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    by_number: bool = False
    guessed: bool = False
    unread: list[str] = field(default_factory=list)

    @property
    def rows(self) -> Iterable[ParsedRating]:
        """All rows, those with stars first."""
        return chain(self.ratings, self.watchlist, self.others)

    def add_fault(self, line: int, sentence: str) -> None:
        """Count it, and keep it if it is one of the first."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS_TOLD:
            self.faults.append(Fault(line, sentence))

    def add(self, other: ParsedFile) -> None:
        """Take over what another table or file holds."""
        for name in ("ratings", "watchlist", "others", "unread"):
            getattr(self, name).extend(getattr(other, name))
        for name in ("unrated", "series", "undated", "fault_count"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults = [*self.faults, *other.faults][:MOST_FAULTS_TOLD]
        self.by_number, self.guessed = self.by_number or other.by_number, self.guessed or other.guessed


def list_name(row: ParsedRating) -> str:
    """What the list of a row is called, empty for one that is of none."""
    return _LISTS.sub("", row.part).strip() if row.use == LIST else ""
