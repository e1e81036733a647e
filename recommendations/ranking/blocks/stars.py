"""Predicted stars: how many a person would give a film, which is another question than what they will watch next.

A rating is the mean of all ratings, what is usual of the person and of the film, and a product of factors, each with a
normal prior (biases and matrix factorisation, Koren, Bell and Volinsky 2009). Both sides are kept as posteriors, mean and
covariance (Lim and Teh 2007, "Variational Bayesian approach to movie rating prediction"): a film that few have rated says
little of a person, and a person's part is a posterior mean that folds in without any training.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.blocks.base import Block, Floats, Folded, Person, Singles
from recommendations.ranking.content import FilmContent
from recommendations.ranking.people import History


@dataclass(frozen=True)
class StarsParameters:
    """``rank`` factors, fitted in ``iterations`` rounds. The variances are shares of that of all stars, so that they
    mean the same on any scale: ``noise`` of one rating, ``people`` and ``films`` of what is usual of one, ``factors`` of a
    film's factor (a person's has variance 1). ``held_out`` is the share of the ratings on which predictions are
    calibrated."""

    rank: int = 12
    iterations: int = 12
    noise: float = 0.7
    people: float = 0.16
    films: float = 0.2
    factors: float = 0.012
    held_out: float = 0.1


@dataclass(frozen=True, eq=False)
class Stars(Block):
    """Adds nothing to the score: :meth:`predict` answers.

    ``d`` = rank + 1: what is usual of the film, then its factors.
    """

    name = "stars"
    title = "predicted stars"
    parameters = StarsParameters
    by_weighting = {"likes": StarsParameters(), "any": StarsParameters()}
    of_films = ("films",)

    films: Singles  # (n, d) posterior means
    covariances: Singles  # (n, d (d + 1) / 2) of the posteriors, upper triangles
    precision: Floats  # (d,) of the prior of a person
    mean: Floats  # (1,) of all stars
    noise: Floats  # (1,) variance of one rating
    raw: Floats  # (t,) ascending predictions, and
    calibrated: Floats  # (t,) the stars that were given where they were made

    @classmethod
    def empty(cls, films: int) -> Self:
        """The block of a model that predicts no stars: no factors for any film."""
        nothing, zero = np.zeros((films, 0), np.float32), np.zeros(0)
        return cls(nothing, nothing, zero, zero, zero, zero, zero)

    @property
    def is_empty(self) -> bool:
        """True if it cannot predict."""
        return not self.films.shape[1]

    def appended(
        self, films: Sequence[FilmContent], genres: tuple[str, ...], predicted: Mapping[str, Singles]
    ) -> Self:
        """What a new film is like is as uncertain as what is least certain of the others."""
        if self.is_empty:
            return replace(self, films=np.zeros((len(self.films) + len(films), 0), np.float32))
        least = int(np.argmax(self.covariances[:, _diagonal(self.films.shape[1])].sum(axis=1)))
        uncertain = np.repeat(self.covariances[[least]], len(films), axis=0)
        return replace(
            super().appended(films, genres, predicted),
            covariances=np.concatenate([self.covariances, uncertain]),
        )

    def fold_in(self, person: Person) -> Folded:
        """Nothing: stars are no part of the score."""
        return Folded()

    def person(self, history: History) -> Floats:
        """The posterior mean of a person with these ratings (d,): what is usual of them, then their factors."""
        width = self.films.shape[1]
        films = self.films[history.items].astype(np.float64)
        # As a product, which is ten times faster than a sum over single precision.
        triangles = np.ones(len(films), np.float32) @ self.covariances[history.items]
        covariance = unpack(triangles.astype(np.float64), width)
        usual, regressors = films[:, 0], films.copy()
        regressors[:, 0] = 1.0
        within, across = covariance.copy(), covariance[0].copy()
        within[0] = within[:, 0] = across[0] = 0.0
        system = (regressors.T @ regressors + within) / self.noise + np.diag(self.precision)
        surprise = history.stars.astype(np.float64) - self.mean - usual
        return np.linalg.solve(system, (surprise @ regressors - across) / self.noise)

    def predict(self, history: History) -> PredictedStars:
        """What a person with these ratings would give every film."""
        person = self.person(history)
        factors = person[1:].astype(np.float32)
        raw = self.films[:, 0] + self.films[:, 1:] @ factors + np.float32(self.mean[0] + person[0])
        return PredictedStars(raw, self.raw, self.calibrated)


@dataclass(frozen=True)
class PredictedStars:
    """One person's predictions before calibration (n,), and the map from them to stars."""

    raw: Singles
    knots: Floats
    calibrated: Floats

    def stars(self, rows: NDArray[np.integer] | slice = slice(None)) -> Floats:
        """The calibrated predictions of the films in these rows."""
        return np.interp(self.raw[rows], self.knots, self.calibrated)

    def match(self, rows: NDArray[np.integer], among: NDArray[np.bool_]) -> NDArray[np.intp]:
        """In per cent, the share of the films ``among`` (n,) of which no more is expected than of those in ``rows``."""
        ordered = np.sort(self.raw[among])
        places = np.searchsorted(ordered, self.raw[rows], side="right")
        return np.rint(100 * places / max(len(ordered), 1)).astype(np.intp)


def pack(matrices: Floats) -> Floats:
    """The upper triangles of symmetric matrices (…, d, d) as rows (…, d (d + 1) / 2)."""
    return matrices[..., *_triangle(matrices.shape[-1])]


def unpack(triangles: Floats, width: int) -> Floats:
    """What :func:`pack` was given."""
    first, second = _triangle(width)
    matrices = np.empty((*triangles.shape[:-1], width, width))
    matrices[..., first, second] = matrices[..., second, first] = triangles
    return matrices


def _diagonal(width: int) -> NDArray[np.intp]:
    """The places of the variances in a packed matrix."""
    first, second = _triangle(width)
    return np.flatnonzero(first == second)


@lru_cache(maxsize=8)
def _triangle(width: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of an upper triangle."""
    first, second = np.triu_indices(width)
    return first, second
