"""How training grows: seconds of its steps, memory and nDCG on made-up ratings. A benchmark, run by ``make bench-scale``, or
by hand on tables that :mod:`spark_jobs.made_up` has written::

    spark-submit --driver-memory 2g spark_jobs/scaling.py --tables DIR

Of some people the last fifth of the ratings is set aside and asked about. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.parameters import LIKES
from recommendations.ranking.people import KnownPeople
from recommendations.ranking.score import make_plan, rank_films, score_films
from spark_jobs.session import build_session
from spark_jobs.training.limits import Limits
from spark_jobs.training.model import TrainedModel, TrainingTables, train_model
from spark_jobs.training.tuning import LISTED
from spark_jobs.transforms.profiles import genre_profiles

# Every so many people is asked about, up to so many.
ASKED_SHARE, ASKED = 3, 1_000
TRAIN_SHARE = 0.8


def read_tables(spark: SparkSession, folder: Path) -> tuple[TrainingTables, dict[int, set[int]]]:
    """The tables without what is asked about, and what is: by person, the films that they like later."""
    ratings = spark.read.parquet(str(folder / "ratings"))
    asked = F.col("user_id").between(1, ASKED * ASKED_SHARE) & (F.col("user_id") % ASKED_SHARE == 0)
    lengths = ratings.where(asked).groupBy("user_id").agg(F.count("*").alias("length"))
    marked = ratings.join(F.broadcast(lengths), "user_id", "left").withColumn(
        "later", F.coalesce(F.col("position") >= F.col("length") * TRAIN_SHARE, F.lit(False))
    )
    wanted: dict[int, set[int]] = {}
    for row in marked.where("later and stars >= 4").select("user_id", "movie_id").collect():
        wanted.setdefault(row.user_id, set()).add(row.movie_id - 1)
    known = marked.where("not later").drop("length", "later").cache()
    movies = spark.read.parquet(str(folder / "movies"))
    users = spark.read.parquet(str(folder / "users"))
    return TrainingTables(known, movies, users, genre_profiles(known, movies)), wanted


def measure(spark: SparkSession, folder: Path) -> dict[str, Any]:
    """Train once and return seconds by step, what was chosen by size, and nDCG@10."""
    tables, wanted = read_tables(spark, folder)
    marks: list[tuple[str, float]] = []
    model = train_model(
        tables,
        LIKES,
        version="scaling",
        limits=Limits.of(spark),
        notify=lambda step: marks.append((step, time.monotonic())),
    )
    marks.append(("end", time.monotonic()))
    steps = {
        step: round(after - begun, 1) for (step, begun), (_, after) in zip(marks, marks[1:], strict=False)
    }
    ndcg, fold_in_ms = asked_about(model, wanted)
    return {
        "ratings": len(model.people.items),
        "people": len(model.people.user_ids),
        "films": len(model.artefact.movie_ids),
        "seconds": steps,
        "all": round(marks[-1][1] - marks[0][1], 1),
        "ways": model.report["ways"],
        "als": model.report["als"]["program"],
        "ndcg": round(ndcg, 4),
        "fold_in_ms": round(fold_in_ms, 3),
        "list_ms": round(list_ms(model.artefact, model.people), 2),
    }


def asked_about(model: TrainedModel, wanted: dict[int, set[int]]) -> tuple[float, float]:
    """Mean nDCG@10 of those who are asked about, and milliseconds of a fold-in."""
    discounts = 1 / np.log2(np.arange(2, LISTED + 2))
    found, seconds = [], 0.0
    for person, liked in wanted.items():
        demographics, history = model.people.person(person)
        begun = time.perf_counter()
        taste = fold_in(model.artefact, demographics, history)
        seconds += time.perf_counter() - begun
        top = rank_films(score_films(model.artefact, make_plan(taste, Dials())), history.items, LISTED)
        hits = np.isin(top, list(liked))
        found.append(float((hits * discounts[: len(top)]).sum() / discounts[: len(liked)].sum()))
    return float(np.mean(found)), 1000 * seconds / len(found)


def list_ms(artefact: Artefact, people: KnownPeople, times: int = 50) -> float:
    """Milliseconds of ranking all films for one person in NumPy, after the fold-in."""
    _, history = people.person(int(people.user_ids[0]))
    plan = make_plan(fold_in(artefact, Demographics(), history), Dials())
    begun = time.perf_counter()
    for _time in range(times):
        rank_films(score_films(artefact, plan), history.items, 20)
    return 1000 * (time.perf_counter() - begun) / times


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, required=True, help="folder that made_up.write_tables filled")
    parser.add_argument("--master", default="local[*]")
    parser.add_argument("--driver-memory", default="2g")
    options = parser.parse_args(arguments)
    spark = build_session("movierec scaling", master=options.master, driver_memory=options.driver_memory)
    print(json.dumps(measure(spark, options.tables)), flush=True)
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
