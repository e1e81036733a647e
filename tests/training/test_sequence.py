"""The sequence block: how histories are cut, and the regression."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.blocks.base import Recency
from recommendations.ranking.blocks.sequence import SequenceParameters
from recommendations.ranking.parameters import LIKES as ALL
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.histories import people_of
from spark_jobs.training.sequence import SequenceTraining, cut_places, pairs_as_rows, sequence

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


def somebody(count: int) -> KnownPeople:
    """One person with so many ratings, of the films 0, 1, 2 …"""
    return people_of(np.zeros(count, int), np.arange(count), np.full(count, 5.0), np.arange(count))


def dense_pairs(weights: np.ndarray, own: SequenceParameters) -> tuple[np.ndarray, np.ndarray]:
    past, following = pairs_as_rows(somebody(len(weights)), weights, len(weights), own)
    return past.toarray(), following.toarray()


def test_the_cuts_of_a_history_by_hand():
    """Four ratings, cut after the first, the second and the third."""
    past, following = dense_pairs(np.array([1.0, 2.0, 3.0, 4.0]), LIKES)
    newest, older, oldest = 1.3, 0.3 + np.exp(-0.1), 0.3 + np.exp(-0.2)
    np.testing.assert_allclose(
        past,
        [[newest, 0, 0, 0], [older, 2 * newest, 0, 0], [oldest, 2 * older, 3 * newest, 0]],
        rtol=1e-6,
    )
    np.testing.assert_allclose(following, [[0, 2, 3, 4], [0, 0, 3, 4], [0, 0, 0, 4]])


def test_the_horizon_ends_what_follows():
    past, following = dense_pairs(np.ones(100), LIKES)
    assert past.shape == following.shape == (12, 100)
    assert np.flatnonzero(following[0]).tolist() == list(range(30, 50))
    assert np.flatnonzero(following[-1]).tolist() == [99]
    assert (past[0] > 0).sum() == 30


def test_people_do_not_run_into_each_other():
    """Three of them, one too short for a cut, in any order; each row is that of the person alone."""
    lengths = (5, 2, 30)
    films = sum(lengths)
    whose, where = np.repeat([7, 8, 9], lengths), np.concatenate([np.arange(count) for count in lengths])
    order = np.random.default_rng(1).permutation(films)
    people = people_of(whose[order], np.arange(films)[order], np.full(films, 4.0), where[order])
    past, following = pairs_as_rows(people, np.arange(1.0, films + 1), films, LIKES)
    first = np.cumsum((0, *lengths))
    alone = [
        np.hstack(
            [
                np.hstack(
                    [
                        np.zeros((len(part), first[person])),
                        part,
                        np.zeros((len(part), films - first[person + 1])),
                    ]
                )
                for part in dense_pairs(np.arange(first[person] + 1.0, first[person + 1] + 1), LIKES)
            ]
        )
        for person in (0, 2)
    ]
    found = np.hstack([past.toarray(), following.toarray()])
    expected = np.vstack(alone)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found[np.lexsort(found.T)], expected[np.lexsort(expected.T)], rtol=1e-6)


def test_films_beyond_the_head_are_passed_over_and_still_count_as_time():
    columns = np.array([0, -1, 1, -1], np.int32)
    past, following = pairs_as_rows(somebody(4), np.ones(4), 2, LIKES, columns)
    np.testing.assert_allclose(past.toarray()[-1], [0.3 + np.exp(-0.2), 1.3], rtol=1e-6)
    np.testing.assert_allclose(following.toarray(), [[0, 1], [0, 1], [0, 0]])


def test_the_places_of_cuts_go_from_the_start_to_the_last_rating():
    places = cut_places(np.array([100, 4]), LIKES)
    assert places[:, 0].tolist() == [30, 36, 42, 48, 55, 61, 67, 73, 80, 86, 92, 99]
    assert sorted(set(places[:, 1].tolist())) == [1, 2, 3]
    one = SequenceParameters(cuts=1)
    assert cut_places(np.array([100]), one).tolist() == [[30]]


def test_many_people_have_fewer_cuts_each_and_a_ridge_of_the_same_weight():
    training = SequenceTraining()
    few, many, most = (
        training.fitting(ALL, people).of(SequenceParameters) for people in (943, 50_000, 10_000_000)
    )
    assert (few.cuts, few.ridge) == (12, 1000.0)
    assert many.cuts == 4
    assert many.ridge == pytest.approx(1000.0 / 3)
    assert most.cuts == 3
