"""The content tower: coordinates in every block for films that nobody has rated, from what is known of them.

A ridge regression from genres, decade, tags, people and words of the overview to the films' arrays of the other blocks
(cold start by attribute-to-factor mapping, Gantner et al., ICDM 2010), fitted on the films that have ratings. How much of it
counts is how much of it has proven right for films that it had not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.blocks.base import Block, Floats, Folded, Person, Singles
from recommendations.ranking.content import FilmContent, Vocabulary

# So many films are described at once: features are many.
AT_ONCE = 2_000
_NO_NAMES = np.zeros(0, np.str_)
NOTHING = Vocabulary(
    genres=(),
    decades=np.zeros(0, np.int16),
    tags=_NO_NAMES,
    people=_NO_NAMES,
    words=_NO_NAMES,
    frequency=np.zeros(0),
    directions=np.zeros((0, 0), np.float32),
)


@dataclass(frozen=True)
class TowerParameters:
    """A film with n ratings weighs n / (n + ``half``). ``directions`` of overviews are kept; a tag or a person counts with
    at least ``least`` films, ``most`` of each at most. Of the ``ridges`` the one is taken that predicts the likes of films
    best that were left out, over ``folds`` folds of films."""

    half: float = 20.0
    directions: int = 80
    least: int = 2
    most: int = 1_000
    ridges: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0)
    folds: int = 5


@dataclass(frozen=True, eq=False)
class Tower(Block):
    """Adds nothing to the score of films with ratings: :meth:`arrays_of` says what the other blocks have of new ones.

    ``targets`` (t,) name the arrays that it predicts as ``<block>.<array>``, ``widths`` (t,) their columns, together D.
    """

    name = "tower"
    title = "new films"
    parameters = TowerParameters
    by_weighting = {"likes": TowerParameters(), "any": TowerParameters()}

    targets: NDArray[np.str_]
    widths: NDArray[np.int32]
    centre: Floats  # (f,) mean features of the films that it learnt from
    mean: Floats  # (D,) their mean arrays
    coefficients: Singles  # (f, D), shrunk
    vocabulary: Vocabulary = field(default_factory=lambda: NOTHING)

    @classmethod
    def empty(cls, films: int) -> Self:
        """It predicts nothing."""
        nothing = np.zeros(0)
        return cls(
            np.zeros(0, np.str_), np.zeros(0, np.int32), nothing, nothing, np.zeros((0, 0), np.float32)
        )

    @property
    def is_empty(self) -> bool:
        """True if it predicts nothing."""
        return not len(self.targets)

    def fold_in(self, person: Person) -> Folded:
        """Nothing: it speaks of films, not of people."""
        return Folded()

    def arrays_of(self, films: Sequence[FilmContent]) -> dict[str, dict[str, Singles]]:
        """By block and array, one row for each of these films."""
        rows = np.zeros((len(films), len(self.mean)), np.float32)
        for start in range(0, len(films), AT_ONCE):
            batch = slice(start, start + AT_ONCE)
            features = self.vocabulary.features(films[batch]) - self.centre
            rows[batch] = self.mean + features @ self.coefficients
        found: dict[str, dict[str, Singles]] = {}
        for name, part in zip(
            self.targets.tolist(), np.split(rows, np.cumsum(self.widths)[:-1], axis=1), strict=True
        ):
            block, _, array = name.partition(".")
            found.setdefault(block, {})[array] = part
        return found

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Its arrays by name, those of the vocabulary among them."""
        own = ("targets", "widths", "centre", "mean", "coefficients")
        words = {name: getattr(self.vocabulary, name) for name in _VOCABULARY}
        return {name: getattr(self, name) for name in own} | {
            name: np.array(value, np.str_) if name == "genres" else value for name, value in words.items()
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Rebuild block and vocabulary."""
        words: dict[str, Any] = {name: array for name, array in arrays.items() if name in _VOCABULARY}
        words["genres"] = tuple(words["genres"].tolist())
        own: dict[str, Any] = {name: array for name, array in arrays.items() if name not in _VOCABULARY}
        return cls(vocabulary=Vocabulary(**words), **own)


_VOCABULARY = ("genres", "decades", "tags", "people", "words", "frequency", "directions")
