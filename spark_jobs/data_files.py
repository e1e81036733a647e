"""The three raw files of MovieLens-100k, and what every reader of data needs."""

from __future__ import annotations

import json
from pathlib import Path

from recommendations.errors import MovierecError
from recommendations.ranking.dataset import DataSet

RATINGS_FILE, MOVIES_FILE, USERS_FILE = "u.data", "u.item", "u.user"
DATA_FILES = (RATINGS_FILE, MOVIES_FILE, USERS_FILE)
SEPARATORS = {RATINGS_FILE: "\t", MOVIES_FILE: "|", USERS_FILE: "|"}
# The films with their statistics as JSON lines, beside the tables of the profiles.
FILMS_FILE = "films.jsonl"
# What the data of parsed tables have, and the numbers that their keys were given.
DATA_FILE, NUMBERS_FILE = "data.json", "numbers.jsonl"
_LONGEST_LINE = 4096


class DataError(MovierecError):
    """The data cannot be used; the message is one sentence that names the file and the way out."""


def check_data_files(data_dir: Path) -> None:
    """Raises :class:`DataError` if one of the three files is missing, empty or cut off."""
    if not data_dir.is_dir():
        raise DataError(f"The data folder {data_dir} does not exist.")
    for name in DATA_FILES:
        path = data_dir / name
        if not path.is_file():
            raise DataError(
                f"{path} is missing; the folder must hold {', '.join(DATA_FILES)} in the format of MovieLens-100k."
            )
        if path.stat().st_size == 0:
            raise DataError(f"{path} is empty; copy or fetch it again.")
        if not _is_utf_16(path) and ends_within_line(path, SEPARATORS[name]):
            raise DataError(f"{path} is cut off in the middle of its last line; copy or fetch it again.")


def _is_utf_16(path: Path) -> bool:
    """True if every second byte is NUL at the beginning, where the end of a line is no single byte."""
    with path.open("rb") as file:
        start = file.read(200)
    return max(start[1::2].count(0), start[::2].count(0)) > len(start) // 3


def ends_within_line(path: Path, separator: str) -> bool:
    """True if the file looks as after an interrupted copy: its last line is unfinished.

    Editors leave out the last line feed too, so that alone is no sign. Fewer columns than the first line has
    are one, and so is a last column of fewer digits (in ``u.data``: a time that lost its end).
    """
    with path.open("rb") as file:
        first = file.readline().rstrip(b"\r\n").split(separator.encode())
        file.seek(max(0, path.stat().st_size - _LONGEST_LINE))
        tail = file.read()
    if tail.endswith((b"\n", b"\r")):
        return False
    last = tail.splitlines()[-1].split(separator.encode())
    if len(last) == len(first):
        return separator == "\t" and len(last[-1]) < len(first[-1])
    return len(last) < len(first)


def spark_path(path: Path) -> str:
    """``path`` as Spark must get it for reading, where it takes brackets and stars for a pattern."""
    return "".join(f"\\{letter}" if letter in "\\*?[]{}" else letter for letter in str(path.absolute()))


def read_data_set(folder: Path) -> DataSet:
    """What the tables in a folder are; tables from before this was written are those of MovieLens-100k."""
    path = folder / DATA_FILE
    return DataSet.from_dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else DataSet()
