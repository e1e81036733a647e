"""The blocks that the driver solves, against formulas written out in another way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.newcomers import band_features
from recommendations.ranking.parameters import LIKES
from spark_jobs.training.blocks import (
    demographic_block,
    early_block,
    ease_block,
    sequence_block,
    truncate,
)

PEOPLE, FILMS = 50, 20
CHANCE = np.random.default_rng(6)
X = CHANCE.choice([0.0, 0.1, 1.0, 1.9], (PEOPLE, FILMS), p=[0.6, 0.1, 0.15, 0.15])
LIKED = (CHANCE.random((PEOPLE, FILMS)) < 0.3).astype(float)
FULL = replace(LIKES, ease_ridge=5.0, ease_rank=FILMS, sequence_rank=FILMS, early_rank=FILMS)


def ease_by_the_book(ridge: float) -> np.ndarray:
    centred = X - X.mean(axis=0)
    inverse = np.linalg.inv(centred.T @ centred + ridge * np.eye(FILMS))
    weights = np.empty((FILMS, FILMS))
    for i in range(FILMS):
        for j in range(FILMS):
            weights[i, j] = 0 if i == j else -inverse[i, j] / inverse[j, j]
    return weights


def test_ease_at_full_rank_is_the_formula_of_the_paper():
    block, _ = ease_block(X.T @ X, X.sum(axis=0), PEOPLE, FULL)
    np.testing.assert_allclose(X @ block.fold @ block.items.T, X @ ease_by_the_book(5.0), atol=1e-9)


def test_ease_gives_each_film_the_best_ridge_regression_from_the_others():
    """Every column of B is a regression on all other films: solved here one film at a time."""
    block, intercept = ease_block(X.T @ X, X.sum(axis=0), PEOPLE, FULL)
    centred = X - X.mean(axis=0)
    weights = block.fold @ block.items.T
    for film in range(FILMS):
        others = np.delete(np.arange(FILMS), film)
        left = centred[:, others].T @ centred[:, others] + 5.0 * np.eye(FILMS - 1)
        expected = np.linalg.solve(left, centred[:, others].T @ centred[:, film])
        np.testing.assert_allclose(weights[others, film], expected, atol=1e-8)
        assert weights[film, film] == pytest.approx(0, abs=1e-9)


def test_the_intercept_is_what_is_expected_without_a_history():
    _, intercept = ease_block(X.T @ X, X.sum(axis=0), PEOPLE, FULL)
    mean = X.mean(axis=0)
    expected = mean - mean @ ease_by_the_book(5.0)
    np.testing.assert_allclose(intercept, expected - expected.min(), atol=1e-9)
    assert intercept.min() == 0


def test_truncation_keeps_the_best_directions_of_the_scores():
    weights = CHANCE.normal(size=(FILMS, FILMS))
    scores = X @ weights
    left, values, right = np.linalg.svd(scores, full_matrices=False)
    for rank in (1, 5, FILMS):
        block = truncate(weights, X.T @ X, rank)
        best = left[:, :rank] * values[:rank] @ right[:rank]
        np.testing.assert_allclose(X @ block.fold @ block.items.T, best, atol=1e-8)
        np.testing.assert_allclose(block.items.T @ block.items, np.eye(rank), atol=1e-9)


def test_more_rank_than_films_is_cut_to_the_films():
    block = truncate(np.eye(3), np.eye(3), 64)
    assert block.fold.shape == block.items.shape == (3, 3)


def test_the_sequence_block_is_a_ridge_regression():
    past, following = CHANCE.random((80, FILMS)), CHANCE.random((80, FILMS))
    block = sequence_block(past.T @ past, past.T @ following, FULL)
    stacked = np.vstack([past, np.sqrt(1000.0) * np.eye(FILMS)])
    expected, *_ = np.linalg.lstsq(stacked, np.vstack([following, np.zeros((FILMS, FILMS))]), rcond=None)
    np.testing.assert_allclose(block.fold @ block.items.T, expected, atol=1e-9)


def test_the_early_block_is_the_principal_components_of_centred_likes():
    loadings, noise = early_block(LIKED.T @ LIKED, LIKED.sum(axis=0), PEOPLE, replace(LIKES, early_rank=4))
    centred = (LIKED - LIKED.mean(axis=0)) / np.sqrt(PEOPLE)
    _, values, right = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(loadings @ loadings.T, right[:4].T * values[:4] ** 2 @ right[:4], atol=1e-9)
    explained = (right[:4].T ** 2 * values[:4] ** 2).sum(axis=1)
    variance = LIKED.var(axis=0)
    np.testing.assert_allclose(noise, np.maximum(variance - explained, 0) + 0.015, atol=1e-9)


def test_the_noise_of_a_film_that_nobody_likes_stays_positive():
    liked = LIKED.copy()
    liked[:, 3] = 0
    loadings, noise = early_block(liked.T @ liked, liked.sum(axis=0), PEOPLE, FULL)
    assert np.abs(loadings[3]).max() < 1e-6
    assert noise[3] == pytest.approx(0.015, abs=1e-6)
    assert (noise > 0).all()


def test_the_demographic_block_is_the_svd_of_the_fitted_likes():
    features = band_features(
        CHANCE.integers(10, 70, PEOPLE), CHANCE.integers(0, 2, PEOPLE), CHANCE.integers(0, 21, PEOPLE)
    )
    block = demographic_block(
        features.T @ features,
        features.T @ LIKED,
        features.sum(axis=0),
        LIKED.sum(axis=0),
        PEOPLE,
        replace(LIKES, demographic_rank=3),
    )
    centred, likes = features - features.mean(axis=0), LIKED - LIKED.mean(axis=0)
    ridge = np.linalg.solve(centred.T @ centred + 10.0 * np.eye(30), centred.T @ likes)
    fitted = centred @ ridge
    _, _, right = np.linalg.svd(fitted, full_matrices=False)
    # Directions are the same up to their sign.
    np.testing.assert_allclose(block.items @ block.items.T, right[:3].T @ right[:3], atol=1e-7)
    np.testing.assert_allclose(block.feature_mean, features.mean(axis=0))
    np.testing.assert_allclose(
        (features - block.feature_mean) @ block.coefficients @ block.items.T,
        fitted @ right[:3].T @ right[:3],
        atol=1e-7,
    )
