"""What a folder looks like to the program, before anything runs; of each file no more than the first megabyte is read."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from spark_jobs.data_files import DataError
from spark_jobs.sources import recognise
from spark_jobs.sources.base import COLUMNS, FILMS, PEOPLE, RATINGS, Source, Table
from spark_jobs.sources.own import head_text, split_line
from spark_jobs.sources.scales import find_scale

FIRST_ROWS = 3


@dataclass(frozen=True)
class TableLook:
    """One table: its files with their bytes, which of its columns mean what, its first rows, and what is left out."""

    kind: str
    files: tuple[str, ...]
    size: int
    columns: dict[str, str]
    first_rows: tuple[dict[str, str], ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class FolderLook:
    """A folder as its reader understands it. ``scale`` is how ratings would become stars, ``lacks`` what the version would
    not have, ``left_out`` the files that nobody reads. ``problem`` says what stands in the way, if anything does."""

    place: str
    name: str = ""
    layout: str = ""
    scale: str = ""
    tables: tuple[TableLook, ...] = ()
    extras: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    problem: str = ""

    def as_dict(self) -> dict[str, Any]:
        """What was found as JSON, for ``manage.py datasets --json``."""
        return asdict(self)


def look_into(place: Path) -> FolderLook:
    """Look at a folder or archive; whatever is wrong with it is told as its ``problem``."""
    try:
        source = recognise(place)
    except DataError as error:
        return FolderLook(str(place), problem=str(error))
    rows = {kind: list(_rows(table)) for kind, table in source.tables.items()}
    scale, problem = "", ""
    try:
        if not rows[RATINGS]:
            raise DataError(
                f"{source.tables[RATINGS].name} has no rows that can be read; copy or fetch it again."
            )
        scale = _scale(source, rows[RATINGS])
    except DataError as error:
        problem = str(error)
    return FolderLook(
        place=str(place),
        name=source.name,
        layout=source.layout,
        scale=scale,
        tables=tuple(_table(table, rows[kind]) for kind, table in source.tables.items()),
        extras=tuple(file.name for _, file in sorted(source.extras.items())),
        left_out=source.left_out,
        lacks=tuple(_lacks(source)),
        problem=problem,
    )


def _table(table: Table, rows: list[dict[str, str]]) -> TableLook:
    return TableLook(
        kind=table.kind,
        files=tuple(file.name for file in table.files),
        size=sum(file.size for file in table.files),
        columns={
            name: place if isinstance(place, str) else f"column {place + 1}"
            for name, place in table.columns.items()
        },
        first_rows=tuple(rows[:FIRST_ROWS]),
        left_out=table.left_out,
    )


def _scale(source: Source, rows: list[dict[str, str]]) -> str:
    if source.scale is not None:
        return source.scale.said
    counts = Counter(row["stars"] for row in rows if row.get("stars"))
    return find_scale(counts, source.tables[RATINGS].name).said


def _lacks(source: Source) -> Iterator[str]:
    if PEOPLE not in source.tables:
        yield "people"
    if "rated_at" not in source.tables[RATINGS].columns:
        yield "times"
    if FILMS not in source.tables:
        yield "films"
    if FILMS not in source.tables or (
        source.layout != "ml-100k" and "genres" not in source.tables[FILMS].columns
    ):
        yield "genres"


def _rows(table: Table) -> Iterator[dict[str, str]]:
    """The rows in the beginning of the first file, by canonical column."""
    names = [name for name in COLUMNS[table.kind] if name in table.columns]
    file = table.files[0]
    if table.format == "parquet":
        yield from _parquet_rows(table, names)
        return
    lines = iter(io.StringIO(head_text(file, table.encoding)))
    if table.format == "jsonl":
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                yield {name: str(entry.get(str(table.columns[name]), "")) for name in names}
        return
    header = split_line(next(lines, ""), table.separator) if table.has_header else []
    header = [name.strip() for name in header]
    for line in lines:
        cells = split_line(line.rstrip("\r\n"), table.separator)
        places = {name: table.columns[name] for name in names}
        found = {
            name: header.index(place) if isinstance(place, str) and place in header else place
            for name, place in places.items()
        }
        if all(isinstance(place, int) and place < len(cells) for place in found.values()):
            yield {name: cells[int(place)] for name, place in found.items()}


def _parquet_rows(table: Table, names: list[str]) -> Iterator[dict[str, str]]:
    # The site's image has no pyarrow.
    import pyarrow.parquet  # noqa: PLC0415

    file = table.files[0]
    with file.open() as opened:
        source = opened if file.is_plain else io.BytesIO(opened.read())
        batches = pyarrow.parquet.ParquetFile(source).iter_batches(
            1_000, columns=[str(table.columns[name]) for name in names]
        )
        for batch in islice(batches, 1):
            for row in batch.to_pylist():
                yield {name: str(row[str(table.columns[name])]) for name in names}
