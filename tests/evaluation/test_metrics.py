"""Every measure against a result computed by hand.

The list [3, 1, 4] with {1, 4, 7} relevant has hits at ranks 2 and 3.
"""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from recommendations.evaluation import metrics

SHOWN = np.array([3, 1, 4])
RELEVANT = np.array([1, 4, 7])


def test_ndcg_discounts_by_rank():
    gained = 1 / log2(3) + 1 / log2(4)
    ideal = 1 + 1 / log2(3) + 1 / log2(4)
    assert metrics.ndcg_at_k(SHOWN, RELEVANT, 3) == pytest.approx(gained / ideal)


def test_ndcg_of_an_ideal_list_is_one_even_if_fewer_films_than_k_are_relevant():
    assert metrics.ndcg_at_k(np.array([5, 0, 1]), np.array([5]), 3) == 1.0
    assert metrics.ndcg_at_k(np.array([5]), np.array([5]), 10) == 1.0


def test_ndcg_ideal_is_cut_at_k():
    # Three are relevant, but a list of two can hold only two.
    assert metrics.ndcg_at_k(np.array([1, 4]), RELEVANT, 2) == 1.0


def test_only_the_first_k_films_count():
    for measure in (
        metrics.ndcg_at_k,
        metrics.recall_at_k,
        metrics.average_precision_at_k,
        metrics.reciprocal_rank_at_k,
    ):
        assert measure(SHOWN, RELEVANT, 1) == 0.0


def test_recall():
    assert metrics.recall_at_k(SHOWN, RELEVANT, 3) == pytest.approx(2 / 3)
    assert metrics.recall_at_k(SHOWN, RELEVANT, 2) == pytest.approx(1 / 3)


def test_average_precision_is_divided_by_all_relevant_films():
    assert metrics.average_precision_at_k(SHOWN, RELEVANT, 3) == pytest.approx((1 / 2 + 2 / 3) / 3)
    assert metrics.average_precision_at_k(SHOWN, RELEVANT, 2) == pytest.approx((1 / 2) / 3)


def test_reciprocal_rank():
    assert metrics.reciprocal_rank_at_k(SHOWN, RELEVANT, 3) == 0.5
    assert metrics.reciprocal_rank_at_k(SHOWN, np.array([9]), 3) == 0.0


def test_the_definitions_of_the_recommenders_library():
    """A worked example of its definitions: two people, k = 2, MAP not cut at k, nDCG with any logarithm.

    Person one: films 1, 2, 3 are true, the list is 1, 5: hit at rank 1.
    Person two: film 4 is true, the list is 6, 4: hit at rank 2.
    """
    cases = [(np.array([1, 5]), np.array([1, 2, 3])), (np.array([6, 4]), np.array([4]))]

    def mean(measure):
        return np.mean([measure(shown, relevant, 2) for shown, relevant in cases])

    # Natural logarithms, as python_evaluation has them: the base cancels out.
    ideal_one, ideal_two = 1 / np.log(2) + 1 / np.log(3), 1 / np.log(2)
    assert mean(metrics.ndcg_at_k) == pytest.approx(
        ((1 / np.log(2)) / ideal_one + (1 / np.log(3)) / ideal_two) / 2
    )
    assert mean(metrics.recall_at_k) == pytest.approx((1 / 3 + 1) / 2)
    assert mean(metrics.average_precision_at_k) == pytest.approx((1 / 3 + 1 / 2) / 2)


def test_novelty_is_the_mean_self_information_in_bits():
    # Shares 1/2, 1/4 and 1/4 of eight ratings are one, two and two bits.
    information = metrics.self_information(np.array([4, 2, 2]))
    assert information.tolist() == [1.0, 2.0, 2.0]
    assert metrics.novelty(np.array([0, 1]), information, 2) == 1.5
    assert metrics.novelty(np.array([0, 1]), information, 1) == 1.0


def test_an_unrated_film_is_as_new_as_one_that_was_rated_once():
    information = metrics.self_information(np.array([3, 1, 0]))
    assert information[2] == information[1] == 2.0


def test_diversity_of_genres():
    genres = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 0]], np.float32)
    assert metrics.genre_diversity(np.array([0, 1]), genres, 2) == pytest.approx(0.0)
    assert metrics.genre_diversity(np.array([0, 2]), genres, 2) == pytest.approx(1.0)
    # Pairs (0, 2), (0, 3), (2, 3): similarities 0, 1/√2, 1/√2.
    expected = 1 - (2 / np.sqrt(2)) / 3
    assert metrics.genre_diversity(np.array([0, 2, 3]), genres, 3) == pytest.approx(expected)
    assert metrics.genre_diversity(np.array([0, 4]), genres, 2) == pytest.approx(1.0)
    assert metrics.genre_diversity(np.array([0]), genres, 2) == 0.0


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(ValueError, match="k is 0"):
        metrics.ndcg_at_k(SHOWN, RELEVANT, 0)
    with pytest.raises(ValueError, match="nothing is relevant"):
        metrics.recall_at_k(SHOWN, np.array([], int), 3)


def test_spread_over_seeds():
    assert metrics.mean_and_deviation([1.0, 3.0]) == (2.0, pytest.approx(np.sqrt(2)))
    assert metrics.mean_and_deviation([1.5]) == (1.5, 0.0)
