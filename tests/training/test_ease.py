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
    np.testing.assert_allclose(intercept, expected, atol=1e-9)


@pytest.mark.parametrize("rank", [1, 5, FILMS])
def test_truncation_keeps_the_best_directions_of_the_scores(rank):
    scores = X @ ease_by_the_book(5.0)
    left, values, right = np.linalg.svd(scores, full_matrices=False)
    best = left[:, :rank] * values[:rank] @ right[:rank]
    fold, items, _ = ease(X.T @ X, X.sum(axis=0), PEOPLE, EaseParameters(ridge=5.0, rank=rank))
    np.testing.assert_allclose(X @ fold @ items.T, best, atol=1e-8)
    np.testing.assert_allclose(items.T @ items, np.eye(rank), atol=1e-9)


def test_more_rank_than_films_is_cut_to_the_films():
    fold, items, _ = ease(np.eye(3), np.ones(3), 3, EaseParameters(rank=64))
    assert fold.shape == items.shape == (3, 3)


def test_the_half_below_the_diagonal_is_enough():
    whole = ease(X.T @ X, X.sum(axis=0), PEOPLE, FULL)
    half = ease(np.tril(X.T @ X), X.sum(axis=0), PEOPLE, FULL)
    for one, other in zip(half, whole, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-9)
