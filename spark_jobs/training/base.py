"""What the training of every block has in common: sums over people in the executors, then a solve on the driver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from scipy.linalg import eigh

from recommendations.ranking.blocks.base import Block
from recommendations.ranking.content import FilmContent
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.histories import PersonHistory

Floats = NDArray[np.float64]
Sums = dict[str, Floats]


@dataclass(frozen=True)
class TrainingData:
    """What a block is solved from. ``sums`` are those of all blocks; a square that has been solved is taken out."""

    parameters: Parameters
    films: int
    genres: NDArray[np.float32]  # (films, g) membership
    decades: NDArray[np.int16]  # (films,) 1990 for 1990 to 1999; 0 where the year is unknown
    people: KnownPeople
    histories: DataFrame
    genre_profiles: DataFrame
    sums: Sums
    seed: int = 0
    data_set: DataSet = field(default_factory=DataSet)
    contents: tuple[FilmContent, ...] = ()  # (films,) what is known of each film
    solved: list[Block] = field(default_factory=list)  # the blocks before this one, in their order

    @property
    def person_count(self) -> float:
        """How many people were summed up."""
        return float(self.sums["people"][0])

    @property
    def like_share(self) -> Floats:
        """Likes / people of each film (n,)."""
        return self.sums["likes"] / self.person_count


@dataclass(frozen=True)
class Trained:
    """A block, what its training found out (for the manifest) and the files that it leaves for others."""

    block: Block
    report: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


class BlockTraining(ABC):
    """The training of one block. ``needs_squares``: its sums are films × films, too much for huge catalogues."""

    block: ClassVar[type[Block]]
    needs_squares: ClassVar[bool] = False

    def is_wanted(self, parameters: Parameters) -> bool:
        """False if the block would add nothing under these parameters."""
        return True

    def zeros(self, films: int) -> Sums:
        """Its sums before the first person, by names that no other block uses."""
        return {}

    def add(self, sums: Sums, person: PersonHistory, parameters: Parameters) -> None:  # noqa: B027 (a block may need no sums)
        """Add one person to its sums, in an executor."""

    @abstractmethod
    def solve(self, data: TrainingData) -> Trained:
        """Solve the block on the driver, from its sums."""

    def solve_wide(self, data: TrainingData) -> Trained:
        """Solve a block that ``needs_squares`` from the people's ratings instead, for more films than can be summed up
        in squares."""
        raise NotImplementedError(f"{self.block.title} has no way for this many films")


def accumulate(
    people: Iterator[PersonHistory], trainings: Sequence[BlockTraining], films: int, parameters: Parameters
) -> Sums:
    """Sum over people what these trainings need; always ``likes`` (n,) and ``people`` (1,), their number."""
    sums: Sums = {"likes": np.zeros(films), "people": np.zeros(1)}
    for training in trainings:
        sums |= training.zeros(films)
    for person in people:
        sums["likes"][person.history.items[person.history.stars >= parameters.like_threshold]] += 1.0
        sums["people"] += 1.0
        for training in trainings:
            training.add(sums, person, parameters)
    return sums


def truncate(weights: Floats, gram: Floats, rank: int) -> tuple[Floats, Floats]:
    """Keep the ``rank`` directions of the scores X·W that carry most of them; returns fold and items, (n, rank) each.

    The right singular vectors V of XW are the eigenvectors of W'(X'X)W; the map becomes (W·V)·V'.
    """
    rank = min(rank, len(weights))
    second_moment = weights.T @ gram @ weights
    size = len(weights)
    _, vectors = eigh((second_moment + second_moment.T) / 2, subset_by_index=(size - rank, size - 1))
    vectors = np.ascontiguousarray(vectors[:, ::-1])
    return weights @ vectors, vectors
