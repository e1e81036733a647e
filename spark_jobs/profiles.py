"""Computes the profiles of people and films from the parsed tables."""

from __future__ import annotations

from pathlib import Path

from pyspark.sql import SparkSession

from spark_jobs import schemas
from spark_jobs.data_files import spark_path
from spark_jobs.ingest import write_table
from spark_jobs.progress import NullProgress, Reporter
from spark_jobs.staging import replaced_folder
from spark_jobs.transforms.profiles import genre_profiles, movie_statistics


def build_profiles(
    spark: SparkSession, parsed_dir: Path | str, out_dir: Path | str, progress: Reporter | None = None
) -> dict[str, int]:
    """Replaces ``out_dir`` by the tables ``genre_profiles`` and ``movie_statistics`` (parquet).

    Reads ``ratings`` and ``movies`` from ``parsed_dir``, as :func:`spark_jobs.ingest.ingest` writes them, and
    returns the number of rows of both tables.
    """
    progress = progress or NullProgress()
    progress.stage("profiles")
    source = Path(parsed_dir)
    ratings = spark.read.schema(schemas.RATINGS).parquet(spark_path(source / "ratings")).cache()
    movies = spark.read.schema(schemas.MOVIES).parquet(spark_path(source / "movies"))
    tables = (
        ("genre_profiles", genre_profiles(ratings, movies), schemas.GENRE_PROFILES, ("user_id", "genre")),
        ("movie_statistics", movie_statistics(ratings, movies), schemas.MOVIE_STATISTICS, ("movie_id",)),
    )
    rows: dict[str, int] = {}
    try:
        with replaced_folder(Path(out_dir)) as staging:
            for index, (name, frame, schema, order) in enumerate(tables, start=1):
                rows[name] = write_table(
                    frame.coalesce(1).sortWithinPartitions(*order), schema, staging / name
                )
                progress.update(percent=100 * index / len(tables), rows=rows[name], detail=name)
    finally:
        ratings.unpersist()
    return rows
