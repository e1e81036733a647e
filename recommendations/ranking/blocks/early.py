"""Early taste: the first ratings around what demographics let expect, the posterior mean of a factor model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from recommendations.ranking.blocks.base import Block, Folded, Person, Singles, solve
from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.content import FilmContent


@dataclass(frozen=True)
class EarlyParameters:
    """``rank`` principal components of the likes; ``noise`` is added to the variance that they leave unexplained.
    ``stars`` is how much of a like 1 to 5 stars are; a dislike is less than what is expected of nearly
    every film, so that it lowers the film's neighbours."""

    rank: int = 15
    noise: float = 0.015
    stars: tuple[float, ...] = (0.05, 0.12, 0.55, 0.78, 0.9)


@dataclass(frozen=True, eq=False)
class Early(Block):
    """Likes y = like share + demographics + ``items`` · u + noise, with u ~ N(0, I)."""

    name = "early"
    title = "early taste"
    parameters = EarlyParameters
    by_weighting = {"likes": EarlyParameters(), "any": EarlyParameters()}
    of_films = ("items",)

    items: Singles  # (n, rank)
    noise: Singles  # (n,) variance of a like that the factors leave unexplained

    @classmethod
    def empty(cls, films: int) -> Self:
        """The block of a model without early taste: no factors for any film."""
        return cls(np.zeros((films, 0), np.float32), np.ones(films, np.float32))

    def appended(
        self, films: Sequence[FilmContent], genres: tuple[str, ...], predicted: Mapping[str, Singles]
    ) -> Self:
        """A like of a new film leaves as much unexplained as that of an ordinary one."""
        usual = np.full(len(films), np.median(self.noise) if len(self.noise) else 1.0, np.float32)
        return replace(super().appended(films, genres, predicted), noise=np.concatenate([self.noise, usual]))

    def fold_in(self, person: Person) -> Folded:
        """The posterior mean of u given the ratings; it fades with the prior."""
        if person.prior <= 0:
            return Folded()
        rated = person.history.items
        demographic = person.artefact.block(Demographic)
        own = person.artefact.parameters.of(EarlyParameters)
        factors = self.items[rated].astype(np.float64)
        coordinates = demographic.predict(person.demographics).coordinates
        expected = person.artefact.like_share[rated] + demographic.items[rated] @ coordinates
        surprise = person.by_stars(own.stars) - expected
        normal = (factors / self.noise[rated][:, None]).T @ factors + np.eye(factors.shape[1])
        return Folded(ratings=person.prior * solve(normal, (surprise / self.noise[rated])[:, None] * factors))
