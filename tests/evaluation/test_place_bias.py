"""Weak negatives: their weights by hand, and that a model learnt with them forgets the places."""

import numpy as np
import pytest

from recommendations.evaluation.place_bias import Examples, fit_logistic, weighted_examples

LOOKED = np.array([1.0, 0.5, 0.2])


def test_the_weights_by_hand():
    places = np.array([0, 1, 2, 2, 7])
    chosen = np.array([True, False, False, False, False])
    found = weighted_examples(places, chosen, LOOKED)
    rate = 1 / (1 + 0.5 + 3 * 0.2)
    weak = [e * (1 - rate) / (1 - e * rate) for e in (0.5, 0.2, 0.2, 0.2)]
    assert found.weight == pytest.approx([1.0, *weak])
    assert found.chosen is chosen


def test_where_nobody_looks_and_where_all_is_chosen():
    none = weighted_examples(np.array([0, 1]), np.array([False, False]), np.zeros(2))
    assert none.weight.tolist() == [0, 0]
    every = weighted_examples(np.array([0, 0]), np.array([True, True]), np.ones(1))
    assert every.weight.tolist() == [1, 1]


@pytest.mark.parametrize("looked", [[], [1.2], [0.5, -0.1]])
def test_what_is_no_examination_is_refused(looked):
    with pytest.raises(ValueError, match="expected shares"):
        weighted_examples(np.array([0]), np.array([True]), np.array(looked))


def test_a_place_below_the_first_is_refused():
    with pytest.raises(ValueError, match="a place is -1"):
        weighted_examples(np.array([-1]), np.array([True]), LOOKED)


def test_a_film_that_always_stood_below_is_learnt_as_it_is():
    """Two kinds of films, chosen as readily as each other if looked at, the second always at the last place."""
    chance = np.random.default_rng(0)
    number, appeal = 200_000, 0.1
    kind = chance.integers(0, 2, number)
    places = 2 * kind
    chosen = chance.random(number) < appeal * LOOKED[places]
    features = kind[:, None].astype(float)
    plain = fit_logistic(features, Examples(chosen, np.ones(number)))
    corrected = fit_logistic(features, weighted_examples(places, chosen, LOOKED))
    assert plain[0] == pytest.approx(np.log(0.02 / 0.98) - np.log(0.1 / 0.9), abs=0.1)
    assert corrected[0] == pytest.approx(0, abs=0.1)
    assert corrected[1] == pytest.approx(np.log(0.1 / 0.9), abs=0.05)


def test_the_regression_finds_the_weights_that_made_the_choices():
    chance = np.random.default_rng(1)
    features, right = chance.normal(size=(50_000, 3)), np.array([1.0, -0.5, 0.0])
    chosen = chance.random(50_000) < 1 / (1 + np.exp(-(features @ right - 2)))
    found = fit_logistic(features, Examples(chosen, np.ones(50_000)))
    assert found == pytest.approx([1.0, -0.5, 0.0, -2.0], abs=0.06)
    drawn = fit_logistic(features, Examples(chosen, np.ones(50_000)), ridge=1e6)
    assert np.abs(drawn[:3]).max() < 0.01
