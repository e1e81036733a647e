"""The early-taste block against a singular value decomposition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.ranking.blocks.early import EarlyParameters
from spark_jobs.training.early import early

PEOPLE, FILMS = 50, 20
CHANCE = np.random.default_rng(6)
X = CHANCE.choice([0.0, 0.1, 1.0, 1.9], (PEOPLE, FILMS), p=[0.6, 0.1, 0.15, 0.15])
LIKED = (CHANCE.random((PEOPLE, FILMS)) < 0.3).astype(float)
FULL = EarlyParameters(rank=FILMS)


def test_the_early_block_is_the_principal_components_of_centred_likes():
    loadings, noise = early(csr_array(LIKED), EarlyParameters(rank=4))
    centred = (LIKED - LIKED.mean(axis=0)) / np.sqrt(PEOPLE)
    _, values, right = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(loadings @ loadings.T, right[:4].T * values[:4] ** 2 @ right[:4], atol=1e-9)
    explained = (right[:4].T ** 2 * values[:4] ** 2).sum(axis=1)
    variance = LIKED.var(axis=0)
    np.testing.assert_allclose(noise, np.maximum(variance - explained, 0) + 0.015, atol=1e-9)


def test_the_noise_of_a_film_that_nobody_likes_stays_positive():
    liked = LIKED.copy()
    liked[:, 3] = 0
    loadings, noise = early(csr_array(liked), FULL)
    assert np.abs(loadings[3]).max() < 1e-6
    assert noise[3] == pytest.approx(0.015, abs=1e-6)
    assert (noise > 0).all()
