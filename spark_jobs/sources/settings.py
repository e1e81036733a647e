"""``dataset.toml``: what a table of one's own calls its columns, how it rates and how it is written.

Whatever it does not say is found out. A name that nobody knows is refused with its line and the nearest one that there is.
"""

from __future__ import annotations

import codecs
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spark_jobs.data_files import DataError
from spark_jobs.sources.base import COLUMNS, SCALES
from spark_jobs.sources.files import DataFile

FILE_NAME = "dataset.toml"
_TOP = ("name", "scale", "encoding", "separator", *COLUMNS)
# Those that tables of people come in; Python knows more.
ENCODINGS = (
    "utf-8",
    "utf-16",
    "latin-1",
    "cp1252",
    "cp1250",
    "cp1251",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
)
_OF_TABLE = ("file", "format", "separator", "encoding", "list_separator")


@dataclass(frozen=True)
class Settings:
    """What the file says. ``tables`` by kind hold strings only; ``lines`` by (table, name) where each stands."""

    file: DataFile | None = None
    name: str = ""
    scale: str = ""
    encoding: str = ""
    separator: str = ""
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def of(self, kind: str, name: str) -> str:
        """What it says of a table; what stands at the top holds for every table."""
        return self.tables.get(kind, {}).get(name) or (
            getattr(self, name) if name in ("encoding", "separator") else ""
        )

    def place(self, kind: str, name: str) -> str:
        """Where it says so, for messages."""
        return f"{self.file}, line {self.lines.get((kind, name), 1)}"


def read_settings(files: Iterable[DataFile]) -> Settings:
    """Read the folder's ``dataset.toml``; without one, everything is empty.

    Raises
    ------
    DataError
        If it is no TOML, or says something that is not known; the message has the line and what would be right.
    """
    file = next((file for file in files if file.base == FILE_NAME), None)
    if file is None:
        return Settings()
    with file.open() as opened:
        content = opened.read()
    try:
        text = content.decode("utf-8-sig")
        said = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{file} is no TOML: {error}.") from error
    lines = _lines(text)
    _check(file, "", said, _TOP, lines)
    tables: dict[str, Mapping[str, str]] = {}
    for kind in COLUMNS:
        table = said.get(kind, {})
        if not isinstance(table, dict):
            raise DataError(f"{file}, line {lines.get(('', kind), 1)}: [{kind}] must be a table.")
        _check(file, kind, table, (*_OF_TABLE, *COLUMNS[kind]), lines)
        for name, value in table.items():
            if not isinstance(value, str):
                where = lines.get((kind, name), 1)
                raise DataError(f'{file}, line {where}: {name} is {value!r}; expected text such as "{name}".')
        if kind in said:
            tables[kind] = table
    for name in ("name", "scale", "encoding", "separator"):
        if not isinstance(said.get(name, ""), str):
            raise DataError(
                f"{file}, line {lines.get(('', name), 1)}: {name} is {said[name]!r}; expected text."
            )
    for kind, values in (("", said), *tables.items()):
        _check_encoding(file, values.get("encoding", ""), lines.get((kind, "encoding"), 1))
    scale = said.get("scale", "")
    if scale and scale not in SCALES:
        raise _unknown(file, lines.get(("", "scale"), 1), "scale", scale, SCALES)
    return Settings(
        file, said.get("name", ""), scale, said.get("encoding", ""), said.get("separator", ""), tables, lines
    )


def _check_encoding(file: DataFile, encoding: str, line: int) -> None:
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise _unknown(file, line, "encoding", encoding, ENCODINGS) from error


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint at the name that was meant, with all that there are."""
    names = list(names)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"{hint}There are: {', '.join(names)}."


def _check(
    file: DataFile,
    kind: str,
    said: Mapping[str, Any],
    known: Iterable[str],
    lines: Mapping[tuple[str, str], int],
) -> None:
    for name in said:
        if name not in known:
            what = f"name in [{kind}]" if kind else "name"
            raise _unknown(file, lines.get((kind, name), 1), what, name, known)


def _unknown(file: DataFile, line: int, what: str, value: str, known: Iterable[str]) -> DataError:
    return DataError(f"{file}, line {line}: {value} is no {what}; {nearest(value, known)}")


def _lines(text: str) -> dict[tuple[str, str], int]:
    """Where each name stands: the parser does not tell."""
    found: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*\[\s*\"?([^\]\"]+?)\"?\s*\]", line):
            table = heading[1]
            found.setdefault(("", table), number)
        elif pair := re.match(r"\s*(?:\"?([\w-]+)\"?\s*\.\s*)?\"?([\w-]+)\"?\s*=", line):
            found.setdefault((pair[1] or table, pair[2]), number)
            if pair[1]:
                found.setdefault(("", pair[1]), number)
    return found
