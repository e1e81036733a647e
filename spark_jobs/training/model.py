"""Training of one model version: Spark adds up and factorises, the driver solves and assembles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from pyspark.sql import DataFrame

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks import BLOCKS
from recommendations.ranking.blocks.base import Block
from recommendations.ranking.genres import GENRES
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople
from recommendations.ranking.titles import find_twins
from spark_jobs.training.als import AlsTraining
from spark_jobs.training.base import BlockTraining, TrainingData, accumulate
from spark_jobs.training.demographic import DemographicTraining
from spark_jobs.training.early import EarlyTraining
from spark_jobs.training.ease import EaseTraining
from spark_jobs.training.histories import collect_people, histories_frame, sum_matrices, to_pandas
from spark_jobs.training.kinds import KindsTraining
from spark_jobs.training.sequence import SequenceTraining
from spark_jobs.training.stars import StarsTraining

# The training of each block, in the order of BLOCKS.
TRAININGS: tuple[BlockTraining, ...] = (
    EaseTraining(),
    AlsTraining(),
    SequenceTraining(),
    DemographicTraining(),
    EarlyTraining(),
    KindsTraining(),
    StarsTraining(),
)
STEPS = ("histories", "Gram matrices", *(block.title for block in BLOCKS))
# Above this many films the films × films solves no longer fit a driver: ALS and demographics then stand alone, and
# the manifest's ``blocks`` say so.
MAX_FILMS_FOR_SOLVES = 20_000


@dataclass(frozen=True)
class TrainingTables:
    """The parsed tables of :mod:`spark_jobs.ingest` and the genre profiles made from the same ratings."""

    ratings: DataFrame
    movies: DataFrame
    users: DataFrame
    genre_profiles: DataFrame


@dataclass(frozen=True)
class TrainedModel:
    """A model in memory, the people it learnt from, the files for saving beside it, and what training found out."""

    artefact: Artefact
    people: KnownPeople
    files: dict[str, bytes]
    report: dict[str, Any]


def train_model(
    tables: TrainingTables,
    parameters: Parameters,
    *,
    version: str,
    seed: int = 0,
    notify: Callable[[str], None] = lambda step: None,
) -> TrainedModel:
    """Train every block on these tables. ``notify`` hears the name of each step as it begins.

    Raises
    ------
    ValueError
        If there is no rating to learn from.
    """
    notify("histories")
    histories = histories_frame(tables.ratings, tables.users, tables.movies).cache()
    people = collect_people(histories)
    if not len(people.user_ids):
        raise ValueError("there are no ratings to learn from")
    films = to_pandas(tables.movies.orderBy("movie_id").select("movie_id", "title", "year", "genres"))
    count = len(films)

    notify("Gram matrices")
    trainings = [
        training
        for training in TRAININGS
        if parameters.has(training.block)
        and training.is_wanted(parameters)
        and (count <= MAX_FILMS_FOR_SOLVES or not training.needs_squares)
    ]
    sums = sum_matrices(
        histories, partial(accumulate, trainings=trainings, films=count, parameters=parameters)
    )
    genres = np.array([[genre in row for genre in GENRES] for row in films["genres"]], np.float32)
    decades = (films["year"].fillna(0).to_numpy(np.int16) // 10 * 10).astype(np.int16)
    data = TrainingData(
        parameters, count, genres, decades, people, histories, tables.genre_profiles, sums, seed
    )
    blocks: list[Block] = []
    report: dict[str, Any] = {"people": len(people.user_ids), "films": count}
    files: dict[str, bytes] = {}
    for training in TRAININGS:
        notify(training.block.title)
        if training not in trainings:
            blocks.append(training.block.empty(count))
            continue
        trained = training.solve(data)
        blocks.append(trained.block)
        report |= trained.report
        files |= trained.files
    histories.unpersist()

    rating_count = np.bincount(people.items, minlength=count).astype(np.int32)
    best_known = films.assign(year=films["year"].fillna(0).astype(int)).iloc[
        np.argsort(-rating_count, kind="stable")
    ]
    artefact = Artefact(
        version=version,
        parameters=parameters,
        movie_ids=films["movie_id"].to_numpy(np.int32),
        genres=genres,
        decades=decades,
        rating_count=rating_count,
        like_share=data.like_share.astype(np.float32),
        blocks=tuple(blocks),
        twins=find_twins(
            (int(number), title, int(year) or None)
            for number, title, year in zip(
                best_known["movie_id"], best_known["title"], best_known["year"], strict=True
            )
        ),
    )
    return TrainedModel(artefact, people, files, {**report, "blocks": artefact.block_names})
