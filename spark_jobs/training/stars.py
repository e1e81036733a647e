"""Predicted stars: both sides of a factor model, fitted in turns on the ratings that there are, then calibrated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.ranking.blocks.stars import Stars, StarsParameters, pack, unpack
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.base import BlockTraining, Floats, Trained, TrainingData

# Where the calibration is measured: shares of the predictions, closer at the ends, where a scale squeezes them. Each part
# has at least so many ratings, or there are fewer parts.
CUTS = (0.0, 0.01, 0.04, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.96, 0.99, 1.0)
LEAST_RATINGS = 50
# How far the factors stand apart before the first round; without that they would never part.
APART = 0.1
# So many people or films are solved for at once; their matrices need 30 MB.
BLOCK_ROWS = 20_000
Ints = NDArray[np.integer]


@dataclass(frozen=True)
class Ratings:
    """``rows`` (r,) people, ``columns`` (r,) films and ``stars`` (r,), of so many people and films."""

    rows: Ints
    columns: Ints
    stars: Floats
    people: int
    films: int

    @classmethod
    def of(cls, people: KnownPeople, films: int) -> Ratings:
        """All ratings of these people."""
        rows = np.repeat(np.arange(len(people.user_ids)), np.diff(people.starts))
        return cls(rows, people.items, people.stars.astype(np.float64), len(people.user_ids), films)

    def where(self, chosen: NDArray[np.bool_]) -> Ratings:
        """The ratings for which ``chosen`` (n,) is true, of the same people and films."""
        return Ratings(self.rows[chosen], self.columns[chosen], self.stars[chosen], self.people, self.films)


@dataclass(frozen=True)
class Side:
    """Posteriors of all people or of all films: ``means`` (m, d) and ``covariances`` (m, d (d + 1) / 2); the first
    dimension is what is usual, the others are factors."""

    means: Floats
    covariances: Floats


class StarsTraining(BlockTraining):
    """Needs no sums: the histories that the driver holds anyway are sparse matrices, and a round is two products."""

    block = Stars

    def solve(self, data: TrainingData) -> Trained:
        own, ratings = data.parameters.of(StarsParameters), Ratings.of(data.people, data.films)
        raw, calibrated = calibration(ratings, own, data.seed)
        return Trained(fit_stars(ratings, own, data.seed, raw, calibrated))


def calibration(ratings: Ratings, own: StarsParameters, seed: int) -> tuple[Floats, Floats]:
    """What the ratings that a model did not see were, where it predicted so many stars: knots of a rising line.

    A prediction is no distance on an endless line: where nearly everything is expected, five stars are the most. With
    too few ratings to tell, predictions are only kept between the least and the most stars that were given.
    """
    lowest, highest = float(ratings.stars.min()), float(ratings.stars.max())
    held_out = np.random.default_rng(seed).random(len(ratings.stars)) < own.held_out
    if (~held_out).sum() < 2 or held_out.sum() < LEAST_RATINGS:
        return np.array([lowest, highest]), np.array([lowest, highest])
    known, asked = ratings.where(~held_out), ratings.where(held_out)
    films, people, mean = fit_sides(known, own, seed)
    predicted = mean + people.means[asked.rows, 0] + films.means[asked.columns, 0]
    predicted += (people.means[asked.rows, 1:] * films.means[asked.columns, 1:]).sum(axis=1)
    order = np.argsort(predicted, kind="stable")
    ends = np.unique([round(cut * len(order)) for cut in CUTS])
    parts = _large_enough(np.split(order, ends[1:-1]))
    raw = np.array([predicted[part].mean() for part in parts])
    given = np.maximum.accumulate([asked.stars[part].mean() for part in parts])
    given = np.clip(given, lowest, highest)
    # Beyond the outer parts a film still stands above another one, up to the end of the scale; but where the parts are few
    # because the ratings are, a little more that is predicted is not many stars.
    spread = float(predicted.std()) or 1.0
    below, above = max(spread, given[0] - lowest), max(spread, highest - given[-1])
    raw = np.concatenate([[raw[0] - below], raw, [raw[-1] + above]])
    return raw, np.concatenate([[lowest], given, [highest]])


def _large_enough(parts: list[Ints]) -> list[Ints]:
    """The parts, each smaller one joined to its neighbour."""
    joined: list[Ints] = []
    for part in parts:
        if joined and (len(part) < LEAST_RATINGS or len(joined[-1]) < LEAST_RATINGS):
            joined[-1] = np.concatenate([joined[-1], part])
        else:
            joined.append(part)
    return joined


def fit_stars(ratings: Ratings, own: StarsParameters, seed: int, raw: Floats, calibrated: Floats) -> Stars:
    """The block, fitted on all of these ratings, with this calibration."""
    films, _people, mean = fit_sides(ratings, own, seed)
    scale = variance_of(ratings)
    return Stars(
        films.means.astype(np.float32),
        films.covariances.astype(np.float32),
        1.0 / prior_of_people(own, scale),
        np.array([mean]),
        np.array([own.noise * scale]),
        raw,
        calibrated,
    )


def fit_sides(ratings: Ratings, own: StarsParameters, seed: int) -> tuple[Side, Side, float]:
    """Posteriors of films and people, and the mean of all stars; people are fitted last, to the films as returned."""
    scale, mean = variance_of(ratings), float(ratings.stars.mean())
    shape, places = (ratings.people, ratings.films), (ratings.rows, ratings.columns)
    rated = csr_array((np.ones(len(ratings.stars), np.float32), places), shape)
    above = csr_array((ratings.stars - mean, places), shape)
    rated_by, above_by = rated.T.tocsr(), above.T.tocsr()
    prior_films = np.array([own.films * scale, *[own.factors * scale] * own.rank])
    prior_people, noise = prior_of_people(own, scale), own.noise * scale
    apart = np.random.default_rng(seed).normal(0, APART, (ratings.films, own.rank))
    films = Side(
        np.hstack([np.zeros((ratings.films, 1)), apart]),
        np.zeros((ratings.films, (own.rank + 1) * (own.rank + 2) // 2)),
    )
    people = posterior(rated, above, films, prior_people, noise)
    for _round in range(own.iterations):
        films = posterior(rated_by, above_by, people, prior_films, noise)
        people = posterior(rated, above, films, prior_people, noise)
    return films, people, mean


def posterior(rated: csr_array, above: csr_array, other: Side, prior: Floats, noise: float) -> Side:
    """One side given the other: the normal posterior of each row, a regression on what is expected of its partners.

    ``rated`` (m, k) holds 1 and ``above`` (m, k) the stars above the mean where there is a rating; ``prior`` (d,) are
    variances. A partner's covariance adds to the regression's matrix: what is uncertain counts less.
    """
    width = other.means.shape[1]
    covariances = unpack(other.covariances, width)
    regressors = other.means.copy()
    regressors[:, 0] = 1.0
    across = other.means[:, :1] * regressors
    across[:, 1:] += covariances[:, 0, 1:]
    covariances[:, 0] = covariances[:, :, 0] = 0.0
    # Single precision: a round of ten million ratings is a walk through memory.
    moments = pack(regressors[:, :, None] * regressors[:, None, :] + covariances).astype(np.float32)
    wanted = (above @ regressors - rated @ across) / noise
    side = Side(np.empty((len(wanted), width)), np.empty((len(wanted), moments.shape[1])))
    for start in range(0, len(wanted), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        system = unpack(rated[rows] @ moments, width) / noise + np.diag(1.0 / prior)
        inverse = np.asarray(np.linalg.inv(system), np.float64)
        side.means[rows] = np.einsum("mij,mj->mi", inverse, wanted[rows])
        side.covariances[rows] = pack(inverse)
    return side


def prior_of_people(own: StarsParameters, scale: float) -> Floats:
    """Variances of a person: of what is usual of them, and 1 for each factor (d,)."""
    return np.array([own.people * scale, *[1.0] * own.rank])


def variance_of(ratings: Ratings) -> float:
    """The variance of all stars; 1 if they are all equal, so that nothing is divided by zero."""
    return float(ratings.stars.var()) or 1.0
