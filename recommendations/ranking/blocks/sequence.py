"""Sequence: what people rate next after what they have rated of late, a ridge regression in low rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from recommendations.ranking.blocks.base import Block, Folded, Person, Recency, Singles


@dataclass(frozen=True)
class SequenceParameters:
    """Each history is cut at about ``cuts`` places from the share ``start`` on; the recency-weighted ratings before a
    cut predict the ``horizon`` ratings after it. ``weight`` multiplies the block's scores; 0 leaves it out."""

    weight: float = 0.0
    ridge: float = 1000.0
    rank: int = 64
    recency: Recency | None = None
    cuts: int = 12
    horizon: int = 20
    start: float = 0.3


@dataclass(frozen=True, eq=False)
class Sequence(Block):
    """The map from past to next ratings, ``fold`` · ``items``'."""

    name = "sequence"
    title = "sequence"
    parameters = SequenceParameters
    by_weighting = {
        "likes": SequenceParameters(weight=0.75, recency=Recency(0.3, 10.0)),
        "any": SequenceParameters(),
    }
    of_films = ("items", "fold")

    items: Singles  # (n, rank)
    fold: Singles  # (n, rank)

    @classmethod
    def empty(cls, films: int) -> Self:
        """The block of a model without moments: no directions for any film."""
        nothing = np.zeros((films, 0), np.float32)
        return cls(nothing, nothing)

    def fold_in(self, person: Person) -> Folded:
        """A linear map of the weighted history; an order says nothing before there are some ratings."""
        own = person.artefact.parameters.of(SequenceParameters)
        strength = own.weight * person.behaviour
        if strength <= 0:
            return Folded()
        return Folded(ratings=strength * person.linear(self.fold, own.recency))
