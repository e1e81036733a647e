"""How training grows: times of its steps on made-up ratings of MovieLens' shape. A benchmark, run by hand::

    spark-submit --driver-memory 8g spark_jobs/scaling.py --ratings 100000 1000000

People's activity is log-normal with at least 20 ratings, films' popularity falls like a power law, and stars follow a
latent taste, so that every step has the work that real ratings would give it. Prints one JSON object per size.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time

import numpy as np
import pandas as pd
from pyspark.sql import SparkSession

from recommendations.ranking.demographics import OCCUPATIONS
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.parameters import LIKES
from spark_jobs.session import build_session
from spark_jobs.training.model import TrainingTables, train_model
from spark_jobs.transforms.profiles import genre_profiles

# People and films of the MovieLens releases of about these sizes.
SHAPES = {100_000: (943, 1_682), 1_000_000: (6_040, 3_706), 10_000_000: (69_878, 10_677)}
LATENT = 8


def made_up_ratings(ratings: int, people: int, films: int, seed: int = 0) -> pd.DataFrame:
    """Return user_id, movie_id, stars, rated_at and position for about ``ratings`` ratings."""
    generator = np.random.default_rng(seed)
    activity = np.maximum(20, generator.lognormal(0.0, 1.0, people) * (ratings / people) * 0.55).astype(int)
    activity = np.minimum(activity, films // 2)
    activity = np.maximum(20, (activity * (ratings / activity.sum())).astype(int))
    popularity = 1.0 / (np.arange(films) + 20.0)
    popularity /= popularity.sum()
    tastes, traits = generator.normal(size=(people, LATENT)), generator.normal(size=(films, LATENT))
    frames = []
    for person, count in enumerate(activity):
        # Gumbel's trick: the largest perturbed log-weights are a draw without replacement.
        keys = np.log(popularity) + generator.gumbel(size=films)
        chosen = np.argpartition(-keys, count)[:count]
        liking = 3.5 + 0.35 * traits[chosen] @ tastes[person] + generator.normal(0.0, 0.6, count)
        frames.append(
            pd.DataFrame(
                {
                    "user_id": person + 1,
                    "movie_id": chosen + 1,
                    "stars": np.clip(np.rint(liking), 1, 5),
                    "position": np.arange(count),
                }
            )
        )
    table = pd.concat(frames, ignore_index=True).astype("int32")
    return table.assign(rated_at=table["position"].astype("int64"))


def tables_of(
    spark: SparkSession, ratings: pd.DataFrame, people: int, films: int, seed: int = 0
) -> TrainingTables:
    """Put made-up people and films beside the ratings."""
    generator = np.random.default_rng(seed)
    movies = spark.createDataFrame(
        [
            (film + 1, 1930 + film % 69, sorted({GENRES[1 + film % 18], GENRES[1 + film * 7 % 18]}))
            for film in range(films)
        ],
        "movie_id int, year int, genres array<string>",
    )
    users = spark.createDataFrame(
        pd.DataFrame(
            {
                "user_id": np.arange(1, people + 1, dtype="int32"),
                "age": generator.integers(15, 70, people),
                "gender": generator.choice(["F", "M"], people),
                "occupation": generator.choice(OCCUPATIONS, people),
            }
        )
    )
    frame = spark.createDataFrame(ratings)
    return TrainingTables(frame, movies, users, genre_profiles(frame, movies))


def measure(spark: SparkSession, size: int) -> dict[str, object]:
    """Train once on made-up ratings of this size and return seconds by step."""
    people, films = SHAPES[size]
    ratings = made_up_ratings(size, people, films)
    marks: list[tuple[str, float]] = []
    model = train_model(
        tables_of(spark, ratings, people, films),
        LIKES,
        version="scaling",
        notify=lambda step: marks.append((step, time.monotonic())),
    )
    marks.append(("end", time.monotonic()))
    steps = {
        step: round(after - begun, 2) for (step, begun), (_, after) in zip(marks, marks[1:], strict=False)
    }
    sample = model.people.user_ids[:200]
    begun = time.perf_counter()
    for user in sample:
        fold_in(model.artefact, *model.people.person(int(user)))
    return {
        "ratings": len(ratings),
        "people": people,
        "films": films,
        "seconds": steps,
        "total_seconds": round(marks[-1][1] - marks[0][1], 1),
        "fold_in_ms": round(1000 * (time.perf_counter() - begun) / len(sample), 3),
        "driver_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "worker_peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ratings", type=int, nargs="+", choices=sorted(SHAPES), default=[100_000])
    parser.add_argument("--master", default="local[*]")
    parser.add_argument("--driver-memory", default="8g")
    options = parser.parse_args(arguments)
    spark = build_session("movierec scaling", master=options.master, driver_memory=options.driver_memory)
    for size in options.ratings:
        print(json.dumps(measure(spark, size)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
