"""From the files that a reader has recognised to parsed rows, good and bad, on Spark."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from spark_jobs.data_files import MOVIES_FILE, RATINGS_FILE, USERS_FILE, DataError, spark_path
from spark_jobs.progress import Reporter
from spark_jobs.sources.base import FILMS, PEOPLE, RATINGS, SCALES, Scale, Source, Table
from spark_jobs.sources.files import DataFile, encoding_of, open_text
from spark_jobs.sources.hundred_k import LAYOUT
from spark_jobs.sources.scales import find_scale
from spark_jobs.sources.stage import stage_table
from spark_jobs.transforms.lines import read_lines
from spark_jobs.transforms.parse import check_references, parse_movies, parse_ratings, parse_users
from spark_jobs.transforms.tables import type_films, type_people, type_ratings

# The tags that most people gave a film.
TAGS_KEPT = 20


@dataclass(frozen=True)
class Parsed:
    """The rows of one table; ``reason`` is null for the good ones. ``name`` is its file's and ``path`` where it lies."""

    frame: DataFrame
    name: str
    path: str
    scale: Scale = SCALES["1-5"]

    @property
    def good(self) -> DataFrame:
        """The rows without a reason to set them aside."""
        return self.frame.where(F.col("reason").isNull())


def read_source(spark: SparkSession, source: Source, scratch: Path, progress: Reporter) -> dict[str, Parsed]:
    """Every table of the source by its kind, cached. ``scratch`` is a folder for what lies there meanwhile.

    Raises
    ------
    DataError
        If a file is empty or cannot be read, or the scale of the ratings is unknown.
    """
    scratch.mkdir(parents=True)
    if source.layout == LAYOUT:
        return _read_100k(spark, source, scratch)
    frames: dict[str, DataFrame] = {}
    scale = source.scale
    for kind, table in source.tables.items():
        progress.update(percent=5, detail=table.name)
        target = scratch / f"{kind}.parquet"
        counts = stage_table(table, target, count_stars=kind == RATINGS and "stars" in table.columns)
        if kind == RATINGS:
            scale = scale or find_scale(counts, table.name)
        frames[kind] = spark.read.parquet(spark_path(target))
    assert scale is not None  # a source without ratings is none
    parsed = {
        RATINGS: type_ratings(
            frames[RATINGS],
            scale,
            has_stars="stars" in source.tables[RATINGS].columns,
            has_times="rated_at" in source.tables[RATINGS].columns,
        )
    }
    if FILMS in frames:
        films = type_films(frames[FILMS], source.tables[FILMS].list_separator)
        parsed[FILMS] = _with_extras(spark, films, source).cache()
    if PEOPLE in frames:
        parsed[PEOPLE] = type_people(frames[PEOPLE], source.vocabulary).cache()
    films_known = parsed[FILMS].where("reason is null") if FILMS in parsed else None
    parsed[RATINGS] = check_references(
        parsed[RATINGS],
        None,
        films_known,
        keys=("user_key", "movie_key"),
        names=("", source.tables[FILMS].name if FILMS in source.tables else ""),
    ).cache()
    return {
        kind: Parsed(frame, source.tables[kind].name, _path(source.tables[kind]), scale)
        for kind, frame in parsed.items()
    }


def _read_100k(spark: SparkSession, source: Source, scratch: Path) -> dict[str, Parsed]:
    lines = {kind: _lines(spark, table.files[0], scratch) for kind, table in source.tables.items()}
    users = parse_users(lines[PEOPLE]).cache()
    movies = parse_movies(lines[FILMS]).cache()
    good = "reason is null"
    ratings = check_references(parse_ratings(lines[RATINGS]), users.where(good), movies.where(good)).cache()
    files = {RATINGS: (ratings, RATINGS_FILE), FILMS: (movies, MOVIES_FILE), PEOPLE: (users, USERS_FILE)}
    return {
        kind: Parsed(_with_keys(frame), name, _path(source.tables[kind]))
        for kind, (frame, name) in files.items()
    }


def _lines(spark: SparkSession, file: DataFile, scratch: Path) -> DataFrame:
    encoding = encoding_of(file)
    if not encoding.startswith("utf-16"):
        return read_lines(spark, file.path, "ISO-8859-1" if encoding == "iso-8859-1" else "UTF-8")
    plain = scratch / file.base
    with open_text(file, encoding) as text, plain.open("w", encoding="utf-8", newline="") as target:
        shutil.copyfileobj(text, target)
    return read_lines(spark, plain, "UTF-8")


def _with_keys(frame: DataFrame) -> DataFrame:
    """The numbers of MovieLens-100k as keys."""
    for number, key in (("user_id", "user_key"), ("movie_id", "movie_key")):
        if number in frame.columns:
            frame = frame.withColumn(key, F.col(number).cast("string"))
    return frame


def _path(table: Table) -> str:
    first = table.files[0]
    return str(first) if len(table.files) == 1 else str(first.path.parent)


def _with_extras(spark: SparkSession, films: DataFrame, source: Source) -> DataFrame:
    """Adds what MovieLens' ``links.csv`` and ``tags.csv`` know of films."""
    if "links" in source.extras:
        rows = [
            (
                row["movieId"],
                _imdb(row.get("imdbId")),
                int(row["tmdbId"]) if (row.get("tmdbId") or "").isdigit() else None,
            )
            for row in _dicts(source.extras["links"], ("movieId", "imdbId", "tmdbId"))
        ]
        links = spark.createDataFrame(rows, "movie_key string, imdb_id string, tmdb_id int").dropDuplicates(
            ["movie_key"]
        )
        films = films.drop("imdb_id", "tmdb_id").join(F.broadcast(links), "movie_key", "left")
    if "tags" in source.extras:
        tagged = [
            (row["movieId"], row["tag"].strip().lower())
            for row in _tag_rows(source.extras["tags"])
            if row["movieId"] and row["tag"] and row["tag"].strip()
        ]
        counted = (
            spark.createDataFrame(tagged, "movie_key string, tag string")
            .groupBy("movie_key", "tag")
            .count()
            .groupBy("movie_key")
            .agg(
                F.sort_array(F.collect_list(F.struct((-F.col("count")).alias("less"), "tag"))).alias("found")
            )
            .select("movie_key", F.slice(F.col("found.tag"), 1, TAGS_KEPT).alias("tags"))
        )
        films = films.drop("tags").join(F.broadcast(counted), "movie_key", "left")
    return films


def _tag_rows(file: DataFile) -> Iterator[dict[str, str]]:
    if file.base.endswith(".dat"):
        with open_text(file, encoding_of(file)) as text:
            for line in text:
                parts = line.rstrip("\r\n").split("::")
                if len(parts) == 4:
                    yield {"movieId": parts[1], "tag": parts[2]}
    else:
        yield from _dicts(file, ("movieId", "tag"))


def _dicts(file: DataFile, needed: tuple[str, ...]) -> Iterator[dict[str, str]]:
    with open_text(file, encoding_of(file)) as text:
        reader = csv.DictReader(text)
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise DataError(f"{file} has no column {missing[0]}; copy or fetch it again.")
        yield from reader


def _imdb(number: str | None) -> str | None:
    return f"tt{number.zfill(7)}" if number and number.isdigit() else None
