"""Writes a model version into new Elasticsearch indices, from the executors. Nothing live is touched."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.people import KnownPeople
from recommendations.ranking.storage import load_artefact
from recommendations.search.bulk import Cluster
from recommendations.search.documents import movie_document, profile_document, unit_item_vectors
from spark_jobs.data_files import spark_path
from spark_jobs.progress import Reporter

# An executor tells how many rows it has written when a part of so many ends.
ROWS_OF_A_PART, REPORT_SECONDS = 4_000, 1.0
Documents = Iterator[tuple[str, dict[str, Any]]]


def publish(
    spark: SparkSession,
    *,
    parsed_dir: Path,
    profiles_dir: Path,
    model_dir: Path,
    cluster: Cluster,
    label: str,
    progress: Reporter,
) -> dict[str, int]:
    """Create ``movies-<label>`` and ``user_profiles-<label>``, fill them and check their counts.

    The model folder must be readable by the executors (shared storage on a cluster). Returns documents by index.
    """
    progress.stage("publish")
    artefact, people = _model(str(model_dir))
    movies_index, profiles_index = cluster.create(label, artefact.item_vectors.shape[1])
    films = spark.read.parquet(spark_path(parsed_dir / "movies")).join(
        spark.read.parquet(spark_path(profiles_dir / "movie_statistics")).select("movie_id", "mean_stars"),
        "movie_id",
    )
    folder, now = str(model_dir), datetime.now(UTC)

    def films_of(rows: Iterator[Row]) -> Documents:
        return film_documents(rows, *_model(folder))

    def people_of(rows: Iterator[Row]) -> Documents:
        return people_documents(rows, *_model(folder), now)

    counts = {movies_index: len(artefact.movie_ids), profiles_index: len(people.user_ids)}
    everybody = genres_by_person(spark, profiles_dir, people.user_ids.tolist())
    writing = _Writing(spark, cluster, progress)
    writing.write(films, films_of, movies_index, counts[movies_index], (0, 40))
    writing.write(everybody, people_of, profiles_index, counts[profiles_index], (40, 90))
    cluster.finish(counts)
    progress.update(percent=100)
    return counts


@dataclass(frozen=True)
class _Writing:
    """Fills indices from all executors at once, and says after each part how many rows are there."""

    spark: SparkSession
    cluster: Cluster
    progress: Reporter

    def write(
        self,
        rows: DataFrame,
        documents: Callable[[Iterator[Row]], Documents],
        index: str,
        count: int,
        span: tuple[float, float],
    ) -> None:
        """Write the documents of the ``count`` rows; the stage goes from the first to the second percentage meanwhile."""
        cluster, done = self.cluster, self.spark.sparkContext.accumulator(0)

        def part(own: Iterator[Row]) -> None:
            cluster.write(index, documents(own), done.add)

        parts = max(self.spark.sparkContext.defaultParallelism, count // ROWS_OF_A_PART)
        ended = threading.Event()

        def report() -> None:
            share = min(done.value / max(count, 1), 1.0)
            self.progress.update(percent=span[0] + (span[1] - span[0]) * share, rows=done.value, detail=index)

        def watch() -> None:
            while not ended.wait(REPORT_SECONDS):
                report()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            rows.repartition(parts).foreachPartition(part)
        finally:
            ended.set()
            watcher.join()
        report()


@lru_cache(maxsize=1)
def _model(folder: str) -> tuple[Artefact, KnownPeople]:
    # Executors reuse their Python processes: one load serves all partitions of a process.
    return load_artefact(Path(folder))


def genres_by_person(spark: SparkSession, profiles_dir: Path, user_ids: list[int]) -> DataFrame:
    """One row per person: user_id and the list of their genre means, counts and affinities.

    The list is empty for people whose films have no genre.
    """
    genre = F.struct(
        "genre", F.col("mean_stars").alias("mean"), F.col("rating_count").alias("count"), F.col("affinity")
    )
    profiles = spark.read.parquet(spark_path(profiles_dir / "genre_profiles"))
    people = spark.createDataFrame([(user_id,) for user_id in user_ids], "user_id int")
    return (
        people.repartition(spark.sparkContext.defaultParallelism, "user_id")
        .join(profiles, "user_id", "left")
        .groupBy("user_id")
        .agg(F.sort_array(F.collect_list(F.when(F.col("genre").isNotNull(), genre))).alias("genres"))
    )


def film_documents(rows: Iterable[Row], artefact: Artefact, people: KnownPeople) -> Documents:
    """Yield ``(id, document)`` for rows of movie_id, title, year, genres, mean_stars."""
    vectors = unit_item_vectors(artefact)
    for row in rows:
        facts = row.asDict()
        yield str(row.movie_id), movie_document(artefact, vectors, artefact.positions[row.movie_id], facts)


def people_documents(
    rows: Iterable[Row], artefact: Artefact, people: KnownPeople, now: datetime
) -> Documents:
    """Yield ``(id, document)`` for rows of user_id and genres; the taste is folded in here."""
    for row in rows:
        demographics, history = people.person(row.user_id)
        document = profile_document(
            user_id=str(row.user_id),
            demographics=demographics,
            taste=fold_in(artefact, demographics, history),
            seen=artefact.movie_ids[history.items],
            mean_stars=float(history.stars.mean()) if len(history) else None,
            genres=[genre.asDict() for genre in row.genres],
            updated_at=now,
        )
        yield str(row.user_id), document
