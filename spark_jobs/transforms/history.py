"""The people's rating histories: one rating per film, in order."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812


def keep_newest(ratings: DataFrame) -> DataFrame:
    """One rating per person and film: the newest; at the same second, the one further down in the file."""
    # By person before by film: numbering the history then needs no second shuffle.
    ratings = ratings.repartition("user_id")
    newest = Window.partitionBy("user_id", "movie_id").orderBy(F.desc("rated_at"), F.desc("line_number"))
    return ratings.withColumn("rank", F.row_number().over(newest)).where("rank = 1").drop("rank")


def number_histories(ratings: DataFrame) -> DataFrame:
    """Adds ``position``: the place of a rating in the person's history by (time, film), from 0."""
    in_order = Window.partitionBy("user_id").orderBy("rated_at", "movie_id")
    return ratings.withColumn("position", (F.row_number().over(in_order) - 1).cast("int"))
