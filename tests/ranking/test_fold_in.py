"""Fold-in against references that are computed in another way: by hand, in closed form, or by brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.blocks.sequence import Sequence
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.parameters import ANY
from recommendations.ranking.people import EMPTY_HISTORY, History
from tests.ranking.factories import RANKS, SMALL, block_of, history, make_artefact, random_history

SOMEBODY = Demographics(33, "F", "writer")
ARTEFACT = make_artefact()


def test_an_empty_history_leaves_only_the_profile():
    taste = fold_in(ARTEFACT, SOMEBODY, EMPTY_HISTORY)
    assert taste.rating_vectors.shape == (0, ARTEFACT.item_vectors.shape[1])
    assert taste.fact_weights["like_share"] == pytest.approx(1.1)
    for name in ("ease", "als", "sequence", "early"):
        assert not block_of(taste, name).any()
    assert block_of(taste, "demographic").any()


@pytest.mark.parametrize("length", [1, 4, 9, 14, 30])
def test_the_rating_vectors_are_linear_in_what_a_rating_says(length):
    """Twice the weights give twice the EASE part, for every length of the history."""
    seen = random_history(ARTEFACT, np.random.default_rng(length), length)
    doubled = replace(
        ARTEFACT,
        parameters=replace(SMALL, fold_in_weights=tuple(2 * weight for weight in SMALL.fold_in_weights)),
    )
    for name in ("ease", "sequence"):
        np.testing.assert_allclose(
            block_of(fold_in(doubled, SOMEBODY, seen), name),
            2 * block_of(fold_in(ARTEFACT, SOMEBODY, seen), name),
        )


@pytest.mark.parametrize(
    ("count", "prior", "sequence"), [(5, 1.1, 0), (10, 1.1, 0.5), (15, 0.55, 1), (20, 0, 1)]
)
def test_the_hand_over_follows_its_ramps(count, prior, sequence):
    """Sequence and recency set in between 5 and 15 ratings, the prior fades between 10 and 20."""
    seen = history(*[(item, 4) for item in range(count)])
    taste = fold_in(ARTEFACT, SOMEBODY, seen)
    assert taste.fact_weights["like_share"] == pytest.approx(prior)
    assert bool(block_of(taste, "demographic").any()) == bool(block_of(taste, "early").any()) == (prior > 0)
    recency = 1 - sequence + sequence * (0.3 + np.exp(-seen.ages / 10.0))
    expected = 0.75 * sequence * (1.45 * recency) @ ARTEFACT.block(Sequence).fold[seen.items].astype(float)
    np.testing.assert_allclose(block_of(taste, "sequence"), expected, rtol=1e-6, atol=1e-12)


def test_a_history_of_a_film_that_nobody_had_rated_says_nothing_but_does_not_fail():
    unknown = len(ARTEFACT.movie_ids) - 1
    taste = fold_in(ARTEFACT, SOMEBODY, history((unknown, 5)))
    assert not taste.rating_vectors.any()


def test_a_history_of_all_films_is_finite():
    everything = random_history(ARTEFACT, np.random.default_rng(1), len(ARTEFACT.movie_ids))
    assert np.isfinite(fold_in(ARTEFACT, SOMEBODY, everything).vector).all()


def test_the_other_weighting_has_no_recency_and_no_sequence_and_keeps_the_intercept():
    artefact = make_artefact(parameters=ANY.adjusted(**RANKS))
    seen = history(*[(item, 4) for item in range(25)])
    backwards = History(seen.items[::-1].copy(), seen.stars)
    taste = fold_in(artefact, SOMEBODY, seen)
    np.testing.assert_allclose(taste.vector, fold_in(artefact, SOMEBODY, backwards).vector, rtol=1e-9)
    assert not taste.vector[artefact.spans["sequence"]].any()
    assert taste.fact_weights == {"intercept": 1.0, "like_share": 0.0}


@pytest.mark.parametrize(("items", "stars"), [([1], [0]), ([1], [6]), ([1, 2], [3]), ([[1]], [[3]])], ids=str)
def test_a_history_that_cannot_be_is_refused(items, stars):
    with pytest.raises(ValueError, match="stars"):
        History(np.array(items, np.int32), np.array(stars, np.int8))
