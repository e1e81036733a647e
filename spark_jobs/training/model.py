"""Training of one model version: Spark adds up and factorises, the driver solves and assembles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from sklearn.ensemble import RandomForestRegressor

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.forest import Forest
from recommendations.ranking.genres import GENRES
from recommendations.ranking.newcomers import NewcomerModel
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.accumulate import accumulate_matrices
from spark_jobs.training.als import als_item_factors
from spark_jobs.training.blocks import LinearBlock, demographic_block, early_block, ease_block, sequence_block
from spark_jobs.training.forest import fit_forest
from spark_jobs.training.histories import collect_people, histories_frame, sum_matrices, to_pandas

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
    """A model in memory, the people it learnt from, the forest for saving, and what training found out."""

    artefact: Artefact
    people: KnownPeople
    forest: RandomForestRegressor
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
    films = to_pandas(tables.movies.orderBy("movie_id").select("movie_id", "year", "genres"))
    count = len(films)

    notify("Gram matrices")
    solves = count <= MAX_FILMS_FOR_SOLVES
    accumulate = partial(accumulate_matrices, films=count, parameters=parameters, squares=solves)
    sums = sum_matrices(histories, accumulate)
    total = float(sums["people"][0])
    like_share = sums["likes"] / total

    # A square that has been solved is let go at once: above 10,000 films each takes a gigabyte.
    ease, sequence = _no_block(count), _no_block(count)
    intercept, early, noise = np.zeros(count), np.zeros((count, 0)), np.ones(count)
    notify("EASE")
    if solves:
        ease, intercept = ease_block(sums.pop("gram"), sums["sums"], total, parameters)
    notify("sequence")
    if solves and parameters.sequence_weight:
        sequence = sequence_block(sums.pop("past_gram"), sums.pop("past_next"), parameters)
    notify("ALS")
    als = als_item_factors(histories, count, parameters, seed)
    histories.unpersist()

    notify("newcomers")
    if solves:
        early, noise = early_block(sums.pop("like_gram"), sums["likes"], total, parameters)
    demographic = demographic_block(
        sums["feature_gram"], sums["feature_likes"], sums["feature_sums"], sums["likes"], total, parameters
    )
    notify("forest")
    coordinates = like_coordinates(people, demographic.items, like_share, parameters.like_threshold)
    affinities = affinity_matrix(tables.genre_profiles, people)
    forest, forest_report = fit_forest(
        people.demographics, np.hstack([affinities, coordinates]), parameters, seed=seed
    )

    single = np.float32
    artefact = Artefact(
        version=version,
        parameters=parameters,
        movie_ids=films["movie_id"].to_numpy(np.int32),
        genres=np.array([[genre in row for genre in GENRES] for row in films["genres"]], single),
        decades=(films["year"].fillna(0).to_numpy(np.int16) // 10 * 10).astype(np.int16),
        rating_count=np.bincount(people.items, minlength=count).astype(np.int32),
        like_share=like_share.astype(single),
        intercept=intercept.astype(single),
        ease_items=ease.items.astype(single),
        als_items=als,
        sequence_items=sequence.items.astype(single),
        demographic_items=demographic.items.astype(single),
        early_items=early.astype(single),
        ease_fold=ease.fold.astype(single),
        sequence_fold=sequence.fold.astype(single),
        early_noise=noise.astype(single),
        newcomers=NewcomerModel(
            Forest.from_scikit_learn(forest),
            demographic.feature_mean,
            demographic.coefficients,
            people.demographics,
        ),
    )
    report = {
        "forest": asdict(forest_report),
        "people": len(people.user_ids),
        "films": count,
        "blocks": [name for name, block in artefact.blocks.items() if block.stop > block.start],
    }
    return TrainedModel(artefact, people, forest, report)


def _no_block(films: int) -> LinearBlock:
    return LinearBlock(np.zeros((films, 0)), np.zeros((films, 0)))


def like_coordinates(
    people: KnownPeople, directions: NDArray[np.float64], like_share: NDArray[np.float64], threshold: int
) -> NDArray[np.float64]:
    """Return each person's centred likes projected on the directions (m, rank)."""
    liked = people.stars >= threshold
    rows = np.repeat(np.arange(len(people.user_ids)), np.diff(people.starts))[liked]
    coordinates = np.zeros((len(people.user_ids), directions.shape[1]))
    np.add.at(coordinates, rows, directions[people.items[liked]])
    return coordinates - like_share @ directions


def affinity_matrix(genre_profiles: DataFrame, people: KnownPeople) -> NDArray[np.float64]:
    """Return the shrunken genre affinities (m, 19) in stars; genres a person never rated are 0."""
    rows = to_pandas(genre_profiles.select("user_id", "genre", "affinity"))
    matrix = np.zeros((len(people.user_ids), len(GENRES)))
    places = np.searchsorted(people.user_ids, rows["user_id"].to_numpy())
    matrix[places, [GENRES.index(genre) for genre in rows["genre"]]] = rows["affinity"].to_numpy()
    return matrix
