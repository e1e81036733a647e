"""Brings the tables of a source into one form: Parquet files of text, with the canonical columns and each row's place.

Read row by row on the driver, in batches, so that compression, encodings, quoted line ends and JSON are told apart once;
what the text means is found out in Spark afterwards (:mod:`spark_jobs.transforms.tables`).
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.data_files import DataError
from spark_jobs.sources.base import COLUMNS, Table
from spark_jobs.sources.files import DataFile, encoding_of, open_text

BATCH = 50_000
LONGEST_TEXT = 300
# Rows as (number of the line, text for messages, what is wrong with it or None, cells of the canonical columns).
Row = tuple[int, str, str | None, list[str | None]]
# An overview may be longer than the cells that csv takes by itself.
LONGEST_CELL = 10_000_000


def stage_table(table: Table, target: Path, *, count_stars: bool = False) -> Counter[str]:
    """Write ``target``, a Parquet file of ``file``, ``line_number``, ``text``, ``problem`` and the canonical columns.

    With ``count_stars``, returns how often each text stands for the stars.

    Raises
    ------
    DataError
        If a file cannot be read.
    """
    names = ("file", "line_number", "text", "problem", *COLUMNS[table.kind])
    schema = pa.schema([(name, pa.int64() if name == "line_number" else pa.string()) for name in names])
    stars: Counter[str] = Counter()
    place = COLUMNS[table.kind].index("stars") if count_stars else 0
    with pq.ParquetWriter(target, schema) as writer:
        for file in table.files:
            for batch in _batches(_rows(table, file)):
                lines, texts, problems, cells = zip(*batch, strict=True)
                columns = list(zip(*cells, strict=True))
                if count_stars:
                    stars.update(value for value in columns[place] if value is not None)
                files = [file.name] * len(batch)
                arrays = [
                    pa.array(values, schema.field(name).type)
                    for name, values in zip(names, (files, lines, texts, problems, *columns), strict=True)
                ]
                writer.write_batch(pa.record_batch(arrays, schema=schema))
    return stars


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows(table: Table, file: DataFile) -> Iterator[Row]:
    if table.format == "parquet":
        return _parquet_rows(table, file)
    return _json_rows(table, file) if table.format == "jsonl" else _csv_rows(table, file)


def _csv_rows(table: Table, file: DataFile) -> Iterator[Row]:
    with open_text(file, table.encoding or encoding_of(file)) as text, _long_cells():
        reader: Iterator[list[str]]
        if len(table.separator) == 1:
            quoted = csv.reader(text, delimiter=table.separator)
            reader, number_of = quoted, lambda: quoted.line_num
        else:
            counted = _Lines(text, table.separator)
            reader, number_of = counted, lambda: counted.line_num
        width, places = 0, [table.columns.get(name) for name in COLUMNS[table.kind]]
        if table.has_header:
            header = [name.lstrip("\ufeff").strip() for name in next(reader, [])]
            missing = [place for place in places if isinstance(place, str) and place not in header]
            if missing:
                raise DataError(f"{file} has no column {missing[0]}; its columns are {', '.join(header)}.")
            places = [header.index(place) if isinstance(place, str) else place for place in places]
            width = len(header)
        for row in _guarded(reader, file, number_of):
            if not row or not any(cell.strip() for cell in row):
                continue
            width = width or len(row)
            line = table.separator.join(row)[:LONGEST_TEXT]
            problem = None
            if (
                len(row) != width
                and table.has_header
                or len(row) <= max(place for place in places if isinstance(place, int))
            ):
                problem = f"expected {width} columns separated by {_shown(table.separator)}"
            elif "\0" in line:
                problem = "the line holds NUL bytes"
            cells = [row[place] if isinstance(place, int) and place < len(row) else None for place in places]
            yield number_of(), line.replace("\0", "�"), problem, cells


@contextmanager
def _long_cells() -> Iterator[None]:
    """The limit holds for the whole process, where others count on it."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


class _Lines:
    """Lines split at a separator of several letters, without quotes, counted."""

    def __init__(self, text: Any, separator: str) -> None:
        self._lines, self._separator, self.line_num = iter(text), separator, 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> list[str]:
        line = next(self._lines)
        self.line_num += 1
        return [str(part) for part in line.rstrip("\r\n").split(self._separator)]


def _guarded(reader: Iterator[list[str]], file: DataFile, number_of: Any) -> Iterator[list[str]]:
    try:
        yield from reader
    except (csv.Error, EOFError, OSError, UnicodeError) as error:
        raise DataError(
            f"{file} cannot be read after line {number_of()} ({error}); copy or fetch it again."
        ) from error


def _json_rows(table: Table, file: DataFile) -> Iterator[Row]:
    names = [table.columns.get(name) for name in COLUMNS[table.kind]]
    nothing: list[str | None] = [None] * len(names)
    with open_text(file, table.encoding or encoding_of(file)) as text:
        for number, line in enumerate(text, start=1):
            line = line.strip().lstrip("\ufeff")
            if not line:
                continue
            shown = line[:LONGEST_TEXT].replace("\0", "�")
            try:
                entry = json.loads(line)
            except ValueError:
                entry = None
            if not isinstance(entry, dict):
                yield number, shown, "the line is no JSON object", nothing
                continue
            yield number, shown, None, [_text(entry.get(name)) for name in names]


def _parquet_rows(table: Table, file: DataFile) -> Iterator[Row]:
    names = [table.columns.get(name) for name in COLUMNS[table.kind]]
    wanted = sorted({str(name) for name in names if name is not None})
    with file.open() as opened:
        source = opened if file.is_plain else pa.BufferReader(opened.read())
        try:
            parquet = pq.ParquetFile(source)
            number = 0
            for batch in parquet.iter_batches(BATCH, columns=wanted):
                values = {name: batch.column(name).to_pylist() for name in batch.schema.names}
                for index in range(batch.num_rows):
                    number += 1
                    cells = [None if name is None else _text(values[str(name)][index]) for name in names]
                    yield (
                        number,
                        table.separator.join(cell or "" for cell in cells)[:LONGEST_TEXT],
                        None,
                        cells,
                    )
        except (pa.ArrowException, KeyError, ValueError) as error:
            raise DataError(f"{file} is no Parquet file that can be read ({error}).") from error


def _text(value: Any) -> str | None:
    """A value as text: lists as JSON, moments as ISO 8601, and numbers without a needless ``.0``."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return None if value != value else str(int(value)) if value == int(value) else str(value)
    if isinstance(value, list | tuple):
        return json.dumps([str(part) for part in value if part is not None], ensure_ascii=False)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)


def _shown(separator: str) -> str:
    return "tabs" if separator == "\t" else separator
