"""What demographics tell about a newcomer: a random forest's prediction, averaged with a ridge regression's."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.demographics import AGE_BANDS, GENDERS, OCCUPATIONS, Demographics
from recommendations.ranking.forest import Forest
from recommendations.ranking.genres import GENRES

Floats = NDArray[np.float64]


def forest_features(
    ages: NDArray[np.int_], genders: NDArray[np.int_], occupations: NDArray[np.int_]
) -> Floats:
    """Features of the forest (n, 2 + 21): age in years, 1 for F, one column per occupation.

    ``genders`` and ``occupations`` are positions in :data:`GENDERS` and :data:`OCCUPATIONS`.
    """
    one_hot = np.eye(len(OCCUPATIONS))[occupations]
    return np.column_stack([ages, genders == GENDERS.index("F"), one_hot]).astype(np.float64)


def band_features(ages: NDArray[np.int_], genders: NDArray[np.int_], occupations: NDArray[np.int_]) -> Floats:
    """Features of the ridge regression (n, 7 + 2 + 21): age band, gender and occupation, each one-hot."""
    bands = np.digitize(ages, AGE_BANDS[1:])
    return np.hstack(
        [np.eye(len(AGE_BANDS))[bands], np.eye(len(GENDERS))[genders], np.eye(len(OCCUPATIONS))[occupations]]
    )


@dataclass(frozen=True)
class Prediction:
    """What a newcomer's demographics say: 19 genre affinities in stars, and taste coordinates (rank,)."""

    genre_affinities: Floats
    coordinates: Floats


@dataclass(frozen=True)
class NewcomerModel:
    """The forest (``genre_predictor``: 19 genre affinities, then the taste coordinates) and the ridge beside it.

    ``people`` (m, 3) holds age, gender and occupation positions of the people the model learnt from. A part that
    a newcomer did not tell is filled in with each of theirs in turn and the predictions are averaged, so leaving
    a field empty changes nothing on average (partial dependence, Friedman 2001).
    """

    forest: Forest
    ridge_mean: Floats  # (30,) feature means
    ridge_coefficients: Floats  # (30, rank)
    people: NDArray[np.int16]
    _cache: dict[Demographics, Prediction] = field(default_factory=dict, repr=False, compare=False)

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
            rows[:, 1] = GENDERS.index(demographics.gender)
        if demographics.occupation is not None:
            rows[:, 2] = OCCUPATIONS.index(demographics.occupation)
        rows, counts = np.unique(rows, axis=0, return_counts=True)
        share = counts / counts.sum()
        forest = share @ self.forest.predict(forest_features(*rows.T))
        ridge = share @ ((band_features(*rows.T) - self.ridge_mean) @ self.ridge_coefficients)
        return Prediction(forest[: len(GENRES)], (forest[len(GENRES) :] + ridge) / 2)
