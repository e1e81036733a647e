"""Implicit ALS: people and films as factors of what people prefer, weighted by how sure that is.

Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008, as Spark MLlib and the library ``implicit`` fit it (:mod:`spark_jobs.training.als`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from recommendations.ranking.blocks.base import Block, Floats, Folded, Person, Recency, Singles, solve
from recommendations.ranking.content import FilmContent


@dataclass(frozen=True)
class AlsParameters:
    """``values`` turn 1 to 5 stars into observations: above zero a preference, at or below zero a dislike, and
    1 + ``alpha`` · the distance from zero is the paper's confidence. ``weight`` multiplies the block's scores."""

    values: tuple[float, ...] = ()
    rank: int = 64
    alpha: float = 1.0
    ridge: float = 0.15
    iterations: int = 15
    recency: Recency | None = None
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class Als(Block):
    """The films' factors; films that nobody prefers have zeros."""

    name = "als"
    title = "ALS"
    parameters = AlsParameters
    by_weighting = {
        "likes": AlsParameters(
            values=(-1.5, -0.5, 0.5, 1.5, 2.5), alpha=2.0, ridge=0.3, iterations=10, recency=Recency(0.3, 5.0)
        ),
        "any": AlsParameters(values=(0.4, 0.6, 0.9, 1.2, 1.4), weight=1.25),
    }
    of_films = ("items",)

    items: Singles  # (n, rank)

    @classmethod
    def empty(cls, films: int) -> Self:
        """The block of a model without ALS: no factors for any film."""
        return cls(np.zeros((films, 0), np.float32))

    def appended(
        self, films: Sequence[FilmContent], genres: tuple[str, ...], predicted: Mapping[str, Singles]
    ) -> Self:
        """People are folded in as they were: films that came after training do not change what is preferred."""
        wider = super().appended(films, genres, predicted)
        wider.__dict__["gram"] = self.gram
        return wider

    @cached_property
    def gram(self) -> Floats:
        """Y'Y of the item factors (rank, rank), shared by all fold-ins."""
        factors = self.items.astype(np.float64)
        return factors.T @ factors

    def fold_in(self, person: Person) -> Folded:
        """Solve the paper's normal equations of one person, with recency on the right-hand side only, so that the
        result stays linear in the ratings' weights."""
        own, history = person.artefact.parameters.of(AlsParameters), person.history
        values = person.by_stars(own.values)
        confidence = own.alpha * np.abs(values)
        liked = values > 0
        factors = self.items[history.items].astype(np.float64)
        normal = self.gram + (factors * confidence[:, None]).T @ factors
        # Spark scales the ridge by the number of positive observations.
        normal[np.diag_indices_from(normal)] += own.ridge * max(1, int(liked.sum()))
        right = (confidence + 1.0) * liked * person.recency(own.recency)
        return Folded(ratings=own.weight * solve(normal, right[:, None] * factors))
