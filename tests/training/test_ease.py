"""EASE against the formulas of the paper."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.blocks.ease import EaseParameters
from spark_jobs.training.ease import ease

PEOPLE, FILMS = 50, 20
CHANCE = np.random.default_rng(6)
X = CHANCE.choice([0.0, 0.1, 1.0, 1.9], (PEOPLE, FILMS), p=[0.6, 0.1, 0.15, 0.15])
LIKED = (CHANCE.random((PEOPLE, FILMS)) < 0.3).astype(float)
FULL = EaseParameters(ridge=5.0, rank=FILMS)


def ease_by_the_book(ridge: float) -> np.ndarray:
    centred = X - X.mean(axis=0)
    inverse = np.linalg.inv(centred.T @ centred + ridge * np.eye(FILMS))
    weights = np.empty((FILMS, FILMS))
    for i in range(FILMS):
        for j in range(FILMS):
            weights[i, j] = 0 if i == j else -inverse[i, j] / inverse[j, j]
    return weights


def test_ease_at_full_rank_is_the_formula_of_the_paper():
    fold, items, _ = ease(X.T @ X, X.sum(axis=0), PEOPLE, FULL)
    np.testing.assert_allclose(X @ fold @ items.T, X @ ease_by_the_book(5.0), atol=1e-9)


def test_ease_gives_each_film_the_best_ridge_regression_from_the_others():
    """Every column of B is a regression on all other films: solved here one film at a time."""
    fold, items, intercept = ease(X.T @ X, X.sum(axis=0), PEOPLE, FULL)
    centred = X - X.mean(axis=0)
    weights = fold @ items.T
    for film in range(FILMS):
        others = np.delete(np.arange(FILMS), film)
        left = centred[:, others].T @ centred[:, others] + 5.0 * np.eye(FILMS - 1)
        expected = np.linalg.solve(left, centred[:, others].T @ centred[:, film])
        np.testing.assert_allclose(weights[others, film], expected, atol=1e-8)
        assert weights[film, film] == pytest.approx(0, abs=1e-9)


def test_the_intercept_is_what_is_expected_without_a_history():
    *_, intercept = ease(X.T @ X, X.sum(axis=0), PEOPLE, FULL)
    mean = X.mean(axis=0)
    expected = mean - mean @ ease_by_the_book(5.0)
    np.testing.assert_allclose(intercept, expected - expected.min(), atol=1e-9)
    assert intercept.min() == 0
