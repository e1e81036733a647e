"""Entry point of training: every block of the model, the random forest ``genre_predictor`` among them.

Run by hand on tables that :mod:`spark_jobs.ingest` and :mod:`spark_jobs.profiles` have written::

    spark-submit spark_jobs/train_genre_model.py --parsed DIR --profiles DIR --models DIR --version NAME

The model is saved as ``DIR/NAME``: ``items.npz``, ``people.npz``, the forest as ``genre_predictor.skops``, and
``manifest.json``.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from recommendations.ranking.parameters import BY_WEIGHTING, Parameters
from recommendations.ranking.storage import save_artefact
from spark_jobs.data_files import read_data_set, spark_path
from spark_jobs.facts import with_facts
from spark_jobs.progress import Progress, Reporter
from spark_jobs.session import build_session, run_as_program
from spark_jobs.training.limits import Limits
from spark_jobs.training.model import STEPS, TrainingTables, train_model


def train(
    spark: SparkSession,
    *,
    parsed_dir: Path,
    profiles_dir: Path,
    models_dir: Path,
    version: str,
    parameters: Parameters,
    facts: dict[str, Any],
    progress: Reporter,
    seed: int = 0,
    fit_parameters: bool = False,
    film_facts: Path | None = None,
    store: Path | None = None,
) -> dict[str, Any]:
    """Train a version from the tables and save it; returns its manifest. ``facts`` are added to the manifest,
    ``film_facts`` is a file of facts about films from elsewhere (:mod:`spark_jobs.facts`); in the folder ``store``
    sums wait for the next training."""
    progress.stage("train")

    def notify(step: str) -> None:
        progress.update(percent=100 * STEPS.index(step) / len(STEPS), detail=step)

    data = read_data_set(parsed_dir)
    tables = TrainingTables(
        ratings=spark.read.parquet(spark_path(parsed_dir / "ratings")),
        movies=with_facts(spark.read.parquet(spark_path(parsed_dir / "movies")), film_facts, data.name),
        users=spark.read.parquet(spark_path(parsed_dir / "users")),
        genre_profiles=spark.read.parquet(spark_path(profiles_dir / "genre_profiles")),
        data=data,
    )
    model = train_model(
        tables,
        parameters,
        version=version,
        seed=seed,
        fit_parameters=fit_parameters,
        limits=Limits.of(spark),
        store=store,
        notify=notify,
    )
    metrics = {**model.report, **facts.get("metrics", {})}
    created = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = save_artefact(
        model.artefact,
        # People with an account are learnt from, and live in the database alone: their histories are not published.
        model.people.of_movielens(),
        model.files,
        models_dir / version,
        {**facts, "created_at": created, "seed": seed, "metrics": metrics},
    )
    progress.update(percent=100, detail="saved")
    return manifest


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parsed", type=Path, required=True, help="folder of the parsed tables")
    parser.add_argument("--profiles", type=Path, required=True, help="folder of the profile tables")
    parser.add_argument("--models", type=Path, required=True, help="folder that holds the model versions")
    parser.add_argument("--version", required=True, help="name of the new version")
    parser.add_argument("--weighting", choices=sorted(BY_WEIGHTING), default="likes")
    parser.add_argument("--master", default="local[*]", help="Spark master (default: local[*])")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)

    def work(progress: Progress) -> dict[str, Any]:
        manifest = train(
            build_session("movierec train", master=options.master),
            parsed_dir=options.parsed,
            profiles_dir=options.profiles,
            models_dir=options.models,
            version=options.version,
            parameters=BY_WEIGHTING[options.weighting],
            facts={},
            progress=progress,
            seed=options.seed,
        )
        return {"version": manifest["version"], "forest": manifest["metrics"].get("forest")}

    return run_as_program(work)


if __name__ == "__main__":
    sys.exit(main())
