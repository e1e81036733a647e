"""Solving from sparse ratings gives what the sums of films × films give."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.ranking.blocks.base import Recency
from recommendations.ranking.blocks.ease import EaseParameters
from recommendations.ranking.blocks.sequence import SequenceParameters
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.ease import ease, ease_from_rows
from spark_jobs.training.sequence import pairs_as_rows, sequence, sequence_from_rows
from spark_jobs.training.solving import (
    STEP,
    invert_below,
    mirror,
    product_of_rows,
    ridge_inverse,
    ridge_solver,
    sparse_rows,
    strongest,
    symmetric_product,
)

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


def test_rows_leave_out_zeros_and_leave_the_people_as_they_are():
    people = some_people(30)
    before = people.items.copy(), people.starts.copy()
    rows = sparse_rows(people, people.stars >= 4, FILMS)
    assert rows.nnz == (people.stars >= 4).sum() < len(people.stars)
    columns = np.where(np.arange(FILMS) % 3, np.arange(FILMS), -1).astype(np.int32)
    some = sparse_rows(people, people.stars, FILMS, columns).toarray()
    assert not some[:, ::3].any()
    np.testing.assert_array_equal(some[:, 1::3], sparse_rows(people, people.stars, FILMS).toarray()[:, 1::3])
    for found, expected in zip((people.items, people.starts), before, strict=True):
        np.testing.assert_array_equal(found, expected)


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

    def test_sequence(self, count):
        people = some_people(count)
        past, following = pairs_as_rows(people, people.stars.astype(float), FILMS, SEQUENCE)
        dense = past.toarray()
        expected = sequence(dense.T @ dense, dense.T @ following.toarray(), SEQUENCE)
        found = sequence_from_rows(past, following, SEQUENCE)
        np.testing.assert_allclose(products(*found), products(*expected), atol=2e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_single_precision_gives_the_weights_of_double_precision(dtype):
    """A film that everybody has seen, films that hardly anybody has, and a ridge as small as it gets."""
    people = some_people(400)
    rows, own = sparse_rows(people, people.stars, FILMS), EaseParameters(ridge=5.0, rank=FILMS)
    dense = rows.toarray()
    dense[:, 0] = 1.9
    centred = dense - dense.mean(axis=0)
    inverse = np.linalg.inv(centred.T @ centred + 5.0 * np.eye(FILMS))
    expected = np.eye(FILMS) - inverse / np.diag(inverse)
    fold, items, _ = ease((dense.T @ dense).astype(dtype), dense.sum(axis=0), 400, own)
    np.testing.assert_allclose(products(fold, items), expected, atol=2e-5)


@pytest.mark.parametrize("shape", [(20, 50), (50, 20)])
def test_a_ridge_is_solved_over_the_smaller_side(shape):
    chance = np.random.default_rng(1)
    dense = chance.normal(size=shape) * (chance.random(shape) < 0.4)
    right = chance.normal(size=(shape[1], 3))
    expected = np.linalg.solve(dense.T @ dense + 5 * np.eye(shape[1]), right)
    np.testing.assert_allclose(ridge_solver(csr_array(dense), 5.0)(right), expected, atol=1e-5)


def test_the_halves_of_a_square_are_a_matrix_and_its_inverse():
    """More films than are worked on at once."""
    chance, films = np.random.default_rng(2), STEP + 300
    rows = csr_array(chance.normal(size=(40, films)) * (chance.random((40, films)) < 0.1))
    square = product_of_rows(rows, rows)
    plain = (rows.T @ rows).toarray()
    np.testing.assert_allclose(square, plain, atol=1e-5)
    square[np.diag_indices(films)] += 2.0
    square[np.triu_indices(films, 1)] = np.nan  # one half is enough
    mirror(square)
    invert_below(square)
    vectors = chance.normal(size=(films, 3))
    expected = np.linalg.inv(plain + 2 * np.eye(films)) @ vectors
    # In single precision, and the order of its sums depends on the threads.
    np.testing.assert_allclose(symmetric_product(square, vectors, below=True), expected, atol=1e-4)
    on_diagonal = np.diag(plain) - square.diagonal()
    above = symmetric_product(square, vectors, below=False) + on_diagonal[:, None] * vectors
    np.testing.assert_allclose(above, plain @ vectors, atol=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_matrix_that_has_no_inverse_is_refused(dtype):
    with pytest.raises(ValueError, match="raise the ridge"):
        invert_below(np.asfortranarray(np.diag([1.0, -1.0]).astype(dtype)))
    with pytest.raises(ValueError, match="raise the ridge"):
        ridge_inverse(np.asfortranarray(np.diag([1.0, -1.0]).astype(dtype)), 0.5)


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
