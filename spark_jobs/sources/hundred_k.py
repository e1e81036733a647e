"""MovieLens-100k: ``u.data``, ``u.item`` and ``u.user``."""

from __future__ import annotations

from pathlib import Path

from spark_jobs.data_files import DATA_FILES, MOVIES_FILE, RATINGS_FILE, USERS_FILE, check_data_files
from spark_jobs.sources.base import FILMS, PEOPLE, RATINGS, SCALES, Source, Table
from spark_jobs.sources.files import DataFile

LAYOUT = "ml-100k"
_COLUMNS = {
    RATINGS: (RATINGS_FILE, "\t", {"person": 0, "film": 1, "stars": 2, "rated_at": 3}),
    FILMS: (MOVIES_FILE, "|", {"film": 0, "title": 1}),
    PEOPLE: (USERS_FILE, "|", {"person": 0, "age": 1, "gender": 2, "occupation": 3}),
}


def read_100k(place: Path, files: list[DataFile]) -> Source | None:
    """The three files, plain in a folder.

    Raises
    ------
    spark_jobs.data_files.DataError
        If one of them is there, and another is missing, empty or cut off.
    """
    by_name = {file.name: file for file in files}
    if not by_name.keys() & set(DATA_FILES):
        return None
    check_data_files(place)
    return Source(
        LAYOUT,
        LAYOUT,
        {
            kind: Table(kind, (by_name[name],), "csv", columns, separator=separator, has_header=False)
            for kind, (name, separator, columns) in _COLUMNS.items()
        },
        SCALES["1-5"],
        left_out=tuple(file.name for file in files if file.name not in DATA_FILES),
    )
