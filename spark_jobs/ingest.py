"""Reads the raw MovieLens files, sets bad lines aside and writes typed parquet tables.

Output folder: ``ratings``, ``movies``, ``users`` (parquet, schemas in :mod:`spark_jobs.schemas`) and
``rejects.jsonl`` (one object per bad line: file, line_number, reason, text).
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.dataset
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as T  # noqa: N812

from spark_jobs import schemas
from spark_jobs.data_files import (
    DATA_FILES,
    MOVIES_FILE,
    RATINGS_FILE,
    USERS_FILE,
    DataError,
    check_data_files,
    data_digest,
)
from spark_jobs.progress import NullProgress, Reporter
from spark_jobs.staging import replaced_folder
from spark_jobs.transforms.history import keep_newest, number_histories
from spark_jobs.transforms.lines import read_lines, rejected
from spark_jobs.transforms.parse import check_references, parse_movies, parse_ratings, parse_users

__all__ = ["DataError", "IngestReport", "TooManyBadLinesError", "data_digest", "ingest", "read_raw"]
DEFAULT_MAX_BAD_SHARE = 0.01
_SMALL_TABLES = {
    MOVIES_FILE: ("movies", "movie_id", schemas.MOVIES),
    USERS_FILE: ("users", "user_id", schemas.USERS),
}


class _Counts(NamedTuple):
    lines: int
    good: int


class TooManyBadLinesError(DataError):
    """More lines of a file are malformed than the run accepts."""


@dataclass(frozen=True)
class IngestReport:
    """What was read. ``rejects`` counts the bad lines by file and reason; ``duplicates`` are older ratings
    of the same film by the same person, which a newer one replaces."""

    ratings: int
    movies: int
    users: int
    duplicates: int
    rejects: dict[str, dict[str, int]]
    data_digest: str

    @property
    def rejected_lines(self) -> int:
        """All bad lines of the three files."""
        return sum(sum(reasons.values()) for reasons in self.rejects.values())

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "rejected_lines": self.rejected_lines}


def read_raw(spark: SparkSession, data_dir: Path) -> dict[str, DataFrame]:
    """The parsed lines of the three files by file name, good and bad; ``reason`` is null for the good ones.

    Raises
    ------
    DataError
        If a file is missing or empty.
    """
    check_data_files(data_dir)
    lines = {name: read_lines(spark, data_dir / name) for name in DATA_FILES}
    users = parse_users(lines[USERS_FILE]).cache()
    movies = parse_movies(lines[MOVIES_FILE]).cache()
    ratings = check_references(parse_ratings(lines[RATINGS_FILE]), _good(users), _good(movies)).cache()
    return {RATINGS_FILE: ratings, MOVIES_FILE: movies, USERS_FILE: users}


def ingest(
    spark: SparkSession,
    data_dir: Path | str,
    out_dir: Path | str,
    *,
    max_bad_share: float = DEFAULT_MAX_BAD_SHARE,
    progress: Reporter | None = None,
) -> IngestReport:
    """Reads ``u.data``, ``u.item``, ``u.user`` and replaces ``out_dir`` by the tables, as a whole or not at all.

    Raises
    ------
    DataError
        If a file is missing, empty, cut off or without a single good line.
    TooManyBadLinesError
        If in one file the share of bad lines is above ``max_bad_share`` (0 to 1).
    """
    if not 0 <= max_bad_share <= 1:
        raise ValueError(f"max_bad_share is {max_bad_share}; expected 0 to 1")
    source, target = Path(data_dir), Path(out_dir)
    progress = progress or NullProgress()
    progress.stage("ingest")
    digest = data_digest(source)
    parsed = read_raw(spark, source)
    try:
        counts = _count(parsed)
        progress.update(percent=50, rows=counts[RATINGS_FILE].lines, detail="lines parsed")
        _refuse_bad_files(source, parsed, counts, max_bad_share)
        rejects = [row for name in DATA_FILES for row in _rejects(parsed[name], name, counts[name])]
        ratings = number_histories(keep_newest(_good(parsed[RATINGS_FILE])))
        with replaced_folder(target) as staging:
            for name in (MOVIES_FILE, USERS_FILE):
                table, key, schema = _SMALL_TABLES[name]
                frame = _good(parsed[name]).coalesce(1).sortWithinPartitions(key)
                write_table(frame, schema, staging / table)
            # Numbering the histories has brought each person's ratings together, in order.
            kept = write_table(ratings, schemas.RATINGS, staging / "ratings")
            _write_rejects(rejects, staging / "rejects.jsonl")
    finally:
        for frame in parsed.values():
            frame.unpersist()
    by_reason: dict[str, Counter[str]] = {}
    for row in rejects:
        by_reason.setdefault(row["file"], Counter())[row["reason"]] += 1
    progress.update(percent=100, rows=kept, detail=f"{len(rejects)} lines set aside")
    return IngestReport(
        ratings=kept,
        movies=counts[MOVIES_FILE].good,
        users=counts[USERS_FILE].good,
        duplicates=counts[RATINGS_FILE].good - kept,
        rejects={name: dict(reasons) for name, reasons in by_reason.items()},
        data_digest=digest,
    )


def write_table(frame: DataFrame, schema: T.StructType, path: Path) -> int:
    """Writes the columns of ``schema``, with its types, as one parquet folder; returns the number of rows."""
    columns = [F.col(field.name).cast(field.dataType).alias(field.name) for field in schema.fields]
    frame.select(*columns).write.parquet(str(path))
    # The footers of the files know it, without another job.
    return pyarrow.dataset.dataset(path, format="parquet").count_rows()


def _good(parsed: DataFrame) -> DataFrame:
    return parsed.where(F.col("reason").isNull())


def _count(parsed: dict[str, DataFrame]) -> dict[str, _Counts]:
    tagged = [frame.select(F.lit(name).alias("file"), "reason") for name, frame in parsed.items()]
    rows = (
        reduce(DataFrame.unionByName, tagged)
        .groupBy("file")
        .agg(
            F.count("*").alias("lines"),
            F.count_if(F.col("reason").isNull()).alias("good"),
        )
        .collect()
    )
    counts = {name: _Counts(lines=0, good=0) for name in parsed}
    counts.update({row["file"]: _Counts(row["lines"], row["good"]) for row in rows})
    return counts


def _rejects(parsed: DataFrame, name: str, counts: _Counts) -> list[Row]:
    if counts.lines == counts.good:
        return []
    return rejected(parsed, name).orderBy("line_number").collect()


def _refuse_bad_files(
    source: Path, parsed: dict[str, DataFrame], counts: dict[str, _Counts], max_bad_share: float
) -> None:
    # The people and films first: one bad line there makes many ratings bad, and the cause should be told.
    for name in (USERS_FILE, MOVIES_FILE, RATINGS_FILE):
        path, lines, bad = source / name, counts[name].lines, counts[name].lines - counts[name].good
        if lines == 0:
            raise DataError(f"{path} has only blank lines; copy or fetch it again.")
        if bad > max_bad_share * lines:
            first = rejected(parsed[name], name).orderBy("line_number").first()
            assert first is not None  # there are bad lines
            raise TooManyBadLinesError(
                f"{path}: {bad} of {lines} lines ({bad / lines:.1%}) are malformed, more than the "
                f"{max_bad_share:.1%} allowed; the first is line {first['line_number']}: {first['reason']}; "
                "correct the file, or allow a larger share with run_pipeline --max-bad-share."
            )
        if counts[name].good == 0:
            raise DataError(f"{path} has no usable line; copy or fetch it again.")


def _write_rejects(rejects: list[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rejects:
            file.write(json.dumps(row.asDict(), ensure_ascii=False) + "\n")
