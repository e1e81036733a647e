"""Tables of one's own: CSV, JSON Lines or Parquet, one file or a folder of parts, with or without ``dataset.toml``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from spark_jobs.data_files import DataError
from spark_jobs.sources.base import COLUMNS, NEEDED, RATINGS, SCALES, Scale, Source, Table
from spark_jobs.sources.files import HEAD_BYTES, DataFile, encoding_of
from spark_jobs.sources.names import ENDINGS, TABLE_NAMES, find_columns, plain
from spark_jobs.sources.settings import FILE_NAME, Settings, nearest, read_settings

LAYOUT = "own"
_SEPARATORS = (",", ";", "\t", "|")


def read_own(place: Path, files: list[DataFile]) -> Source | None:
    """A table of ratings, and those of films and people where they are.

    Raises
    ------
    DataError
        If ``dataset.toml`` is wrong, or a table lacks a column that is needed.
    """
    settings = read_settings(files)
    by_kind = {kind: _files_of(kind, files, settings) for kind in COLUMNS}
    if not by_kind[RATINGS]:
        if settings.file is None:
            return None
        raise DataError(
            f'{place} has a {FILE_NAME} but no table of ratings; name it there: [ratings] with file = "…".'
        )
    tables = {kind: _table(kind, tuple(found), settings) for kind, found in by_kind.items() if found}
    used = {file for table in tables.values() for file in table.files} | {settings.file}
    return Source(
        settings.name or plain(place.stem) or LAYOUT,
        LAYOUT,
        tables,
        SCALES[settings.scale] if settings.scale else _scale_without_stars(tables[RATINGS]),
        left_out=tuple(file.name for file in files if file not in used),
        settings=settings.file,
    )


def _scale_without_stars(ratings: Table) -> Scale | None:
    return None if "stars" in ratings.columns else SCALES["seen"]


def _files_of(kind: str, files: Iterable[DataFile], settings: Settings) -> list[DataFile]:
    """The parts of a table, all of one format: as ``dataset.toml`` says, else by their names."""
    said = settings.of(kind, "file")
    if said:
        wanted = said.strip("/")
        found = [
            file
            for file in files
            if file.name == wanted
            or file.name.startswith(f"{wanted}/")
            or file.name == wanted.removesuffix(".gz")
        ]
        if not found:
            raise DataError(
                f"{settings.place(kind, 'file')}: there is no file {said}; {nearest(said, [file.name for file in files])}"
            )
        return found
    names = TABLE_NAMES[kind]
    found = [
        file
        for file in files
        if PurePosixPath(file.base).suffix in ENDINGS
        and (file.base.split(".")[0] in names or file.folder in names)
    ]
    # A folder of parts and a file of the same name, or two formats: the first that there is.
    if not found:
        return []
    first = found[0]
    if first.folder not in names:
        stem = first.base.split(".")[0]
        other = next((file for file in found if file.base.split(".")[0] != stem and not file.folder), None)
        if other is not None:
            raise DataError(
                f"{first.name} and {other.name} may both be the table of {kind}; say which it is in a {FILE_NAME}: "
                f'[{kind}] with file = "{first.name}".'
            )
        return [first]
    ending = PurePosixPath(first.base).suffix
    return [
        file for file in found if file.folder == first.folder and PurePosixPath(file.base).suffix == ending
    ]


def _table(kind: str, files: tuple[DataFile, ...], settings: Settings) -> Table:
    first = files[0]
    form = settings.of(kind, "format") or ENDINGS.get(PurePosixPath(first.base).suffix, "csv")
    if form not in ("csv", "jsonl", "parquet"):
        raise DataError(
            f"{settings.place(kind, 'format')}: {form} is no format; {nearest(form, ('csv', 'jsonl', 'parquet'))}"
        )
    encoding = settings.of(kind, "encoding")
    separator = settings.of(kind, "separator")
    header: list[str]
    if form == "parquet":
        header = parquet_columns(first)
    else:
        text = head_text(first, encoding)
        if not text.strip():
            raise DataError(f"{first} is empty; copy or fetch it again.")
        if form == "csv":
            separator = separator or _separator(text, first)
            header = split_line(text.splitlines()[0], separator)
        else:
            header = _keys(first, text)
    columns = find_columns(kind, header, COLUMNS[kind])
    said = {name: value for name, value in settings.tables.get(kind, {}).items() if name in COLUMNS[kind]}
    for name, value in said.items():
        if value not in header:
            raise DataError(
                f"{settings.place(kind, name)}: {first.name} has no column {value}; {nearest(value, header)}"
            )
        columns = {own: there for own, there in columns.items() if there != value or own == name} | {
            name: value
        }
    for name in NEEDED[kind]:
        if name not in columns:
            raise DataError(
                f"{first} has no column for the {name}; its columns are {', '.join(header)}. Say which it is in a "
                f'{FILE_NAME}: [{kind}] with {name} = "…".'
            )
    return Table(
        kind,
        files,
        form,
        columns,
        separator=separator or ",",
        encoding=encoding,
        list_separator=settings.of(kind, "list_separator"),
        left_out=tuple(name for name in header if name not in columns.values()),
    )


def head_text(file: DataFile, encoding: str = "") -> str:
    """The whole lines of its first megabyte."""
    content = file.head()
    text = content.decode(encoding or encoding_of(file, whole=False), "replace").lstrip("\ufeff")
    if len(content) == HEAD_BYTES:
        text = text[: text.rfind("\n") + 1] or text
    return text


def split_line(line: str, separator: str) -> list[str]:
    """The cells of one line of a CSV file."""
    return (
        next(csv.reader(io.StringIO(line), delimiter=separator), [])
        if len(separator) == 1
        else line.split(separator)
    )


def _separator(text: str, file: DataFile) -> str:
    if file.base.endswith(".tsv"):
        return "\t"
    first = text.splitlines()[0]
    if "::" in first:
        return "::"
    return max(_SEPARATORS, key=first.count)


def _keys(file: DataFile, text: str) -> list[str]:
    """Every name that the first objects have."""
    names: dict[str, None] = {}
    for number, line in enumerate(text.splitlines()[:1_000], start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError as error:
            if number == 1:
                raise DataError(
                    f"{file}, line 1 is no JSON object ({error}); JSON Lines has one object per line."
                ) from error
            continue
        if isinstance(entry, dict):
            names |= dict.fromkeys(entry)
    if not names:
        raise DataError(f"{file} holds no JSON objects, one per line; JSON Lines is expected.")
    return list(names)


def parquet_columns(file: DataFile) -> list[str]:
    """The columns of a Parquet file, from its footer."""
    # The site looks at folders as well, and its image has no pyarrow.
    import pyarrow.parquet  # noqa: PLC0415

    try:
        with file.open() as opened:
            source = opened if file.is_plain else io.BytesIO(opened.read())
            return list(pyarrow.parquet.read_schema(source).names)
    except (pyarrow.ArrowException, ValueError) as error:
        raise DataError(f"{file} is no Parquet file that can be read ({error}).") from error
