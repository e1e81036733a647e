"""The sequence block: how histories are cut, and the regression."""

from __future__ import annotations

import numpy as np

from recommendations.ranking.blocks.base import Recency
from recommendations.ranking.blocks.sequence import SequenceParameters
from spark_jobs.training.sequence import sequence, sequence_pairs

PEOPLE, FILMS = 50, 20
CHANCE = np.random.default_rng(6)
X = CHANCE.choice([0.0, 0.1, 1.0, 1.9], (PEOPLE, FILMS), p=[0.6, 0.1, 0.15, 0.15])
LIKED = (CHANCE.random((PEOPLE, FILMS)) < 0.3).astype(float)
FULL = SequenceParameters(rank=FILMS)
LIKES = SequenceParameters(weight=0.75, recency=Recency(0.3, 10.0))


def test_the_sequence_block_is_a_ridge_regression():
    past, following = CHANCE.random((80, FILMS)), CHANCE.random((80, FILMS))
    fold, items = sequence(past.T @ past, past.T @ following, FULL)
    stacked = np.vstack([past, np.sqrt(1000.0) * np.eye(FILMS)])
    expected, *_ = np.linalg.lstsq(stacked, np.vstack([following, np.zeros((FILMS, FILMS))]), rcond=None)
    np.testing.assert_allclose(fold @ items.T, expected, atol=1e-9)


def test_sequence_pairs_of_a_history_by_hand():
    """Four ratings, cut after the first, the second and the third."""
    past, following = sequence_pairs(np.array([1.0, 2.0, 3.0, 4.0]), LIKES)
    newest, older, oldest = 1.3, 0.3 + np.exp(-0.1), 0.3 + np.exp(-0.2)
    np.testing.assert_allclose(
        past,
        [[newest, 0, 0, 0], [older, 2 * newest, 0, 0], [oldest, 2 * older, 3 * newest, 0]],
    )
    np.testing.assert_allclose(following, [[0, 2, 3, 4], [0, 0, 3, 4], [0, 0, 0, 4]])


def test_the_horizon_ends_what_follows():
    past, following = sequence_pairs(np.ones(100), LIKES)
    assert past.shape == following.shape == (12, 100)
    assert np.flatnonzero(following[0]).tolist() == list(range(30, 50))
    assert np.flatnonzero(following[-1]).tolist() == [99]
    assert (past[0] > 0).sum() == 30
