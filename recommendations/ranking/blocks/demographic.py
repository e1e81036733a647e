"""Demographics: what age, gender and occupation tell about a taste, before the first ratings and around them.

The mean of two predictions of a person's coordinates in the directions of films that demographics can tell at all: a
ridge regression's and a random forest's (``genre_predictor``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.blocks.base import (
    Block,
    Floats,
    Folded,
    Person,
    Singles,
    Term,
    Words,
    gettext_noop,
)
from recommendations.ranking.demographics import AGE_BANDS, GENDERS, OCCUPATIONS, Demographics
from recommendations.ranking.forest import Forest

# Age band, gender and occupation, each one-hot.
BAND_FEATURES = len(AGE_BANDS) + len(GENDERS) + len(OCCUPATIONS)
FOREST = "forest_"


@dataclass(frozen=True)
class DemographicParameters:
    """``rank`` directions of a regression of likes with this ``ridge``. The forest has ``trees``, looks at a share
    ``max_features`` of the features at each split, and takes the best of ``leaf_sizes`` by cross-validation. Horror films
    lose ``child_guard`` for somebody below ``child_age``, whatever else speaks for them."""

    rank: int = 4
    ridge: float = 10.0
    trees: int = 150
    max_features: float = 0.5
    leaf_sizes: tuple[int, ...] = (5, 10, 20)
    child_age: int = 13
    child_guard: float = 10.0


def forest_features(
    ages: NDArray[np.int_],
    genders: NDArray[np.int_],
    occupations: NDArray[np.int_],
    kinds: tuple[int, int] = (len(GENDERS), len(OCCUPATIONS)),
) -> Floats:
    """Features of the forest (n, 1 + g - 1 + o): age in years, one column per gender but the last, one per occupation.

    ``genders`` and ``occupations`` are positions among the (g, o) ``kinds`` of the version. What is not known is -1: an
    age like no other, and none of the genders or occupations.
    """
    encoded = one_hot(genders, kinds[0])[:, : max(kinds[0] - 1, 0)]
    return np.column_stack([ages, encoded, one_hot(occupations, kinds[1])]).astype(np.float64)


def band_features(
    ages: NDArray[np.int_],
    genders: NDArray[np.int_],
    occupations: NDArray[np.int_],
    kinds: tuple[int, int] = (len(GENDERS), len(OCCUPATIONS)),
) -> Floats:
    """Features of the ridge regression (n, 7 + g + o): age band, gender and occupation, each one-hot."""
    bands = np.where(ages < 0, -1, np.digitize(ages, AGE_BANDS[1:]))
    return np.hstack(
        [one_hot(bands, len(AGE_BANDS)), one_hot(genders, kinds[0]), one_hot(occupations, kinds[1])]
    )


def one_hot(positions: NDArray[np.int_], width: int) -> Floats:
    """One row (width,) per position; -1, which stands for unknown, is a row of zeros."""
    return np.vstack([np.eye(width), np.zeros((1, width))])[positions]


@dataclass(frozen=True)
class Prediction:
    """What a newcomer's demographics say: genre affinities in stars (g,), and taste coordinates (rank,)."""

    genre_affinities: Floats
    coordinates: Floats


@dataclass(frozen=True, eq=False)
class Demographic(Block):
    """The directions, the ridge's coordinates in them, and the forest: genre affinities, then the coordinates.

    ``people`` (m, 3) holds age, gender and occupation positions of the people the model learnt from, among ``genders``
    and ``occupations``. A part that
    a newcomer did not tell is filled in with each of theirs in turn and the predictions are averaged, so leaving
    a field empty changes nothing on average (partial dependence, Friedman 2001).
    """

    name = "demographic"
    title = "demographics"
    parameters = DemographicParameters
    by_weighting = {"likes": DemographicParameters(), "any": DemographicParameters()}
    files = ("genre_predictor.skops",)
    of_films = ("items",)
    words = {"child": Words(gettext_noop("Not for children"), gettext_noop("Popular with people like you."))}

    items: Singles  # (n, rank)
    ridge_mean: Floats  # (f,) feature means
    ridge_coefficients: Floats  # (f, rank)
    people: NDArray[np.int16]
    forest: Forest
    genders: NDArray[np.str_] = field(default_factory=lambda: np.array(GENDERS))
    occupations: NDArray[np.str_] = field(default_factory=lambda: np.array(OCCUPATIONS))
    _cache: dict[Demographics, Prediction] = field(default_factory=dict, repr=False)

    @classmethod
    def empty(cls, films: int) -> Self:
        """No directions, and a forest of one leaf that predicts nothing for anybody."""
        none, one, nobody = np.zeros(1), np.zeros(1, np.int32), np.zeros((1, 3), np.int16)
        leaf = Forest(one, one, one, one.astype(np.int16), none, np.zeros((1, 0)))
        coefficients = np.zeros((BAND_FEATURES, 0))
        return cls(np.zeros((films, 0), np.float32), np.zeros(BAND_FEATURES), coefficients, nobody, leaf)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Its arrays by name; those of the forest begin with ``forest_``."""
        own = ("items", "ridge_mean", "ridge_coefficients", "people", "genders", "occupations")
        return {name: getattr(self, name) for name in own} | {
            FOREST + name: array for name, array in self.forest.arrays().items()
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Rebuild block and forest."""
        trees = {
            name.removeprefix(FOREST): array for name, array in arrays.items() if name.startswith(FOREST)
        }
        own: dict[str, Any] = {name: array for name, array in arrays.items() if not name.startswith(FOREST)}
        return cls(forest=Forest(**trees), **own)

    def fold_in(self, person: Person) -> Folded:
        """The predicted coordinates, fading with the prior; and no horror for a child."""
        own, age = person.artefact.parameters.of(DemographicParameters), person.demographics.age
        is_child = age is not None and age < own.child_age and "Horror" in person.artefact.data.genres
        guard = (Term("child", -own.child_guard, where=("genres", "Horror")),) if is_child else ()
        if person.prior <= 0:
            return Folded(terms=guard)
        weight = person.prior * person.artefact.parameters.prior_weight
        return Folded(profile=weight * self.predict(person.demographics).coordinates, terms=guard)

    def predict(self, demographics: Demographics) -> Prediction:
        """Predict for one person; answers are remembered, there are only some thousand different people."""
        known = self._cache.get(demographics)
        if known is None:
            known = self._cache[demographics] = self._predict(demographics)
        return known

    def _predict(self, demographics: Demographics) -> Prediction:
        rows = self.people.astype(np.int64)
        if demographics.age is not None:
            rows[:, 0] = demographics.age
        if demographics.gender is not None:
            rows[:, 1] = _place(self.genders, demographics.gender)
        if demographics.occupation is not None:
            rows[:, 2] = _place(self.occupations, demographics.occupation)
        rows, counts = np.unique(rows, axis=0, return_counts=True)
        share = counts / counts.sum()
        kinds = (len(self.genders), len(self.occupations))
        forest = share @ self.forest.predict(forest_features(rows[:, 0], rows[:, 1], rows[:, 2], kinds))
        ridge = share @ (
            (band_features(rows[:, 0], rows[:, 1], rows[:, 2], kinds) - self.ridge_mean)
            @ self.ridge_coefficients
        )
        genres = len(forest) - len(ridge)
        return Prediction(forest[:genres], (forest[genres:] + ridge) / 2)


def _place(values: NDArray[np.str_], value: str) -> int:
    """The position of what was told among the version's; of a value that it does not know, that of the unknown."""
    found = np.flatnonzero(values == value)
    return int(found[0]) if found.size else -1
