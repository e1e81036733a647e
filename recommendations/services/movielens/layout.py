"""What the folder ``ml-100k`` must hold."""

from __future__ import annotations

from pathlib import Path

from recommendations.errors import MovierecError
from recommendations.ranking.genres import GENRES

FOLDER_NAME = "ml-100k"
COUNTS = {"ratings": 100_000, "users": 943, "movies": 1_682, "genres": len(GENRES)}
ENCODING = "latin-1"
# (file, separator, columns, what a line is)
_FILES = (
    ("u.data", "\t", 4, "ratings"),
    ("u.item", "|", 5 + len(GENRES), "movies"),
    ("u.user", "|", 5, "users"),
)
REQUIRED_FILES = tuple(name for name, *_ in _FILES)
# Of use to people, not to the program.
OPTIONAL_FILES = ("README", "u.genre", "u.occupation")


class MovieLensError(MovierecError):
    """The data could not be had; the message is one sentence that names the input and the way out."""


def check_movielens(folder: Path) -> dict[str, int]:
    """The counts of the data set in ``folder``, which are :data:`COUNTS`.

    Raises
    ------
    MovieLensError
        If a file is missing, unreadable, or not the one of MovieLens-100k: wrong number of lines or columns, or a
        rating of somebody or something that the other files do not know.
    """
    rows = {name: _rows(folder / name, separator, columns, what) for name, separator, columns, what in _FILES}
    users = {row[0] for row in rows["u.user"]}
    movies = {row[0] for row in rows["u.item"]}
    pairs = {(row[0], row[1]) for row in rows["u.data"]}
    for name, found, expected in (
        ("u.user", len(users), COUNTS["users"]),
        ("u.item", len(movies), COUNTS["movies"]),
        ("u.data", len(pairs), COUNTS["ratings"]),
    ):
        if found != expected:
            raise MovieLensError(f"{folder / name} has lines that repeat each other; copy or fetch it again.")
    if not {user for user, _ in pairs} <= users or not {movie for _, movie in pairs} <= movies:
        raise MovieLensError(
            f"{folder / 'u.data'} rates films or names people that are not in the other files."
        )
    return dict(COUNTS)


def _rows(path: Path, separator: str, columns: int, what: str) -> list[list[str]]:
    try:
        text = path.read_text(encoding=ENCODING)
    except FileNotFoundError:
        raise MovieLensError(f"{path} is missing.") from None
    except OSError as error:
        raise MovieLensError(f"{path} cannot be read ({error.strerror}).") from error
    # Not splitlines(): latin-1 knows more line ends (form feed, 0x85) than the files do.
    *lines, rest = text.split("\n")
    if rest:
        raise MovieLensError(
            f"{path} ends in the middle of a line, so it is cut off; copy or fetch it again."
        )
    if len(lines) != COUNTS[what]:
        raise MovieLensError(
            f"{path} has {len(lines):,} lines; MovieLens-100k has {COUNTS[what]:,} {what}. Copy or fetch it again."
        )
    rows = [line.split(separator) for line in lines]
    for number, row in enumerate(rows, start=1):
        if len(row) != columns:
            raise MovieLensError(
                f"{path}, line {number} has {len(row)} columns instead of {columns}; copy or fetch it again."
            )
    return rows
