"""Maximal marginal relevance on films whose likeness is plain to see."""

from __future__ import annotations

import numpy as np

from recommendations.ranking.diversify import diversify

# Two nearly equal films, then one that is wholly different, then the opposite of the first.
VECTORS = np.array([[1, 0], [0.99, 0.02], [0, 1], [-1, 0]], np.float32)
RELEVANCE = np.array([1.0, 0.9, 0.5, 0.0], np.float32)


def test_no_diversity_keeps_the_order():
    assert diversify(RELEVANCE, VECTORS, 0, 4).tolist() == [0, 1, 2, 3]
    assert diversify(RELEVANCE, VECTORS, 0, 2).tolist() == [0, 1]


def test_some_diversity_puts_the_different_film_before_the_double():
    # After film 0: .5 · .9 − .5 · 1.0 < .5 · .0 − 0 (the opposite) < .5 · .5 − 0.
    assert diversify(RELEVANCE, VECTORS, 0.5, 4).tolist() == [0, 2, 3, 1]


def test_full_diversity_looks_at_unlikeness_alone():
    assert diversify(RELEVANCE, VECTORS, 1.0, 4).tolist()[-1] == 1


def test_a_little_diversity_does_not_overturn_relevance():
    assert diversify(RELEVANCE, VECTORS, 0.05, 4).tolist() == [0, 1, 2, 3]


def test_the_length_of_a_vector_does_not_count():
    scaled = VECTORS * np.array([[1], [100], [0.01], [1]], np.float32)
    assert diversify(RELEVANCE, scaled, 0.5, 4).tolist() == [0, 2, 3, 1]


def test_films_without_a_vector_and_equal_scores_are_no_problem():
    assert diversify(np.ones(3, np.float32), np.zeros((3, 2), np.float32), 0.7, 5).tolist() == [0, 1, 2]


def test_none_and_one_candidate():
    assert diversify(np.zeros(0, np.float32), np.zeros((0, 2), np.float32), 0.5, 5).tolist() == []
    assert diversify(np.ones(1, np.float32), np.ones((1, 2), np.float32), 0.5, 5).tolist() == [0]


def test_every_candidate_is_chosen_once():
    chance = np.random.default_rng(0)
    scores = np.sort(chance.normal(size=200))[::-1].astype(np.float32)
    order = diversify(scores, chance.normal(size=(200, 8)).astype(np.float32), 0.6, 200)
    assert sorted(order.tolist()) == list(range(200))
