"""A trained model in memory: facts about films, and the blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.blocks.base import Block
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.parameters import Parameters

Floats = NDArray[np.float32]
B = TypeVar("B", bound=Block)


@dataclass(frozen=True)
class Artefact:
    """One model version. ``n`` films, ``d`` = sum of the block widths; every matrix has one row per film.

    ``movie_ids`` (n,) are the films' numbers, ascending but for films that came after training, so that a film's position
    breaks ties the same way in both engines. ``blocks`` holds one of each of :data:`recommendations.ranking.blocks.BLOCKS`, in that order; those
    that the version was trained without are empty.
    """

    version: str
    parameters: Parameters
    movie_ids: NDArray[np.int32]
    genres: Floats  # (n, g) membership in the genres of ``data``
    decades: NDArray[np.int16]  # 1990 for 1990 to 1999; 0 where the year is unknown
    rating_count: NDArray[np.int32]
    like_share: Floats  # likes / people
    blocks: tuple[Block, ...]
    # Films that the data has twice: the number to leave and the number to keep (:func:`titles.find_twins`).
    twins: Mapping[int, int] = field(default_factory=dict)
    data: DataSet = field(default_factory=DataSet)
    # So many of the last rows are films that came after training (:mod:`recommendations.ranking.new_films`).
    newcomers: int = 0

    def block(self, kind: type[B]) -> B:
        """The block of this class, which may be empty."""
        return next(block for block in self.blocks if isinstance(block, kind))

    @property
    def block_names(self) -> list[str]:
        """The blocks that the version was trained with."""
        return [block.name for block in self.blocks if not block.is_empty]

    @cached_property
    def item_vectors(self) -> Floats:
        """The concatenated item vectors (n, d)."""
        return np.hstack(
            [block.vectors for block in self.blocks if block.vectors is not None], dtype=np.float32
        )

    @cached_property
    def spans(self) -> dict[str, slice]:
        """Where each block lies in the vectors."""
        widths = [0 if block.vectors is None else block.vectors.shape[1] for block in self.blocks]
        ends = np.cumsum(widths).tolist()
        return {
            block.name: slice(end - width, end)
            for block, width, end in zip(self.blocks, widths, ends, strict=True)
        }

    @cached_property
    def dimensions(self) -> dict[int, tuple[str, int]]:
        """By dimension, the kind of part and its index, for those that are explained one by one."""
        return {
            self.spans[block.name].start + place: part
            for block in self.blocks
            for place, part in enumerate(block.dimensions)
        }

    @cached_property
    def facts(self) -> dict[str, Floats]:
        """The columns (n,) that the terms of a plan may weigh: the model's own, and those of the blocks."""
        of_blocks = {name: getattr(block, name) for block in self.blocks for name in block.facts}
        return {"like_share": self.like_share, **of_blocks, "popularity": self.popularity}

    def having(self, field: str, value: str | int) -> Floats:
        """1 for the films of this genre (``genres``, a name) or decade (``decade``, its first year), else 0 (n,).

        A genre that the data do not have is that of no film.
        """
        if field == "genres":
            names = self.data.genres
            if value not in names:
                return np.zeros(len(self.movie_ids), np.float32)
            return self.genres[:, names.index(str(value))]
        return (self.decades == value).astype(np.float32)

    @cached_property
    def popularity(self) -> Floats:
        """How well known a film is (n,): log of its rating count, 0 for none and 1 for the most rated."""
        counts = np.log1p(self.rating_count.astype(np.float64))
        return (counts / max(counts.max(initial=0.0), 1.0)).astype(np.float32)

    @cached_property
    def positions(self) -> dict[int, int]:
        """Number to row."""
        return {int(movie_id): row for row, movie_id in enumerate(self.movie_ids)}

    def is_new(self, film: int) -> bool:
        """Whether the film at this position came after training."""
        return film >= len(self.movie_ids) - self.newcomers

    def kept_number(self, movie_id: int) -> int:
        """The number under which a film is shown."""
        return self.twins.get(movie_id, movie_id)

    def never_shown(self, movie_ids: Iterable[int]) -> frozenset[int]:
        """These films under each of their numbers, and the second numbers of all others."""
        return frozenset(self.twins).union(*((number, self.kept_number(number)) for number in movie_ids))

    @cached_property
    def each_once(self) -> NDArray[np.bool_]:
        """False for the rows of second numbers (n,)."""
        return ~np.isin(self.movie_ids, list(self.twins))

    @cached_property
    def max_norm(self) -> float:
        """M, the greatest length of an item vector; Elasticsearch stores ``item / M`` with one more dimension."""
        return float(np.sqrt((self.item_vectors.astype(np.float64) ** 2).sum(axis=1).max(initial=1e-12)))
