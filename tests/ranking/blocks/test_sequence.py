"""The sequence block's fold-in, by hand."""

from __future__ import annotations

import numpy as np

from recommendations.ranking.blocks.sequence import Sequence
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import fold_in
from tests.ranking.factories import (
    SMALL,
    block_of,
    long_history,
    make_artefact,
)

SOMEBODY = Demographics(33, "F", "writer")
ARTEFACT = make_artefact()


def test_the_sequence_block_is_ease_with_its_own_fold_and_weight():
    seen = long_history()
    weights = np.array(SMALL.fold_in_weights)[seen.stars - 1] * (0.3 + np.exp(-seen.ages / 10.0))
    expected = 0.75 * weights @ ARTEFACT.block(Sequence).fold[seen.items].astype(float)
    np.testing.assert_allclose(block_of(fold_in(ARTEFACT, SOMEBODY, seen), "sequence"), expected, rtol=1e-6)
