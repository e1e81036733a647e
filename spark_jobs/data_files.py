"""The three raw files of MovieLens-100k: what must be there, and what identifies their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

RATINGS_FILE, MOVIES_FILE, USERS_FILE = "u.data", "u.item", "u.user"
DATA_FILES = (RATINGS_FILE, MOVIES_FILE, USERS_FILE)
SEPARATORS = {RATINGS_FILE: "\t", MOVIES_FILE: "|", USERS_FILE: "|"}
# The films with their statistics as JSON lines, beside the tables of the profiles.
FILMS_FILE = "films.jsonl"
_LONGEST_LINE = 4096


class DataError(Exception):
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
        if ends_within_line(path, SEPARATORS[name]):
            raise DataError(f"{path} is cut off in the middle of its last line; copy or fetch it again.")


def data_digest(data_dir: Path | str) -> str:
    """SHA-256 (hex) over the names, sizes and bytes of the three files; equal data give an equal digest.

    Raises
    ------
    DataError
        If a file is missing, empty or cut off.
    """
    folder = Path(data_dir)
    check_data_files(folder)
    digest = hashlib.sha256()
    for name in DATA_FILES:
        content = (folder / name).read_bytes()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


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
