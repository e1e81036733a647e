"""Training of one model version: Spark adds up and factorises, the driver solves and assembles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks import BLOCKS
from recommendations.ranking.blocks.base import value_of_stars
from recommendations.ranking.content import FilmContent
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople
from recommendations.ranking.titles import find_twins
from spark_jobs.training.als import AlsTraining
from spark_jobs.training.base import BlockTraining, TrainingData
from spark_jobs.training.demographic import DemographicTraining
from spark_jobs.training.early import EarlyTraining
from spark_jobs.training.ease import EaseTraining
from spark_jobs.training.histories import (
    collect_people,
    histories_frame,
    to_pandas,
    with_everybody,
)
from spark_jobs.training.kinds import KindsTraining
from spark_jobs.training.limits import Limits
from spark_jobs.training.sequence import SequenceTraining
from spark_jobs.training.squares import sum_squares
from spark_jobs.training.stars import StarsTraining
from spark_jobs.training.stored import Summing, sums_with_store
from spark_jobs.training.tail import fill_tails
from spark_jobs.training.tower import TowerTraining, fill_unrated
from spark_jobs.training.tuning import tune
from spark_jobs.training.ways import Way, choose_way

# The training of each block, in the order of BLOCKS.
TRAININGS: tuple[BlockTraining, ...] = (
    EaseTraining(),
    AlsTraining(),
    SequenceTraining(),
    DemographicTraining(),
    EarlyTraining(),
    KindsTraining(),
    StarsTraining(),
    TowerTraining(),
)
STEPS = ("histories", "Gram matrices", *(block.title for block in BLOCKS))


def trainings_for(data: DataSet) -> tuple[BlockTraining, ...]:
    """The trainings for data with these vocabularies, in the order of BLOCKS."""
    kinds = (len(data.genders), len(data.occupations))
    return tuple(
        DemographicTraining(kinds) if isinstance(training, DemographicTraining) else training
        for training in TRAININGS
    )


_CONTENT = ("year", "genres", "overview", "directors", "cast", "tags")


def _contents(films: pd.DataFrame) -> tuple[FilmContent, ...]:
    """What is known of each film, in their order; lists that the data lack are null."""

    def listed(names: Iterable[str] | None) -> tuple[str, ...]:
        return () if names is None else tuple(names)

    return tuple(
        FilmContent(
            genres=listed(film.genres),
            year=None if pd.isna(film.year) else int(film.year),
            tags=listed(film.tags),
            people=(*listed(film.directors), *listed(film.cast)),
            overview=film.overview or "",
        )
        for film in films.itertuples()
    )


def choose_ways(
    trainings: Iterable[BlockTraining],
    people: int,
    rating_count: NDArray[np.int32],
    parameters: Parameters,
    limits: Limits,
) -> dict[str, Way]:
    """By block, how its squares are solved; all of them together keep within the limits."""
    films, squares = len(rating_count), [training for training in trainings if training.squares]
    needs = {training.block.name: training.need(people, films, parameters) for training in squares}
    count = sum(len(training.squares) for training in squares)
    return {name: choose_way(need, count, rating_count, limits) for name, need in needs.items()}


def membership(genres_of_films: Iterable[Iterable[str]], genres: tuple[str, ...]) -> NDArray[np.float32]:
    """1 where a film has a genre (n, g)."""
    rows = [[genre in own for genre in genres] for own in map(set, genres_of_films)]
    return np.array(rows, np.float32).reshape(len(rows), len(genres))


@dataclass(frozen=True)
class TrainingTables:
    """The parsed tables of :mod:`spark_jobs.ingest`, what they are, and the genre profiles made from the same ratings."""

    ratings: DataFrame
    movies: DataFrame
    users: DataFrame | None
    genre_profiles: DataFrame
    data: DataSet = field(default_factory=DataSet)


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
    fit_parameters: bool = False,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    store: Path | None = None,
    notify: Callable[[str], None] = lambda step: None,
) -> TrainedModel:
    """Train every block on these tables. ``notify`` hears the name of each step as it begins. With ``fit_parameters``, a
    small grid chooses some of them first (:mod:`spark_jobs.training.tuning`), but for the data that the defaults are of.

    Raises
    ------
    ValueError
        If there is no rating to learn from.
    """
    notify("histories")
    parameters = parameters.fitting(tables.data)
    users = tables.users if tables.data.has_people else None
    histories = histories_frame(tables.ratings, users, tables.movies, tables.data).cache()
    people = collect_people(histories, tables.data)
    if not len(people.user_ids):
        raise ValueError("there are no ratings to learn from")
    films = to_pandas(tables.movies.orderBy("movie_id").select("movie_id", "title", *_CONTENT))
    count = len(films)
    tuning: dict[str, Any] = {}
    # The defaults were chosen on MovieLens-100k, with every block and on more than one inner split.
    if fit_parameters and tables.data.name != DataSet().name:
        parameters, tuning["tuning"] = tune(people, count, parameters)

    notify("Gram matrices")
    fitting = trainings_for(tables.data)
    trainings = [
        training for training in fitting if parameters.has(training.block) and training.is_wanted(parameters)
    ]
    for training in trainings:
        parameters = training.fitting(parameters, len(people.user_ids))
    rating_count = np.bincount(people.items, minlength=count).astype(np.int32)
    ways = choose_ways(trainings, len(people.user_ids), rating_count, parameters, limits)
    movie_ids = films["movie_id"].to_numpy(np.int32)
    squares, summed = sums_with_store(
        Summing(people, movie_ids, trainings, ways, parameters, limits.task_bytes),
        lambda: sum_squares(histories, trainings, ways, count, parameters, limits.task_bytes),
        store,
    )
    genres = membership(films["genres"], tables.data.genres)
    decades = (films["year"].fillna(0).to_numpy(np.int16) // 10 * 10).astype(np.int16)
    data = TrainingData(
        parameters,
        count,
        genres,
        decades,
        people,
        histories,
        tables.genre_profiles,
        squares,
        seed,
        tables.data,
        contents=_contents(films),
        ways=ways,
    )
    blocks = data.solved
    report: dict[str, Any] = {
        "people": len(people.user_ids),
        "films": count,
        "data_set": tables.data.name,
        "sums": summed,
        "ways": {name: way.report(rating_count) for name, way in ways.items()},
        **tuning,
    }
    files: dict[str, bytes] = {}
    evidence = np.bincount(
        people.items, value_of_stars(people.stars, parameters.star_weights) ** 2, count
    ).astype(np.float64)
    for training in fitting:
        notify(training.block.title)
        if isinstance(training, TowerTraining):
            # It learns from the films of the tail as well.
            blocks[:] = fill_tails(blocks, ways, evidence)
        if training not in trainings:
            blocks.append(training.block.empty(count))
            continue
        trained = training.solve(data)
        blocks.append(trained.block)
        report |= trained.report
        files |= trained.files
    histories.unpersist()

    best_known = films.assign(year=films["year"].fillna(0).astype(int)).iloc[
        np.argsort(-rating_count, kind="stable")
    ]
    artefact = Artefact(
        version=version,
        parameters=parameters,
        movie_ids=movie_ids,
        genres=genres,
        decades=decades,
        rating_count=rating_count,
        like_share=data.like_share.astype(np.float32),
        blocks=fill_unrated(blocks, data),
        data=tables.data,
        twins=find_twins(
            (int(number), title, int(year) or None)
            for number, title, year in zip(
                best_known["movie_id"], best_known["title"], best_known["year"], strict=True
            )
        ),
    )
    if tables.users is not None:
        people = with_everybody(people, tables.users, tables.data)
    return TrainedModel(artefact, people, files, {**report, "blocks": artefact.block_names})
