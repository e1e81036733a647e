"""Sums of films × films over people, in the executors: sparse products of one partition after the other, in strips of films.

A task holds its people's sparse rows and one strip, never a whole square; of a symmetric square it makes one half. The
driver puts the strips together. What a task may take at once is a setting; a task that runs out of memory all the same is
tried again with strips of half the size, and at last the sentence names the setting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from py4j.protocol import Py4JError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame

from recommendations.errors import MovierecError
from recommendations.ranking.parameters import Parameters
from spark_jobs.training.base import BlockTraining, Pairs, Squares
from spark_jobs.training.histories import people_of
from spark_jobs.training.limits import TASK_SETTING
from spark_jobs.training.ways import Way, precision

# Half the bytes between processes; sums of some thousand small weights lose nothing that a ridge of 500 would notice.
MESSAGE_TYPE = np.float32
PARTS = 16
# A strip as a sparse product of single precision with its columns' numbers, and as a dense one.
BYTES_OF_A_PLACE = 12
NARROWEST, TRIES = 16, 4
# What Spark says of a task whose process was ended for its memory, or that could not get any.
_OUT_OF_MEMORY = (
    "MemoryError",
    "OutOfMemoryError",
    "Python worker exited unexpectedly",
    "exit code 137",
    "exitCode: 137",
    "ExecutorLostFailure",
)
Strip = tuple[str, int, NDArray[np.float32]]


def strips(pairs: Pairs, task_bytes: int) -> Iterator[Strip]:
    """Name, first film and sums (width, films from there on) of every strip; a square that is not symmetric has all films.

    Each strip takes no more than half of ``task_bytes``; memory that is not there halves the strips.

    Raises
    ------
    MemoryError
        If there is none for the narrowest strip; the sentence names the setting.
    """
    for name, (left, right) in pairs.items():
        symmetric, films = left is right, right.shape[1]
        across = left.astype(np.float32).T.tocsr()
        rest = right.astype(np.float32)
        width = min(films, max(NARROWEST, task_bytes // 2 // (BYTES_OF_A_PLACE * films)))
        start = 0
        while start < films:
            part = slice(start, min(start + width, films))
            try:
                strip = (across[part] @ rest).toarray()
            except MemoryError as error:
                if width == NARROWEST:
                    raise MemoryError(too_little(task_bytes)) from error
                width = max(NARROWEST, width // 2)
                continue
            yield name, start, strip
            start = part.stop
            if symmetric and start < films:
                rest = rest[:, strip.shape[0] :]


def too_little(task_bytes: int) -> str:
    """The sentence for a task whose memory does not suffice."""
    return (
        f"A task of the sums over people ran out of memory, the last time with {task_bytes // 2**20} MB for its strips; "
        f"give the executors more memory, or set {TASK_SETTING} to less than that."
    )


def sum_squares(
    histories: DataFrame,
    trainings: Iterable[BlockTraining],
    ways: dict[str, Way],
    films: int,
    parameters: Parameters,
    task_bytes: int,
) -> Squares:
    """Add up the squares of the blocks that are solved from them, of so many ``films``, over everybody, in the order of their columns and the
    precision of their solve.

    A task that runs out of memory is tried again with half of it.

    Raises
    ------
    MovierecError
        If it does so every time.
    """
    summed = [
        training for training in trainings if training.squares and not ways[training.block.name].is_dual
    ]
    if not summed:
        return {}
    for attempt in range(TRIES):
        try:
            return _summed(histories, summed, ways, films, parameters, task_bytes >> attempt)
        except (PySparkException, Py4JError) as error:
            if not any(sign in str(error) for sign in _OUT_OF_MEMORY):
                raise
            if attempt == TRIES - 1:
                raise MovierecError(too_little(task_bytes >> attempt)) from error
    raise AssertionError("the last attempt returns or raises")


def _summed(
    histories: DataFrame,
    trainings: Sequence[BlockTraining],
    ways: dict[str, Way],
    films: int,
    parameters: Parameters,
    task_bytes: int,
) -> Squares:
    columns = [(training, ways[training.block.name].columns(films)) for training in trainings]
    rows = histories.select("user_id", "item", "stars", "position").mapInPandas(
        _messages(columns, parameters, task_bytes), "name string, start int, width int, strip binary"
    )
    summed = (
        rows.rdd.map(lambda row: ((row.name, row.start, row.width), bytes(row.strip)))
        .reduceByKey(_add_bytes, numPartitions=PARTS)
        .toLocalIterator(prefetchPartitions=True)
    )
    squares: Squares = {}
    symmetric: dict[str, bool] = {}
    for training in trainings:
        size = len(ways[training.block.name].films)
        for name, is_symmetric in training.squares.items():
            squares[name] = np.zeros((size, size), precision(size), order="F")
            symmetric[name] = is_symmetric
    for (name, start, width), content in summed:
        strip = np.frombuffer(content, MESSAGE_TYPE).reshape(width, -1)
        if symmetric[name]:
            # From the diagonal on: the columns below it.
            squares[name][start:, start : start + width] += strip.T
        else:
            squares[name][start : start + width] += strip
    return squares


def _messages(
    trainings: Sequence[tuple[BlockTraining, NDArray[np.int32]]], parameters: Parameters, task_bytes: int
) -> Callable[[Iterator[pd.DataFrame]], Iterator[pd.DataFrame]]:
    def messages(frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        found = [frame for frame in frames if len(frame)]
        if not found:
            return
        people = people_of(
            *(np.concatenate([frame[name].to_numpy() for frame in found]) for name in found[0].columns)
        )
        found.clear()
        for training, columns in trainings:
            for name, start, strip in strips(training.pairs(people, columns, parameters), task_bytes):
                yield pd.DataFrame(
                    {"name": [name], "start": [start], "width": [len(strip)], "strip": [strip.tobytes()]}
                )

    return messages


def _add_bytes(left: bytes, right: bytes) -> bytes:
    return (np.frombuffer(left, MESSAGE_TYPE) + np.frombuffer(right, MESSAGE_TYPE)).tobytes()
