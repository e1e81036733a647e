"""Readers of data, one for each layout, chosen by looking at the folder."""

from __future__ import annotations

from pathlib import Path

from spark_jobs.sources.base import Source, UnknownLayoutError
from spark_jobs.sources.files import list_files
from spark_jobs.sources.hundred_k import read_100k
from spark_jobs.sources.movielens import read_csv, read_dat
from spark_jobs.sources.own import read_own

# Asked in this order; the first that knows the folder reads it.
READERS = (read_100k, read_dat, read_csv, read_own)


def recognise(place: Path | str) -> Source:
    """What a folder (or zip archive) holds, by the names and beginnings of its files.

    Raises
    ------
    spark_jobs.data_files.DataError
        If no reader knows it, or what it needs is missing; the message is one sentence with the way out.
    """
    place = Path(place)
    files = list_files(place)
    for reader in READERS:
        source = reader(place, files)
        if source is not None:
            return source
    there = ", ".join(file.name for file in files[:6]) or "nothing"
    raise UnknownLayoutError(
        f"{place} holds {there}: neither a MovieLens release (u.data, ratings.dat or ratings.csv with their films) nor a "
        "table of ratings (ratings.csv, .jsonl or .parquet); name the files in a dataset.toml, see docs/data.md."
    )
