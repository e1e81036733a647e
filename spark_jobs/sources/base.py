"""What a reader finds in a folder: its tables, where their columns are, and how ratings become stars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spark_jobs.data_files import DataError
from spark_jobs.sources.files import DataFile

RATINGS, FILMS, PEOPLE = "ratings", "films", "people"
# The columns of each canonical table as text, before they are typed. The first ones of RATINGS and FILMS are needed.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    RATINGS: ("person", "film", "stars", "rated_at", "title"),
    FILMS: (
        *("film", "title", "original_title", "alternative_titles", "year", "genres"),
        *("overview", "directors", "cast", "tags", "language", "countries", "runtime", "imdb_id", "tmdb_id"),
    ),
    PEOPLE: ("person", "age", "gender", "occupation"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {RATINGS: ("person", "film"), FILMS: ("film",), PEOPLE: ("person",)}


@dataclass(frozen=True)
class Scale:
    """How a source rates. ``least`` to ``most`` in steps of ``step`` becomes stars by dividing by ``divisor``, rounded to
    half stars and at least half a star; ``words`` are texts with their stars. ``said`` is what people read."""

    name: str
    said: str
    least: float = 1.0
    most: float = 5.0
    step: float = 1.0
    divisor: float = 1.0
    words: Mapping[str, float] = field(default_factory=dict)

    @property
    def star_step(self) -> float:
        """1 if all of its ratings become whole stars, else 0.5."""
        if self.words:
            return 1.0
        return 1.0 if self.step / self.divisor == int(self.step / self.divisor) else 0.5


_UP = ("up", "thumbs up", "thumb up", "like", "liked", "yes", "true", "👍", "+", "+1", "1", "1.0")
_DOWN = (
    "down",
    "thumbs down",
    "thumb down",
    "dislike",
    "disliked",
    "no",
    "false",
    "👎",
    "-",
    "-1",
    "-1.0",
    "0",
    "0.0",
)
SCALES: Mapping[str, Scale] = {
    scale.name: scale
    for scale in (
        Scale("1-5", "1 to 5 stars"),
        Scale("0.5-5", "half a star to 5 stars", least=0.5, step=0.5),
        Scale("0-5", "0 to 5, of which 0 became half a star", least=0.0, step=0.5),
        Scale("0-10", "0 to 10, halved to stars", least=0.0, most=10.0, divisor=2.0),
        Scale("1-10", "1 to 10, halved to stars", most=10.0, divisor=2.0),
        Scale("0-100", "0 to 100, a twentieth of it as stars", least=0.0, most=100.0, divisor=20.0),
        Scale(
            "thumbs",
            "thumbs: up became 5 stars, down 1 star",
            words={**dict.fromkeys(_UP, 5.0), **dict.fromkeys(_DOWN, 1.0)},
        ),
        Scale("seen", "seen: each became 4 stars", words={"": 4.0}),
    )
}


@dataclass(frozen=True)
class Table:
    """One table in its ``files`` (parts of it). ``columns`` say where a canonical column is: a name, or a place from 0.

    ``format`` is ``csv`` (with ``separator``; quoted, unless it has more than one letter), ``jsonl`` or ``parquet``;
    ``has_header`` says whether the first line names the columns. ``list_separator`` parts the entries of a list.
    """

    kind: str
    files: tuple[DataFile, ...]
    format: str
    columns: Mapping[str, str | int]
    separator: str = ","
    has_header: bool = True
    encoding: str = ""
    list_separator: str = "|"
    left_out: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What messages call it."""
        first = self.files[0]
        return first.name if len(self.files) == 1 else first.name.rpartition("/")[0] or first.name


@dataclass(frozen=True)
class Source:
    """Data as a reader understands them. ``scale`` ``None`` is found out from the ratings themselves.

    ``layout`` names the reader. ``extras`` are further files by what they hold (``links``, ``tags``), ``left_out`` the
    names of files that nobody reads, and ``vocabulary`` translates codes of people (``{"occupation": {"12": "programmer"}}``).
    """

    name: str
    layout: str
    tables: Mapping[str, Table]
    scale: Scale | None = None
    extras: Mapping[str, DataFile] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    vocabulary: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    settings: DataFile | None = None

    @property
    def files(self) -> tuple[DataFile, ...]:
        """Everything that is read, in a fixed order."""
        of_tables = [file for kind in COLUMNS if kind in self.tables for file in self.tables[kind].files]
        beside = [self.extras[name] for name in sorted(self.extras)]
        return (*of_tables, *beside, *((self.settings,) if self.settings else ()))


class UnknownLayoutError(DataError):
    """No reader knows what is in the folder; the message says what was looked for."""
