"""From parsed tables to per-person histories, the shape that every block of the model is trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from recommendations.ranking.blocks.base import value_of_stars
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import History, KnownPeople

PARTS = 16
BLOCK_ROWS = 512
# Half the bytes between processes; sums of some thousand small weights lose nothing that a ridge of 500 would notice.
MESSAGE_TYPE = np.float32
COLUMNS = ("user_id", "item", "stars", "position", "age", "gender", "occupation")


@dataclass(frozen=True)
class PersonHistory:
    """One person as a training example; gender and occupation are positions in the lists of the data, -1 for unknown."""

    user_id: int
    age: int
    gender: int
    occupation: int
    history: History

    def weights(self, parameters: Parameters) -> NDArray[np.float64]:
        """How much each rating counts (r,)."""
        return value_of_stars(self.history.stars, parameters.star_weights)

    def liked(self, parameters: Parameters) -> NDArray[np.int32]:
        """The positions of the films that the person likes."""
        return self.history.items[self.history.stars >= parameters.like_threshold]


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


def iterate_people(frames: Iterator[pd.DataFrame]) -> Iterator[PersonHistory]:
    """Yield every person of a partition (the frames of ``mapInPandas``)."""
    rows = pd.concat(list(frames))
    for user_id, group in rows.sort_values(["user_id", "position"]).groupby("user_id", sort=False):
        first = group.iloc[0]
        yield PersonHistory(
            int(user_id),
            int(first.age),
            int(first.gender),
            int(first.occupation),
            History(group["item"].to_numpy(np.int32), group["stars"].to_numpy(np.float32)),
        )


Accumulate = Callable[[Iterator[PersonHistory]], dict[str, NDArray[np.float64]]]


def sum_matrices(histories: DataFrame, accumulate: Accumulate) -> dict[str, NDArray[np.float64]]:
    """Run ``accumulate`` on each partition's people in the executors and add the matrices up on the driver.

    The sum is formed in the executors block by block (512 rows), so no executor and no message holds more than
    one partition's matrices, and comes to the driver in parts: for 10,000 films it is larger than Spark lets through
    at once.
    """

    def partition_blocks(frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        frames = iter([frame for frame in frames if len(frame)])
        first = next(frames, None)
        if first is None:
            return
        for name, matrix in accumulate(iterate_people(_chain(first, frames))).items():
            for start in range(0, len(matrix), BLOCK_ROWS):
                block = np.ascontiguousarray(matrix[start : start + BLOCK_ROWS], dtype=MESSAGE_TYPE)
                width = block.shape[1] if block.ndim == 2 else 0
                yield pd.DataFrame(
                    {"name": [name], "start": [start], "width": [width], "block": [block.tobytes()]}
                )

    rows = histories.mapInPandas(partition_blocks, "name string, start int, width int, block binary").rdd
    summed = (
        rows.map(lambda row: ((row.name, row.start, row.width), bytes(row.block)))
        .reduceByKey(_add_bytes, numPartitions=PARTS)
        .toLocalIterator()
    )
    parts: dict[str, list[NDArray[np.float64]]] = {}
    for (name, _, width), content in sorted(summed):
        block = np.frombuffer(content, MESSAGE_TYPE).astype(np.float64)
        parts.setdefault(name, []).append(block.reshape(-1, width) if width else block)
    return {name: np.concatenate(blocks) for name, blocks in parts.items()}


def _chain(first: pd.DataFrame, rest: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    yield first
    yield from rest


def _add_bytes(left: bytes, right: bytes) -> bytes:
    return (np.frombuffer(left, MESSAGE_TYPE) + np.frombuffer(right, MESSAGE_TYPE)).tobytes()


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
    rows = to_pandas(histories).sort_values(["user_id", "position"])
    user_ids, first, counts = np.unique(rows["user_id"].to_numpy(), return_index=True, return_counts=True)
    demographics = rows.iloc[first][["age", "gender", "occupation"]].to_numpy(np.int16)
    return KnownPeople(
        user_ids=user_ids.astype(np.int32),
        demographics=demographics,
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        items=rows["item"].to_numpy(np.int32),
        stars=rows["stars"].to_numpy(np.float32),
        genders=np.array(data.genders, np.str_),
        occupations=np.array(data.occupations, np.str_),
    )
