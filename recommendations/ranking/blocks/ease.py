"""EASE: what each rating says about every other film, in closed form.

Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019, on the star-weighted, column-centred matrix,
truncated to the directions that carry most of the scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.blocks.base import (
    Block,
    Folded,
    Person,
    Recency,
    Singles,
    Term,
    Words,
    gettext_noop,
)


@dataclass(frozen=True)
class EaseParameters:
    """``ridge`` is the paper's λ, ``rank`` the directions that are kept; ``intercept_weight`` says how much it counts
    what EASE expects of a film before any rating is known."""

    ridge: float = 500.0
    rank: int = 64
    recency: Recency | None = None
    intercept_weight: float = 0.0


@dataclass(frozen=True, eq=False)
class Ease(Block):
    """Item weights B = ``fold`` · ``items``' in low rank: a rating's row of B is what it adds to each film."""

    name = "ease"
    title = "EASE"
    parameters = EaseParameters
    by_weighting = {
        "likes": EaseParameters(recency=Recency(0.2, 10.0)),
        "any": EaseParameters(intercept_weight=1.0),
    }
    facts = ("intercept",)
    of_films = ("items", "fold", "intercept")
    words = {
        "intercept": Words(
            gettext_noop("Seen by many people"), gettext_noop("Liked by many people."), everybody=True
        )
    }

    items: Singles  # (n, rank)
    fold: Singles  # (n, rank)
    intercept: Singles  # (n,) what is expected of a film before any rating is known

    @classmethod
    def empty(cls, films: int) -> Self:
        """No directions and no intercept."""
        nothing = np.zeros((films, 0), np.float32)
        return cls(nothing, nothing, np.zeros(films, np.float32))

    def fold_in(self, person: Person) -> Folded:
        """A linear map of the weighted history."""
        own = person.artefact.parameters.of(EaseParameters)
        return Folded(
            ratings=person.linear(self.fold, own.recency),
            terms=(Term("intercept", own.intercept_weight, fact="intercept"),),
        )

    def similar(self, film: int, k: int) -> tuple[NDArray[np.intp], Singles]:
        """Return positions and item weights B[film, other] of the ``k`` films that a rating of ``film`` raises most.

        Only films with a positive weight come back.
        """
        weights = self.items @ self.fold[film]
        weights[film] = -np.inf
        order = np.argsort(-weights, kind="stable")[:k]
        order = order[weights[order] > 0]
        return order, weights[order]
