"""What the training of every block has in common: sparse rows whose products executors sum up, and a solve on the driver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from scipy.sparse import csr_array

from recommendations.ranking.blocks.base import Block
from recommendations.ranking.content import FilmContent
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.ways import Need, Way

Floats = NDArray[np.float64]
Squares = dict[str, NDArray[Any]]
# By the name of a square the rows L and R (r, films) whose product L'R it is; twice the same if it is symmetric.
Pairs = Mapping[str, tuple[csr_array, csr_array]]


@dataclass(frozen=True)
class TrainingData:
    """What a block is solved from. ``squares`` are those of all blocks; one that has been solved is taken out. ``ways`` say,
    by block, how those with squares are solved."""

    parameters: Parameters
    films: int
    genres: NDArray[np.float32]  # (films, g) membership
    decades: NDArray[np.int16]  # (films,) 1990 for 1990 to 1999; 0 where the year is unknown
    people: KnownPeople
    histories: DataFrame
    genre_profiles: DataFrame
    squares: Squares
    seed: int = 0
    data_set: DataSet = field(default_factory=DataSet)
    contents: tuple[FilmContent, ...] = ()  # (films,) what is known of each film
    ways: Mapping[str, Way] = field(default_factory=dict)
    solved: list[Block] = field(default_factory=list)  # the blocks before this one, in their order

    @property
    def likes(self) -> Floats:
        """How many people like each film (films,)."""
        liked = self.people.stars >= self.parameters.like_threshold
        return np.bincount(self.people.items[liked], minlength=self.films).astype(np.float64)

    @property
    def like_share(self) -> Floats:
        """Likes / people of each film (films,)."""
        return self.likes / len(self.people.user_ids)


@dataclass(frozen=True)
class Trained:
    """A block, what its training found out (for the manifest) and the files that it leaves for others."""

    block: Block
    report: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


class BlockTraining(ABC):
    """The training of one block."""

    block: ClassVar[type[Block]]
    # The squares of films × films that it is solved from, and whether each is symmetric; names that no other block uses.
    squares: ClassVar[Mapping[str, bool]] = {}

    def is_wanted(self, parameters: Parameters) -> bool:
        """False if the block would add nothing under these parameters."""
        return True

    def need(self, people: int, films: int, parameters: Parameters) -> Need:
        """What the way over the people needs; a block without squares is solved in one way only."""
        return Need()

    def fitting(self, parameters: Parameters, people: int) -> Parameters:
        """The parameters with what its training changes for so many people."""
        return parameters

    def pairs(self, people: KnownPeople, columns: NDArray[np.int32], parameters: Parameters) -> Pairs:
        """The rows of some people, in an executor, whose products are summed up; ``columns`` (all films,) gives each film
        its column in the squares, -1 for those beyond the head."""
        return {}

    @abstractmethod
    def solve(self, data: TrainingData) -> Trained:
        """Solve the block on the driver; its arrays hold every film, with zeros for those that its way leaves out."""
