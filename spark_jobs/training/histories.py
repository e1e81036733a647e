"""From parsed tables to per-person histories, the shape that every block of the model is trained on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from recommendations.ranking.dataset import DataSet
from recommendations.ranking.people import KnownPeople

COLUMNS = ("user_id", "item", "stars", "position", "age", "gender", "occupation")


def histories_frame(
    ratings: DataFrame, users: DataFrame | None, movies: DataFrame, data: DataSet | None = None
) -> DataFrame:
    """Join ratings with the film's position (``item``: rank of ``movie_id``, from 0) and coded demographics.

    Columns: user_id, item, stars, position, age, gender, occupation; what is not known of people is -1, for everybody
    without ``users``. Each person lies in one partition.
    """
    ids = [row.movie_id for row in movies.select("movie_id").orderBy("movie_id").collect()]
    spark = ratings.sparkSession
    positions = spark.createDataFrame(list(zip(ids, range(len(ids)), strict=True)), "movie_id int, item int")
    data = data or DataSet()
    rated = ratings.join(F.broadcast(positions), "movie_id")
    if users is None:
        unknown = F.lit(-1)
        rated = rated.select("*", *(unknown.alias(name) for name in ("age", "gender", "occupation")))
    else:
        people = users.select(
            "user_id",
            F.coalesce(F.col("age").cast("int"), F.lit(-1)).alias("age"),
            _position("gender", data.genders).alias("gender"),
            _position("occupation", data.occupations).alias("occupation"),
        )
        rated = rated.join(F.broadcast(people), "user_id")
    return rated.select(*COLUMNS).repartition(spark.sparkContext.defaultParallelism, "user_id")


def _position(column: str, values: tuple[str, ...]) -> Column:
    known = F.array(*[F.lit(value) for value in values]).cast("array<string>")
    return (F.coalesce(F.array_position(known, F.col(column)), F.lit(0)) - 1).cast("int")


def to_pandas(frame: DataFrame) -> pd.DataFrame:
    """Bring a small frame to the driver."""
    return cast(pd.DataFrame, frame.toPandas())


def with_everybody(people: KnownPeople, users: DataFrame, data: DataSet) -> KnownPeople:
    """The same with the people of the data who have rated nothing, and with everybody's key."""
    rows = to_pandas(users.select("user_id", "key", "age", "gender", "occupation")).sort_values("user_id")
    numbers = rows["user_id"].to_numpy(np.int32)
    coded = np.full((len(numbers), 3), -1, np.int16)
    coded[:, 0] = rows["age"].fillna(-1).to_numpy(np.int16)
    for column, (name, values) in enumerate(
        (("gender", data.genders), ("occupation", data.occupations)), start=1
    ):
        places = {value: place for place, value in enumerate(values)}
        coded[:, column] = [places.get(value, -1) for value in rows[name]]
    counts = np.zeros(len(numbers), np.int64)
    counts[np.searchsorted(numbers, people.user_ids)] = np.diff(people.starts)
    keys = rows["key"].to_numpy(np.str_) if len(rows) else np.zeros(0, np.str_)
    return replace(
        people,
        user_ids=numbers,
        demographics=coded,
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        keys=np.zeros(0, np.str_) if np.array_equal(keys, numbers.astype(np.str_)) else keys,
    )


def collect_people(histories: DataFrame, data: DataSet | None = None) -> KnownPeople:
    """Bring every person's history to the driver as compact arrays."""
    data = data or DataSet()
    told = to_pandas(
        histories.groupBy("user_id").agg(
            *(F.first(name).alias(name) for name in ("age", "gender", "occupation"))
        )
    ).sort_values("user_id")
    ratings = histories.select("user_id", "item", "stars", "position").toArrow()
    return replace(
        people_of(*(ratings.column(name).to_numpy() for name in ("user_id", "item", "stars", "position"))),
        demographics=told[["age", "gender", "occupation"]].to_numpy(np.int16),
        genders=np.array(data.genders, np.str_),
        occupations=np.array(data.occupations, np.str_),
    )


def people_of(
    user_ids: NDArray[Any], items: NDArray[Any], stars: NDArray[Any], positions: NDArray[Any]
) -> KnownPeople:
    """People from their ratings (r,) in any order; nothing else is known of them."""
    order = np.lexsort((positions, user_ids))
    found, first = np.unique(user_ids[order], return_index=True)
    return KnownPeople(
        user_ids=found.astype(np.int32),
        demographics=np.full((len(found), 3), -1, np.int16),
        starts=np.append(first, len(order)).astype(np.int64),
        items=items[order].astype(np.int32),
        stars=stars[order].astype(np.float32),
    )
