"""What the blocks share: recency, and the terms that are no dot product."""

from __future__ import annotations

import numpy as np

from recommendations.ranking.blocks.base import Recency, recency_weights
from recommendations.ranking.demographics import Demographics
from tests.ranking.factories import (
    history,
    make_artefact,
)

SOMEBODY = Demographics(33, "F", "writer")
ARTEFACT = make_artefact()


def test_recency_weights_by_hand():
    weights = recency_weights(np.array([0.0, 5.0, 10.0]), Recency(0.3, 5.0))
    np.testing.assert_allclose(weights, [1.3, 0.3 + np.exp(-1), 0.3 + np.exp(-2)])
    assert recency_weights(np.array([0.0, 5.0]), None).tolist() == [1.0, 1.0]
    np.testing.assert_allclose(
        recency_weights(np.array([5.0]), Recency(0.3, 5.0), 0.5), 0.65 + 0.5 * np.exp(-1)
    )


def test_the_newest_rating_has_age_0():
    assert history((1, 5), (2, 5), (3, 5)).ages.tolist() == [2.0, 1.0, 0.0]
