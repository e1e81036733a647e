"""The early-taste block against the same posterior mean from the other side."""

from __future__ import annotations

import numpy as np

from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.blocks.early import Early
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import fold_in
from tests.ranking.factories import (
    block_of,
    history,
    make_artefact,
)

SOMEBODY = Demographics(33, "F", "writer")
ARTEFACT = make_artefact()


def test_the_early_block_is_the_posterior_mean_of_the_factor_model():
    seen = history((4, 5), (9, 1), (30, 4))
    factors = ARTEFACT.block(Early).items[seen.items].astype(float)
    coordinates = ARTEFACT.block(Demographic).predict(SOMEBODY).coordinates
    prior = ARTEFACT.like_share[seen.items] + ARTEFACT.block(Demographic).items[seen.items] @ coordinates
    surprise = np.array([0.9, 0.05, 0.78]) - prior
    # The same posterior mean from the other side: F' (F F' + noise)^-1 (y - prior), as in kriging.
    covariance = factors @ factors.T + np.diag(ARTEFACT.block(Early).noise[seen.items].astype(float))
    expected = factors.T @ np.linalg.solve(covariance, surprise)
    np.testing.assert_allclose(block_of(fold_in(ARTEFACT, SOMEBODY, seen), "early"), expected, rtol=1e-5)
