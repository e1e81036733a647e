"""The ALS block: Spark MLlib's implicit alternating least squares (Hu, Koren, Volinsky 2008)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from recommendations.ranking.parameters import Parameters


def als_item_factors(
    histories: DataFrame, films: int, parameters: Parameters, seed: int
) -> NDArray[np.float32]:
    """Fit ALS and return the item factors (films, rank); films that nobody rated get zeros.

    ``als_values`` turns stars into observations: above zero a preference, at or below zero a dislike, and the
    distance from zero is the confidence.
    """
    values = F.element_at(F.array(*[F.lit(float(value)) for value in parameters.als_values]), F.col("stars"))
    model = ALS(
        rank=parameters.als_rank,
        maxIter=parameters.als_iterations,
        regParam=parameters.als_ridge,
        alpha=parameters.als_alpha,
        implicitPrefs=True,
        userCol="user_id",
        itemCol="item",
        ratingCol="value",
        numUserBlocks=histories.sparkSession.sparkContext.defaultParallelism,
        numItemBlocks=histories.sparkSession.sparkContext.defaultParallelism,
        seed=seed,
        checkpointInterval=-1,
    ).fit(histories.withColumn("value", values.cast("float")))
    factors = np.zeros((films, parameters.als_rank), np.float32)
    for row in model.itemFactors.collect():
        factors[row.id] = row.features
    return factors
