"""The three raw files of MovieLens-100k: what must be there, and what identifies their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

RATINGS_FILE, MOVIES_FILE, USERS_FILE = "u.data", "u.item", "u.user"
DATA_FILES = (RATINGS_FILE, MOVIES_FILE, USERS_FILE)


class DataError(Exception):
    """The data cannot be used; the message is one sentence that names the file and the way out."""


def check_data_files(data_dir: Path) -> None:
    """Raises :class:`DataError` if one of the three files is missing or empty."""
    if not data_dir.is_dir():
        raise DataError(f"The data folder {data_dir} does not exist.")
    for name in DATA_FILES:
        path = data_dir / name
        if not path.is_file():
            raise DataError(
                f"{path} is missing; the folder must hold {', '.join(DATA_FILES)} in the format of MovieLens-100k."
            )
        if path.stat().st_size == 0:
            raise DataError(f"{path} is empty.")


def data_digest(data_dir: Path | str) -> str:
    """SHA-256 (hex) over the names, sizes and bytes of the three files; equal data give an equal digest.

    Raises
    ------
    DataError
        If a file is missing or empty.
    """
    folder = Path(data_dir)
    check_data_files(folder)
    digest = hashlib.sha256()
    for name in DATA_FILES:
        content = (folder / name).read_bytes()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def ends_within_line(path: Path) -> bool:
    """True if the last line of the file has no line feed, as after an interrupted copy."""
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) not in (b"\n", b"\r")
