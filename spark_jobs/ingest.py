"""Reads the raw files of any source, sets bad lines aside and writes typed parquet tables.

Output folder: ``ratings``, ``movies``, ``users`` (parquet, schemas in :mod:`spark_jobs.schemas`), ``data.json`` (what the
data have) and ``rejects.jsonl`` (one object per bad line: file, line_number, reason, text); ``numbers.jsonl`` if keys
were given numbers.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.dataset
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as T  # noqa: N812

from spark_jobs import schemas
from spark_jobs.data_files import DATA_FILE, NUMBERS_FILE, DataError
from spark_jobs.key_numbers import read_numbers, write_numbers
from spark_jobs.progress import NullProgress, Reporter
from spark_jobs.reading import Parsed, read_source
from spark_jobs.sources import recognise
from spark_jobs.sources.base import FILMS, PEOPLE, RATINGS
from spark_jobs.sources.digest import data_digest
from spark_jobs.staging import replaced_folder
from spark_jobs.tables import canonical_tables, describe_tables
from spark_jobs.transforms.lines import rejected

__all__ = ["DataError", "IngestReport", "TooManyBadLinesError", "data_digest", "ingest"]
DEFAULT_MAX_BAD_SHARE = 0.01
# So many bad lines of a table are kept with their text; all of them are counted.
REJECTS_KEPT = 100_000
_SCRATCH = "_raw"


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
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def rejected_lines(self) -> int:
        """All bad lines of all files."""
        return sum(sum(reasons.values()) for reasons in self.rejects.values())

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON of the manifest."""
        return {**asdict(self), "rejected_lines": self.rejected_lines}


def ingest(
    spark: SparkSession,
    data_dir: Path | str,
    out_dir: Path | str,
    *,
    max_bad_share: float = DEFAULT_MAX_BAD_SHARE,
    numbers_path: Path | None = None,
    progress: Reporter | None = None,
) -> IngestReport:
    """Read what a reader recognises in ``data_dir`` and replace ``out_dir`` by the tables, as a whole or not at all.

    ``numbers_path`` holds the numbers that keys have got before (:mod:`spark_jobs.transforms.numbers`).

    Raises
    ------
    DataError
        If nobody knows the layout, or a file is missing, empty, cut off or without a single good line.
    TooManyBadLinesError
        If in one file the share of bad lines is above ``max_bad_share`` (0 to 1).
    """
    if not 0 <= max_bad_share <= 1:
        raise ValueError(f"max_bad_share is {max_bad_share}; expected 0 to 1")
    place, target = Path(data_dir), Path(out_dir)
    progress = progress or NullProgress()
    progress.stage("ingest")
    source, digest = recognise(place), data_digest(place)
    with replaced_folder(target) as staging:
        parsed = read_source(spark, source, staging / _SCRATCH, progress)
        try:
            counts = _count(parsed)
            progress.update(percent=50, rows=counts[RATINGS].lines, detail="lines parsed")
            _refuse_bad_files(parsed, counts, max_bad_share)
            rejects = [row for kind in parsed for row in _rejects(parsed[kind], counts[kind])]
            reasons = _count_reasons(parsed, counts)
            numbers = read_numbers(numbers_path)
            tables = canonical_tables(parsed, numbers, place)
            films = tables.films.coalesce(1).sortWithinPartitions("movie_id")
            film_count = write_table(films, schemas.MOVIES, staging / "movies")
            people = tables.people.coalesce(1).sortWithinPartitions("user_id")
            people_count = write_table(people, schemas.USERS, staging / "users")
            # Numbering the histories has brought each person's ratings together, in order.
            kept = write_table(tables.ratings, schemas.RATINGS, staging / "ratings")
            _write_rejects(rejects, staging / "rejects.jsonl")
            data = describe_tables(staging, source, parsed[RATINGS].scale)
            (staging / DATA_FILE).write_text(json.dumps(data.as_dict(), ensure_ascii=False), encoding="utf-8")
            if any(numbers.new.values()):
                write_numbers(numbers.new, staging / NUMBERS_FILE)
        finally:
            for table in parsed.values():
                table.frame.unpersist()
            shutil.rmtree(staging / _SCRATCH, ignore_errors=True)
    report = IngestReport(
        ratings=kept,
        movies=film_count,
        users=people_count,
        duplicates=counts[RATINGS].good - kept + tables.of_site,
        rejects=reasons,
        data_digest=digest,
        data=data.as_dict(),
    )
    progress.update(percent=100, rows=kept, detail=f"{report.rejected_lines} lines set aside")
    return report


def write_table(frame: DataFrame, schema: T.StructType, path: Path) -> int:
    """Writes the columns of ``schema``, with its types, as one parquet folder; returns the number of rows."""
    columns = [F.col(field.name).cast(field.dataType).alias(field.name) for field in schema.fields]
    frame.select(*columns).write.parquet(str(path))
    # The footers of the files know it, without another job.
    return pyarrow.dataset.dataset(path, format="parquet").count_rows()


def _count(parsed: dict[str, Parsed]) -> dict[str, _Counts]:
    tagged = [table.frame.select(F.lit(kind).alias("kind"), "reason") for kind, table in parsed.items()]
    rows = (
        reduce(DataFrame.unionByName, tagged)
        .groupBy("kind")
        .agg(
            F.count("*").alias("lines"),
            F.count_if(F.col("reason").isNull()).alias("good"),
        )
        .collect()
    )
    counts = {kind: _Counts(lines=0, good=0) for kind in parsed}
    counts.update({row["kind"]: _Counts(row["lines"], row["good"]) for row in rows})
    return counts


def _rejects(parsed: Parsed, counts: _Counts) -> list[Row]:
    if counts.lines == counts.good:
        return []
    return rejected(parsed.frame, parsed.name).orderBy("line_number").limit(REJECTS_KEPT).collect()


def _refuse_bad_files(parsed: dict[str, Parsed], counts: dict[str, _Counts], max_bad_share: float) -> None:
    # The people and films first: one bad line there makes many ratings bad, and the cause should be told.
    for kind in (PEOPLE, FILMS, RATINGS):
        if kind not in parsed:
            continue
        path, name = parsed[kind].path, parsed[kind].name
        lines, bad = counts[kind].lines, counts[kind].lines - counts[kind].good
        if lines == 0:
            raise DataError(f"{path} has only blank lines; copy or fetch it again.")
        if bad > max_bad_share * lines:
            first = rejected(parsed[kind].frame, name).orderBy("line_number").first()
            assert first is not None  # there are bad lines
            raise TooManyBadLinesError(
                f"{path}: {bad} of {lines} lines ({bad / lines:.1%}) are malformed, more than the "
                f"{max_bad_share:.1%} allowed; the first is line {first['line_number']}: {first['reason']}; "
                "correct the file, or allow a larger share with run_pipeline --max-bad-share."
            )
        if counts[kind].good == 0:
            raise DataError(f"{path} has no usable line; copy or fetch it again.")


def _count_reasons(parsed: dict[str, Parsed], counts: dict[str, _Counts]) -> dict[str, dict[str, int]]:
    """How many lines were set aside, by file and reason."""
    found: dict[str, dict[str, int]] = {}
    for kind, table in parsed.items():
        if counts[kind].lines > counts[kind].good:
            for row in rejected(table.frame, table.name).groupBy("file", "reason").count().collect():
                found.setdefault(row["file"], {})[row["reason"]] = row["count"]
    return found


def _write_rejects(rejects: list[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rejects:
            file.write(json.dumps(row.asDict(), ensure_ascii=False) + "\n")
