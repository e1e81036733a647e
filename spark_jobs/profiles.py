"""Computes the profiles of people and films from the parsed tables."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet
from pyspark.sql import SparkSession

from spark_jobs import schemas
from spark_jobs.data_files import FILMS_FILE, read_data_set, spark_path
from spark_jobs.ingest import write_table
from spark_jobs.progress import NullProgress, Reporter
from spark_jobs.staging import replaced_folder
from spark_jobs.transforms.profiles import genre_profiles, movie_statistics

# What a source may know of a film beside its title, year and genres; what it does not know is left out.
FACTS = (
    *("imdb_id", "tmdb_id", "alternative_titles", "overview", "directors", "cast"),
    *("tags", "language", "countries", "runtime"),
)


def build_profiles(
    spark: SparkSession, parsed_dir: Path | str, out_dir: Path | str, progress: Reporter | None = None
) -> dict[str, int]:
    """Replaces ``out_dir`` by the tables ``genre_profiles`` and ``movie_statistics`` (parquet) and the films as JSON.

    Reads ``ratings`` and ``movies`` from ``parsed_dir``, as :func:`spark_jobs.ingest.ingest` writes them, and
    returns the number of rows of both tables. :data:`FILMS_FILE` is for the site, which reads no parquet.
    """
    progress = progress or NullProgress()
    progress.stage("profiles")
    source = Path(parsed_dir)
    ratings = spark.read.schema(schemas.RATINGS).parquet(spark_path(source / "ratings")).cache()
    movies = spark.read.schema(schemas.MOVIES).parquet(spark_path(source / "movies"))
    statistics = movie_statistics(ratings, movies, has_halves=read_data_set(source).has_halves)
    tables = (
        ("genre_profiles", genre_profiles(ratings, movies), schemas.GENRE_PROFILES, ("user_id", "genre")),
        ("movie_statistics", statistics, schemas.MOVIE_STATISTICS, ("movie_id",)),
    )
    rows: dict[str, int] = {}
    try:
        with replaced_folder(Path(out_dir)) as staging:
            for index, (name, frame, schema, order) in enumerate(tables, start=1):
                rows[name] = write_table(
                    frame.coalesce(1).sortWithinPartitions(*order), schema, staging / name
                )
                progress.update(percent=100 * index / len(tables), rows=rows[name], detail=name)
            _write_films(source / "movies", staging / "movie_statistics", staging / FILMS_FILE)
    finally:
        ratings.unpersist()
    return rows


def _write_films(movies: Path, statistics: Path, target: Path) -> None:
    """One line for each film, ordered by number: what the catalogue keeps of it."""
    columns = ["movie_id", "rating_count", "mean_stars", "like_share", "histogram"]
    counted = {
        row["movie_id"]: row for row in pyarrow.parquet.read_table(statistics, columns=columns).to_pylist()
    }
    columns = ["movie_id", "key", "title", "original_title", "year", "genres", *FACTS]
    films = pyarrow.parquet.read_table(movies, columns=columns).sort_by("movie_id").to_pylist()
    with target.open("w", encoding="utf-8") as file:
        for film in films:
            known = {name: value for name, value in film.items() if name not in FACTS or value}
            file.write(json.dumps(known | counted[film["movie_id"]], ensure_ascii=False) + "\n")
