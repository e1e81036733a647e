"""The ALS block: implicit alternating least squares (Hu, Koren, Volinsky 2008).

Two programs fit the same objective: Spark MLlib, on a cluster and for little data, and the library ``implicit``, whose
conjugate gradients do the same several times faster where all ratings fit one machine. Which one it was stands in the
version's manifest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from numpy.typing import NDArray
from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from recommendations.ranking.blocks.als import Als, AlsParameters
from recommendations.ranking.blocks.base import value_of_stars
from recommendations.ranking.people import KnownPeople
from recommendations.stars import FEWEST_STARS, HALF, MOST_STARS
from spark_jobs.session import is_local
from spark_jobs.training.base import BlockTraining, Trained, TrainingData

LIBRARY = "implicit"
# With fewer ratings both take seconds. With more than the upper bound their matrices, both ways round, take 16 GB.
LIBRARY_RATINGS = range(500_000, 1_000_000_000)
# Spark scales the ridge by a row's number of preferences. Rows whose numbers differ by less than a fifth share one.
GROUPS_PER_DOUBLING = 4


class AlsTraining(BlockTraining):
    """The histories themselves are factorised; there is nothing to sum up."""

    block = Als

    def solve(self, data: TrainingData) -> Trained:
        own = data.parameters.of(AlsParameters)
        if uses_library(data.histories.sparkSession.sparkContext.master or "", len(data.people.items)):
            items, program = als_on_one_machine(data.people, data.films, own, data.seed), LIBRARY
        else:
            items, program = als_item_factors(data.histories, data.films, own, data.seed), "Spark MLlib"
        return Trained(Als(items), {"als": {"program": program, "iterations": own.iterations}})


def uses_library(master: str, ratings: int) -> bool:
    """True where everything runs on one machine, and the ratings are many and fit it."""
    return is_local(master) and ratings in LIBRARY_RATINGS


def als_on_one_machine(people: KnownPeople, films: int, own: AlsParameters, seed: int) -> NDArray[np.float32]:
    """The same as :func:`als_item_factors`, by ``implicit``: three steps of conjugate gradients for each row and round
    (Takács, Pilászy, Tikk 2011)."""
    values = value_of_stars(people.stars, own.values)
    # A negative number says that there is no preference, and its size how sure that is.
    signed = np.copysign(1.0 + own.alpha * np.abs(values), values).astype(np.float32)
    signed[values <= 0] = -np.abs(signed[values <= 0])
    by_people = csr_matrix(
        (signed, people.items, people.starts), shape=(len(people.user_ids), films), copy=True
    )
    chance = np.random.default_rng(seed)
    sides = [
        (chance.normal(size=(count, own.rank)) / np.sqrt(own.rank)).astype(np.float32)
        for count in by_people.shape
    ]
    # The library's threads are its own; those of BLAS beside them would only wait for each other.
    with threadpool_limits(1, user_api="blas"):
        solver = AlternatingLeastSquares(factors=own.rank).solver
        rows_of_sides = [(rows, _groups(rows)) for rows in (by_people, by_people.T.tocsr())]
        for _round in range(own.iterations):
            for side, (rows, groups) in enumerate(rows_of_sides):
                _solve_side(rows, groups, sides[side], sides[1 - side], own, solver)
    return sides[1]


Groups = list[tuple[float, NDArray[np.intp]]]


def _groups(rows: csr_matrix) -> Groups:
    """Numbers of preferences, and the rows that have about so many; 0 first."""
    counts = np.bincount(
        np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))[rows.data > 0], minlength=rows.shape[0]
    )
    steps = np.where(counts > 0, np.rint(np.log2(np.maximum(counts, 1)) * GROUPS_PER_DOUBLING), -1).astype(
        int
    )
    return [
        (0.0 if step < 0 else 2.0 ** (step / GROUPS_PER_DOUBLING), np.flatnonzero(steps == step))
        for step in np.unique(steps).tolist()
    ]


def _solve_side(
    rows: csr_matrix,
    groups: Groups,
    own_side: NDArray[np.float32],
    other: NDArray[np.float32],
    own: AlsParameters,
    solver: Callable[..., None],
) -> None:
    for count, members in groups:
        if not count:
            own_side[members] = 0.0
            continue
        factors = own_side[members]
        solver(rows[members], factors, other, own.ridge * count, num_threads=0)
        own_side[members] = factors


def als_item_factors(histories: DataFrame, films: int, own: AlsParameters, seed: int) -> NDArray[np.float32]:
    """Fit ALS by Spark MLlib and return the item factors (films, rank); films that nobody prefers get zeros.

    ``values`` turn stars into observations: above zero a preference, at or below zero a dislike, and the
    distance from zero is the confidence.
    """
    # By half stars, from half a star on.
    by_halves = value_of_stars(np.arange(FEWEST_STARS, MOST_STARS + HALF, HALF), own.values)
    values = F.element_at(
        F.array(*[F.lit(float(value)) for value in by_halves]), (F.col("stars") * 2).cast("int")
    )
    model = ALS(
        rank=own.rank,
        maxIter=own.iterations,
        regParam=own.ridge,
        alpha=own.alpha,
        implicitPrefs=True,
        userCol="user_id",
        itemCol="item",
        ratingCol="value",
        numUserBlocks=histories.sparkSession.sparkContext.defaultParallelism,
        numItemBlocks=histories.sparkSession.sparkContext.defaultParallelism,
        seed=seed,
        checkpointInterval=-1,
    ).fit(_with_preferences(histories.withColumn("value", values.cast("float"))))
    factors = np.zeros((films, own.rank), np.float32)
    for row in model.itemFactors.collect():
        factors[row.id] = row.features
    return factors


def _with_preferences(observations: DataFrame) -> DataFrame:
    """Leave out people and films without any preference.

    Their factors are exactly zero. Spark scales the ridge by the number of preferences, so it would solve their
    equations without a ridge, and fail where the other factors do not span the whole space (few people or films).
    """
    preferred = observations.where("value > 0")
    return observations.join(
        F.broadcast(preferred.select("user_id").distinct()), "user_id", "left_semi"
    ).join(F.broadcast(preferred.select("item").distinct()), "item", "left_semi")
