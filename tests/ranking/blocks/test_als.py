"""ALS: the fold-in against the normal equations written out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommendations.ranking.blocks.als import Als, AlsParameters
from recommendations.ranking.blocks.early import Early
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import fold_in
from tests.ranking.factories import (
    SMALL,
    block_of,
    history,
    long_history,
    make_artefact,
)

SOMEBODY = Demographics(33, "F", "writer")
ARTEFACT = make_artefact()


def test_the_als_block_solves_the_normal_equations_with_a_dense_confidence_matrix():
    seen = long_history()
    values = np.array(SMALL.of(AlsParameters).values)[seen.stars - 1]
    factors = ARTEFACT.block(Als).items.astype(float)
    # Hu, Koren and Volinsky with C and p written out over all films, and recency on the right-hand side.
    confidence, preference, recency = (
        np.ones(len(factors)),
        np.zeros(len(factors)),
        np.ones(len(factors)),
    )
    confidence[seen.items] = 1 + 2.0 * np.abs(values)
    preference[seen.items] = values > 0
    recency[seen.items] = 0.3 + np.exp(-seen.ages / 5.0)
    left = factors.T @ np.diag(confidence) @ factors + 0.3 * (values > 0).sum() * np.eye(4)
    right = factors.T @ (confidence * preference * recency)
    expected = np.linalg.inv(left) @ right
    np.testing.assert_allclose(block_of(fold_in(ARTEFACT, SOMEBODY, seen), "als"), expected, rtol=1e-6)


def test_the_als_block_is_weighted():
    twice = replace(ARTEFACT, parameters=SMALL.adjusted(als={"weight": 2.0}))
    seen = long_history()
    np.testing.assert_allclose(
        block_of(fold_in(twice, SOMEBODY, seen), "als"),
        2 * block_of(fold_in(ARTEFACT, SOMEBODY, seen), "als"),
    )


def test_only_one_star_ratings_push_nobody_towards_als_and_stay_finite():
    taste = fold_in(ARTEFACT, SOMEBODY, history((0, 1), (1, 1), (2, 1)))
    assert not block_of(taste, "als").any()
    assert np.isfinite(taste.vector).all()
    # One star is less than the prior expects of a well-liked film, so its own early score goes down.
    liked = int(np.argmax(ARTEFACT.like_share))
    down = fold_in(ARTEFACT, Demographics(), history((liked, 1)))
    up = fold_in(ARTEFACT, Demographics(), history((liked, 5)))
    assert ARTEFACT.block(Early).items[liked] @ block_of(up, "early") > ARTEFACT.block(Early).items[
        liked
    ] @ block_of(down, "early")
