"""A trained model in memory: item matrices, fold-in sides and the newcomer model."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.newcomers import NewcomerModel
from recommendations.ranking.parameters import Parameters

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Artefact:
    """One model version. ``n`` films, ``d`` = sum of the block widths; every matrix has one row per film.

    ``movie_ids`` (n,) are MovieLens numbers, ascending, so that a film's position breaks ties the same way in
    both engines. The item vector of a film is ``[EASE | ALS | sequence | demographic | early taste]``.
    """

    version: str
    parameters: Parameters
    movie_ids: NDArray[np.int32]
    # Facts about films.
    genres: Floats  # (n, 19) membership
    decades: NDArray[np.int16]  # 1990 for 1990 to 1999; 0 where the year is unknown
    rating_count: NDArray[np.int32]
    like_share: Floats  # likes / people
    intercept: Floats  # what EASE expects of a film before any rating is known
    # Item sides of the blocks.
    ease_items: Floats
    als_items: Floats
    sequence_items: Floats
    demographic_items: Floats
    early_items: Floats
    # Fold-in sides.
    ease_fold: Floats
    sequence_fold: Floats
    early_noise: Floats  # (n,) variance of a like that the early-taste factors leave unexplained
    newcomers: NewcomerModel = field(repr=False)

    @cached_property
    def item_vectors(self) -> Floats:
        """The concatenated item vectors (n, d)."""
        blocks = (
            self.ease_items,
            self.als_items,
            self.sequence_items,
            self.demographic_items,
            self.early_items,
        )
        return np.hstack(blocks).astype(np.float32)

    @cached_property
    def blocks(self) -> dict[str, slice]:
        """Where each block lies in the vectors."""
        names = ("ease", "als", "sequence", "demographic", "early")
        widths = [getattr(self, f"{name}_items").shape[1] for name in names]
        ends = np.cumsum(widths)
        return {
            name: slice(int(end - width), int(end))
            for name, width, end in zip(names, widths, ends, strict=True)
        }

    @cached_property
    def popularity(self) -> Floats:
        """How well known a film is (n,): log of its rating count, 0 for none and 1 for the most rated."""
        counts = np.log1p(self.rating_count.astype(np.float64))
        return (counts / max(counts.max(initial=0.0), 1.0)).astype(np.float32)

    @cached_property
    def als_gram(self) -> NDArray[np.float64]:
        """Y'Y of the ALS item factors (rank, rank), shared by all fold-ins."""
        factors = self.als_items.astype(np.float64)
        return factors.T @ factors

    @cached_property
    def positions(self) -> dict[int, int]:
        """MovieLens number to row."""
        return {int(movie_id): row for row, movie_id in enumerate(self.movie_ids)}

    @cached_property
    def max_norm(self) -> float:
        """M, the greatest length of an item vector; Elasticsearch stores ``item / M`` with one more dimension."""
        return float(np.sqrt((self.item_vectors.astype(np.float64) ** 2).sum(axis=1).max(initial=1e-12)))
