"""The ALS block: Spark MLlib's implicit alternating least squares (Hu, Koren, Volinsky 2008)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from recommendations.ranking.blocks.als import Als, AlsParameters
from recommendations.ranking.blocks.base import value_of_stars
from recommendations.stars import FEWEST_STARS, HALF, MOST_STARS
from spark_jobs.training.base import BlockTraining, Trained, TrainingData


class AlsTraining(BlockTraining):
    """Spark factorises the histories themselves; there is nothing to sum up."""

    block = Als

    def solve(self, data: TrainingData) -> Trained:
        own = data.parameters.of(AlsParameters)
        return Trained(Als(als_item_factors(data.histories, data.films, own, data.seed)))


def als_item_factors(histories: DataFrame, films: int, own: AlsParameters, seed: int) -> NDArray[np.float32]:
    """Fit ALS and return the item factors (films, rank); films that nobody prefers get zeros.

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
