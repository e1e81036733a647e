"""What films beyond the head get, and that a head is nearly as good as all films."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.blocks.als import Als
from recommendations.ranking.blocks.ease import Ease, EaseParameters
from recommendations.ranking.blocks.sequence import Sequence
from recommendations.ranking.parameters import LIKES
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.ease import ease
from spark_jobs.training.histories import people_of
from spark_jobs.training.solving import product_of_rows, sparse_rows
from spark_jobs.training.tail import EVIDENCE, completed, fill_tails
from spark_jobs.training.ways import Way

CHANCE = np.random.default_rng(0)
HEAD = np.array([0, 2, 3, 5, 6, 7, 9], np.int32)
FACTORS = CHANCE.normal(size=(10, 3)).astype(np.float32)
FACTORS[8] = 0.0  # a film that nobody prefers


def test_vectors_that_follow_from_the_factors_are_found_again():
    vectors = (FACTORS @ CHANCE.normal(size=(3, 5))).astype(np.float32)
    known = vectors.copy()
    known[[1, 4, 8]] = 0.0
    found = completed(known, FACTORS, HEAD, np.ones(10))
    np.testing.assert_array_equal(found[HEAD], vectors[HEAD])
    np.testing.assert_allclose(found, vectors, atol=0.1)
    assert not found[8].any()
    half = completed(known, FACTORS, HEAD, np.full(10, 0.5))
    np.testing.assert_array_equal(half[HEAD], vectors[HEAD])
    np.testing.assert_allclose(half[[1, 4]], found[[1, 4]] / 2, rtol=1e-6)


def test_only_a_head_has_a_tail():
    vectors = np.ones((10, 2), np.float32)
    vectors[[1, 4, 8]] = 0.0
    blocks = [Ease(vectors, vectors, np.zeros(10, np.float32)), Als(FACTORS), Sequence(vectors, vectors)]
    ways = {"ease": Way("head", HEAD), "sequence": Way("exact", HEAD)}
    evidence = np.full(10, EVIDENCE)
    evidence[1] = 0.0
    filled = fill_tails(blocks, ways, evidence)
    assert not filled[0].items[1].any()
    assert filled[0].items[4].any()
    assert filled[0].fold[4].any()
    np.testing.assert_array_equal(filled[0].intercept, blocks[0].intercept)
    assert filled[1:] == blocks[1:]


def test_without_factors_the_tail_stays_zero():
    vectors = np.ones((10, 2), np.float32)
    blocks = [Ease(vectors, vectors, np.zeros(10, np.float32)), Als.empty(10)]
    assert fill_tails(blocks, {"ease": Way("head", HEAD)}, np.ones(10)) == blocks


def made_up_people(people: int, films: int, latent: int = 6) -> KnownPeople:
    """Ratings of the shape of MovieLens: popularity as a power law, and tastes that say who likes what."""
    chance = np.random.default_rng(3)
    traits = chance.normal(size=(films, latent))
    popularity = -np.log(np.arange(films) + 10.0)
    rows = []
    for person in range(people):
        count = int(np.clip(chance.lognormal(4.0, 0.8), 20, films // 4))
        keys = popularity + 0.6 * traits @ chance.normal(size=latent) + chance.gumbel(size=films)
        chosen = np.argsort(-keys)[:count]
        rows.append((np.full(count, person), chosen, chance.permutation(count)))
    owners, items, positions = (np.concatenate(column) for column in zip(*rows, strict=True))
    return people_of(owners, items, np.full(len(items), 4.0), positions)


@pytest.mark.parametrize("share", [0.35, 0.6])
def test_a_head_is_within_one_per_cent_of_all_films(share):
    """nDCG@10 of the last fifth of everybody's ratings, by EASE alone."""
    films = 800
    people = made_up_people(700, films)
    weights = np.full(len(people.stars), 1.45)
    place = np.arange(len(people.items)) - np.repeat(people.starts[:-1], np.diff(people.starts))
    early = place < np.repeat(0.8 * np.diff(people.starts), np.diff(people.starts))
    rows = sparse_rows(people, weights * early, films)
    later = sparse_rows(people, np.ones(len(weights)) * ~early, films).toarray() > 0
    counts = np.asarray((rows > 0).sum(axis=0)).ravel()
    own = EaseParameters(ridge=LIKES.of(EaseParameters).ridge / 2)

    def ndcg(fold: np.ndarray, items: np.ndarray) -> float:
        scores = (rows @ fold) @ items.T
        scores[rows.toarray() > 0] = -np.inf
        top = np.argsort(-scores, axis=1)[:, :10]
        discounts = 1 / np.log2(np.arange(2, 12))
        hits = np.take_along_axis(later, top, axis=1) @ discounts
        return float(np.mean(hits / [discounts[: max(1, count)].sum() for count in later.sum(axis=1)]))

    def solved(head: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        part = rows[:, head]
        found = ease(product_of_rows(part, part), np.asarray(part.sum(axis=0)).ravel(), 700, own)[:2]
        return tuple(Way("head", head).spread(vectors, films) for vectors in found)

    left, values, right = np.linalg.svd(rows.toarray(), full_matrices=False)
    factors = (right[:32].T * np.sqrt(values[:32])).astype(np.float32)
    head = np.sort(np.argsort(-counts)[: int(share * films)]).astype(np.int32)
    everything = ndcg(*solved(np.arange(films, dtype=np.int32)))
    assert everything > 0.1
    evidence = np.asarray((rows**2).sum(axis=0)).ravel()
    kept = evidence / (evidence + own.ridge)
    alone = [completed(vectors.astype(np.float32), factors, head, kept) for vectors in solved(head)]
    assert ndcg(*alone) > 0.99 * everything
