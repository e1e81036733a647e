"""Entry point of evaluation: train on the train part of each split, rank, and measure.

Run by ``manage.py evaluate``; by hand::

    spark-submit spark_jobs/evaluate.py --data DIR --work DIR --protocols warm temporal --seeds 1 2 3
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame, SparkSession

from recommendations.evaluation.engines import ElasticsearchEngine, Engine, NumpyEngine
from recommendations.evaluation.groups import measure_groups
from recommendations.evaluation.names import ENGINES, MODEL, NEED_TIMES, PROTOCOLS, SERVED, LeakError
from recommendations.evaluation.protocols import (
    Split,
    check_leaks,
    splits,
    star_splits,
    temporal_split,
    trainings_per_seed,
    with_positions,
)
from recommendations.evaluation.records import Records, spread_over_seeds
from recommendations.evaluation.stars import StarsRecord
from recommendations.evaluation.stars import summary as stars_summary
from recommendations.evaluation.targets import TASTE
from recommendations.evaluation.taste import measure_taste
from recommendations.ranking.blocks.stars import Stars, StarsParameters
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.parameters import BY_WEIGHTING, Parameters
from recommendations.ranking.storage import save_artefact
from recommendations.search.bulk import Cluster
from recommendations.search.index_lifecycle import delete_indices
from spark_jobs import schemas
from spark_jobs.data_files import DataError, read_data_set, spark_path
from spark_jobs.facts import with_facts
from spark_jobs.ingest import ingest, write_table
from spark_jobs.profiles import build_profiles
from spark_jobs.progress import NullProgress, Progress, Reporter
from spark_jobs.publish import publish
from spark_jobs.session import build_session, run_as_program
from spark_jobs.training.histories import to_pandas
from spark_jobs.training.limits import Limits
from spark_jobs.training.model import TrainedModel, TrainingTables, train_model
from spark_jobs.transforms.profiles import genre_profiles


@dataclass(frozen=True)
class EvaluationData:
    """The parsed tables: Spark's for training, the driver's for splitting and asking."""

    movies: DataFrame
    users: DataFrame
    ratings: pd.DataFrame
    demographics: dict[int, Demographics]
    data: DataSet

    @classmethod
    def read(cls, spark: SparkSession, parsed_dir: Path, film_facts: Path | None = None) -> EvaluationData:
        """Read what :func:`spark_jobs.ingest.ingest` wrote, with facts about films from elsewhere (:mod:`spark_jobs.facts`)."""
        data = read_data_set(parsed_dir)
        tables = {
            name: spark.read.schema(schema).parquet(spark_path(parsed_dir / name))
            for name, schema in (
                ("ratings", schemas.RATINGS),
                ("movies", schemas.MOVIES),
                ("users", schemas.USERS),
            )
        }
        movie_ids = to_pandas(tables["movies"].select("movie_id").orderBy("movie_id"))["movie_id"]
        people = to_pandas(tables["users"].select("user_id", "age", "gender", "occupation"))
        return cls(
            movies=with_facts(tables["movies"], film_facts, data.name),
            users=tables["users"],
            ratings=with_positions(to_pandas(tables["ratings"]), movie_ids.to_numpy()),
            demographics={
                int(row.user_id): Demographics(
                    None if pd.isna(row.age) else int(row.age), row.gender or None, row.occupation or None
                )
                for row in people.itertuples()
            },
            data=data,
        )


def train_on(
    spark: SparkSession,
    data: EvaluationData,
    split: Split,
    parameters: Parameters,
    *,
    version: str,
    fit_parameters: bool = False,
) -> TrainedModel:
    """Train a model that sees the train part of a split, and nothing of the people it holds out.

    Where only stars are to be predicted, it is the block that predicts them, alone.
    """
    if split.asked is not None:
        parameters = replace(parameters, blocks=(parameters.of(StarsParameters),))
    trained_people = sorted(set(data.demographics) - split.held_out_people)
    people = spark.createDataFrame([(user_id,) for user_id in trained_people], "user_id int")
    ratings = train_ratings(spark, split)
    tables = TrainingTables(
        ratings=ratings,
        movies=data.movies,
        users=data.users.join(people, "user_id", "left_semi"),
        genre_profiles=genre_profiles(ratings, data.movies),
        data=data.data,
    )
    return train_model(
        tables,
        parameters,
        version=version,
        seed=split.seed,
        fit_parameters=fit_parameters,
        limits=Limits.of(spark),
    )


def train_ratings(spark: SparkSession, split: Split) -> DataFrame:
    """The train part as a table of :data:`spark_jobs.schemas.RATINGS`."""
    columns = [field.name for field in schemas.RATINGS.fields]
    return spark.createDataFrame(split.train[columns], schema=schemas.RATINGS)


def evaluate(
    spark: SparkSession,
    data: EvaluationData,
    *,
    protocols: Sequence[str],
    seeds: Sequence[int],
    k: int = 10,
    cluster: Cluster | None = None,
    label: str = "eval",
    work: Path | None = None,
    parameters: dict[str, Parameters] | None = None,
    fit_parameters: bool = False,
    progress: Reporter | None = None,
) -> dict[str, Any]:
    """Run the protocols with every seed and return the summary of :class:`Records` with the leak checks.

    With a ``cluster``, throw-away indices ``<label>-<number>`` are built for each model and deleted after use; the
    model and its tables pass through ``work``, which the executors must be able to read.
    ``parameters`` by weighting default to those of the site; with ``fit_parameters`` each training fits them to its part.

    Raises
    ------
    LeakError
        If a question was trained on. Nothing is measured then.
    """
    progress = progress or NullProgress()
    parameters = parameters or dict(BY_WEIGHTING)
    if not data.data.has_times:
        protocols = [name for name in protocols if name not in NEED_TIMES]
        if not protocols:
            raise DataError(
                f"the data {data.data.name} have no times, which {' and '.join(NEED_TIMES)} needs"
            )
    records, checked = Records(k, has_tuned=True), Counter[str]()
    total, done = len(seeds) * trainings_per_seed(protocols), 0
    progress.stage("evaluate")
    for seed in seeds:
        for split in splits(data.ratings, protocols, seed):
            what = f"{split.protocol}, seed {seed}" + (
                f", fold {split.fold + 1}" if split.held_out_people or split.asked is not None else ""
            )
            progress.update(percent=100 * done / total, detail=f"{what}: training")
            checked.update(check_leaks(split))
            model = train_on(
                spark,
                data,
                split,
                parameters[split.weighting],
                version=f"{label}-{done}",
                fit_parameters=fit_parameters,
            )
            progress.update(percent=100 * (done + 0.6) / total, detail=f"{what}: ranking")
            # Predicted stars are no ranking: they need no index.
            with ranking_engine(
                spark, data, split, model, cluster if split.asked is None else None, work
            ) as engine:
                records.measure(split, model.artefact, engine, data.demographics)
                if split.protocol == "temporal" and "groups" in protocols:
                    records.groups[seed] = measure_groups(
                        model.artefact, split.questions["temporal"], data.demographics, seed=seed
                    )
                if split.protocol == "taste":
                    records.tastes[seed] = measure_taste(model.artefact, engine, seed=seed)
            done += 1
    progress.update(percent=100)
    return {
        "data_set": data.data.name,
        "settings": records.summary(),
        "taste": spread_over_seeds(records.tastes),
        "groups": spread_over_seeds(records.groups),
        "stars": stars_summary(records.stars),
        "pairs_checked": dict(checked),
    }


def evaluate_candidate(
    spark: SparkSession,
    parsed_dir: Path,
    parameters: Parameters,
    *,
    fit_parameters: bool = False,
    film_facts: Path | None = None,
) -> dict[str, dict[str, dict[str, float]]]:
    """What a candidate's parameters are worth on these data, with seed 0 and the NumPy engine, for the model registry.

    By protocol and system: ``temporal``, one training and one ranking of everybody, by the model and by every baseline;
    ``taste``, asked of the same model; ``stars``, one fold of the five. A protocol is left out if there is nobody to be
    asked about.
    """
    data = EvaluationData.read(spark, parsed_dir, film_facts)
    split = temporal_split(data.ratings, seed=0)
    check_leaks(split)
    records = Records(10)
    model = train_on(spark, data, split, parameters, version="candidate", fit_parameters=fit_parameters)
    records.measure(split, model.artefact, NumpyEngine(model.artefact), data.demographics)
    taste = measure_taste(model.artefact, NumpyEngine(model.artefact))
    temporal = records.summary()["temporal"]
    measured = {
        "temporal": {
            system: {name: spread["mean"] for name, spread in measures.items()}
            for system, measures in temporal["systems"].items()
        },
        SERVED: {
            name: {"people": float(group["people"]), "ndcg": group["ndcg"][MODEL]["mean"]}
            for name, group in temporal["groups"].items()
        },
        "taste": {MODEL: {name: figure for name, figure in taste.items() if name in TASTE}},
    }
    if parameters.has(Stars):
        split = next(star_splits(data.ratings, seed=0))
        check_leaks(split)
        record = StarsRecord()
        record.add(
            train_on(spark, data, split, parameters, version="candidate").artefact, split.train, split.asked
        )
        measured["stars"] = record.figures()
    return measured


@contextmanager
def ranking_engine(
    spark: SparkSession,
    data: EvaluationData,
    split: Split,
    model: TrainedModel,
    cluster: Cluster | None,
    work: Path | None,
) -> Iterator[Engine]:
    """The engine for a trained split: the ranking core, or indices that live as long as the block."""
    if cluster is None:
        yield NumpyEngine(model.artefact)
        return
    if work is None:
        raise ValueError("the Elasticsearch engine needs a work folder")
    label, folder = model.artefact.version, work / model.artefact.version
    try:
        write_table(train_ratings(spark, split).coalesce(1), schemas.RATINGS, folder / "parsed" / "ratings")
        write_table(data.movies.coalesce(1), schemas.MOVIES, folder / "parsed" / "movies")
        build_profiles(spark, folder / "parsed", folder / "profiles")
        save_artefact(model.artefact, model.people, model.files, folder / "models" / label, {})
        publish(
            spark,
            parsed_dir=folder / "parsed",
            profiles_dir=folder / "profiles",
            model_dir=folder / "models" / label,
            cluster=cluster,
            label=label,
            progress=NullProgress(),
        )
        with cluster.client() as client:
            yield ElasticsearchEngine(client, label, model.artefact)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with cluster.client() as client:
            delete_indices(client, [label])


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of the data, in any layout that a reader knows"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for intermediate files")
    parser.add_argument("--protocols", nargs="+", choices=PROTOCOLS, default=list(PROTOCOLS))
    parser.add_argument("--engine", choices=ENGINES, default="numpy")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument(
        "--tune", choices=("yes", "no"), default="yes", help="fit parameters to each training part"
    )
    parser.add_argument("--facts", type=Path, help="file of facts about films from elsewhere")
    parser.add_argument("--elasticsearch-url", default="")
    parser.add_argument("--label", default="eval", help="how the names of throw-away indices begin")
    parser.add_argument("--master", default="local[*]")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Ingest, then evaluate; a leak is an outcome as well."""
    spark = build_session("movierec evaluate", master=options.master)
    ingest(spark, options.data, options.work / "parsed", progress=progress)
    try:
        outcome = evaluate(
            spark,
            EvaluationData.read(spark, options.work / "parsed", options.facts),
            protocols=options.protocols,
            seeds=options.seeds,
            k=options.k,
            cluster=Cluster(options.elasticsearch_url) if options.engine == "elasticsearch" else None,
            label=options.label,
            work=options.work,
            fit_parameters=options.tune == "yes",
            progress=progress,
        )
    except LeakError as error:
        outcome = {"leak": str(error)}
    spark.stop()
    return outcome


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    return run_as_program(partial(run, parse_arguments(arguments)))


if __name__ == "__main__":
    sys.exit(main())
