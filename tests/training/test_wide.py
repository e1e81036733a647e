"""Solving from sparse ratings gives what the sums of films × films give."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.ranking.blocks.base import Recency
from recommendations.ranking.blocks.early import EarlyParameters
from recommendations.ranking.blocks.ease import EaseParameters
from recommendations.ranking.blocks.sequence import SequenceParameters
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.early import early, early_from_rows
from spark_jobs.training.ease import ease, ease_from_rows
from spark_jobs.training.sequence import pairs_as_rows, sequence, sequence_from_rows, sequence_pairs
from spark_jobs.training.wide import gram_plus_ridge, inverse_in_place, ridge_solver, sparse_rows, strongest

FILMS = 60
SEQUENCE = SequenceParameters(weight=1.0, ridge=20.0, rank=5, recency=Recency(0.3, 10.0))


def some_people(count: int, seed: int = 0) -> KnownPeople:
    chance = np.random.default_rng(seed)
    tastes = chance.normal(size=(count, 3)) @ chance.normal(size=(3, FILMS))
    drawn = [np.argsort(-taste + chance.gumbel(size=FILMS))[: chance.integers(1, 25)] for taste in tastes]
    return KnownPeople(
        user_ids=np.arange(1, count + 1, dtype=np.int32),
        demographics=np.full((count, 3), -1, np.int16),
        starts=np.concatenate([[0], np.cumsum([len(items) for items in drawn])]).astype(np.int64),
        items=np.concatenate(drawn).astype(np.int32),
        stars=chance.choice(np.arange(0.5, 5.5, 0.5), sum(map(len, drawn))).astype(np.float32),
    )


def products(fold: np.ndarray, items: np.ndarray) -> np.ndarray:
    """The map itself, whatever the signs of its directions are."""
    return fold @ items.T


@pytest.mark.parametrize("count", [25, 90], ids=["fewer people than films", "more people than films"])
class TestTheSameAsFromSums:
    def test_ease(self, count):
        people = some_people(count)
        rows, own = sparse_rows(people, people.stars, FILMS), EaseParameters(ridge=30.0, rank=6)
        dense = rows.toarray()
        expected = ease(dense.T @ dense, dense.sum(axis=0), count, own)
        found = ease_from_rows(rows, own)
        np.testing.assert_allclose(products(*found[:2]), products(*expected[:2]), atol=2e-4)
        np.testing.assert_allclose(found[2], expected[2], atol=1e-5)

    def test_early_taste(self, count):
        people = some_people(count)
        likes, own = sparse_rows(people, people.stars >= 4, FILMS), EarlyParameters(rank=4)
        dense = likes.toarray()
        loadings, noise = early(dense.T @ dense, dense.sum(axis=0), count, own)
        found, found_noise = early_from_rows(likes, own)
        np.testing.assert_allclose(found @ found.T, loadings @ loadings.T, atol=1e-6)
        np.testing.assert_allclose(found_noise, noise, atol=1e-6)

    def test_sequence(self, count):
        people = some_people(count)
        weights = people.stars.astype(float)
        past, following = pairs_as_rows(people, weights, FILMS, SEQUENCE)
        gram, cross = np.zeros((FILMS, FILMS)), np.zeros((FILMS, FILMS))
        for first, last in zip(people.starts, people.starts[1:], strict=False):
            if last - first > 2:
                square = np.ix_(people.items[first:last], people.items[first:last])
                before, after = sequence_pairs(weights[first:last], SEQUENCE)
                gram[square] += before.T @ before
                cross[square] += before.T @ after
        np.testing.assert_allclose((past.T @ past).toarray(), gram, atol=1e-9)
        np.testing.assert_allclose((past.T @ following).toarray(), cross, atol=1e-9)
        found = sequence_from_rows(past, following, SEQUENCE)
        np.testing.assert_allclose(products(*found), products(*sequence(gram, cross, SEQUENCE)), atol=2e-4)


@pytest.mark.parametrize("shape", [(20, 50), (50, 20)])
def test_a_ridge_is_solved_over_the_smaller_side(shape):
    chance = np.random.default_rng(1)
    dense = chance.normal(size=shape) * (chance.random(shape) < 0.4)
    right = chance.normal(size=(shape[1], 3))
    expected = np.linalg.solve(dense.T @ dense + 5 * np.eye(shape[1]), right)
    np.testing.assert_allclose(ridge_solver(csr_array(dense), 5.0)(right), expected, atol=1e-5)


def test_an_inverse_of_more_than_one_block_is_whole():
    chance = np.random.default_rng(2)
    rows = csr_array(chance.normal(size=(40, 1_300)) * (chance.random((40, 1_300)) < 0.1))
    square = gram_plus_ridge(rows, 2.0)
    expected = np.linalg.inv((rows.T @ rows).toarray() + 2 * np.eye(1_300))
    np.testing.assert_allclose(inverse_in_place(square), expected, atol=1e-5)


def test_a_matrix_that_has_no_inverse_is_refused():
    with pytest.raises(ValueError, match="raise the ridge"):
        inverse_in_place(np.asfortranarray(np.diag([1.0, -1.0]).astype(np.float32)))


def test_the_strongest_directions_come_first_and_no_more_than_there_are():
    values = np.array([1.0, 9.0, 4.0])
    found = strongest(lambda vectors: values[:, None] * vectors, 3, 5)
    np.testing.assert_allclose(np.abs(found), np.eye(3)[:, [1, 2, 0]], atol=1e-6)


def test_what_people_rated_stays_as_it_is_where_zeros_are_left_out():
    people = KnownPeople(
        user_ids=np.arange(1, 4, dtype=np.int32),
        demographics=np.full((3, 3), -1, np.int16),
        starts=np.array([0, 2, 3, 5]),
        items=np.array([0, 2, 1, 0, 1], np.int32),
        stars=np.array([5, 1, 2, 4, 3], np.float32),
    )
    likes = sparse_rows(people, people.stars >= 4, 3)
    assert likes.toarray().tolist() == [[1, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert (people.starts.tolist(), people.items.tolist()) == ([0, 2, 3, 5], [0, 2, 1, 0, 1])
