"""EASE: the fold-in against the item weights written out, and similar films."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.people import History
from tests.ranking.factories import (
    SMALL,
    block_of,
    history,
    make_artefact,
    with_block,
)

SOMEBODY = Demographics(33, "F", "writer")
ARTEFACT = make_artefact()
EASE = ARTEFACT.block(Ease)


def test_the_ease_block_is_the_weighted_row_sum_of_the_item_weights():
    # 20 ratings and more: recency counts in full. Weights of 5 and 2 stars: 1.9 and −.4.
    ratings = [(item, 5 if item % 2 else 2) for item in range(20)]
    weights = [
        (1.9 if stars == 5 else -0.4) * (0.2 + np.exp(-age / 10.0))
        for age, (_, stars) in zip(range(19, -1, -1), ratings, strict=True)
    ]
    item_weights = ARTEFACT.block(Ease).fold.astype(float) @ ARTEFACT.block(Ease).items.astype(float).T
    expected = sum(weight * item_weights[item] for weight, (item, _) in zip(weights, ratings, strict=True))
    scores = ARTEFACT.block(Ease).items @ block_of(fold_in(ARTEFACT, SOMEBODY, history(*ratings)), "ease")
    np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=1e-6)


def test_each_rating_contributes_its_own_row():
    """A rating's row is what the sum loses if only this rating's weight is set to nothing."""
    seen = history(*[(item, 5) for item in range(29)], (40, 3))
    without = replace(
        ARTEFACT,
        parameters=replace(SMALL, fold_in_weights=tuple(np.multiply(SMALL.fold_in_weights, [1, 1, 0, 1, 1]))),
    )
    whole, less = fold_in(ARTEFACT, SOMEBODY, seen), fold_in(without, SOMEBODY, seen)
    np.testing.assert_allclose(
        block_of(whole, "ease") - block_of(less, "ease"), whole.rating_vectors[29, ARTEFACT.spans["ease"]]
    )
    assert not less.rating_vectors[29, ARTEFACT.spans["ease"]].any()


def test_what_was_rated_last_says_most():
    one_way = history(*[(item, 4) for item in range(20)])
    other_way = History(one_way.items[::-1].copy(), one_way.stars)
    first = fold_in(ARTEFACT, SOMEBODY, one_way).rating_vectors[:, ARTEFACT.spans["ease"]]
    last = fold_in(ARTEFACT, SOMEBODY, other_way).rating_vectors[:, ARTEFACT.spans["ease"]]
    assert np.linalg.norm(last[19]) > 2 * np.linalg.norm(first[0])  # film 0, rated last and rated first


def test_the_weights_are_a_row_of_the_item_weights_best_first_without_the_film_itself():
    row = (EASE.fold.astype(float) @ EASE.items.astype(float).T)[12]
    row[12] = 0
    expected = [int(film) for film in np.argsort(-row, kind="stable") if row[film] > 0][:5]
    films, weights = EASE.similar(12, 5)
    assert films.tolist() == expected
    np.testing.assert_allclose(weights, row[expected], rtol=1e-5)


def test_only_films_that_gain_come_back():
    films, weights = EASE.similar(12, len(ARTEFACT.movie_ids))
    assert len(films) < len(ARTEFACT.movie_ids) - 1
    assert (weights > 0).all()


def test_a_film_is_not_similar_to_itself():
    own = (EASE.fold * EASE.items).sum(axis=1)
    film = int(np.argmax(own))
    assert own[film] > 0
    assert film not in EASE.similar(film, 60)[0]


def test_a_film_that_nobody_rated_has_no_similar_ones():
    silent = EASE.fold.copy()
    silent[7] = 0
    films, weights = with_block(ARTEFACT, Ease, fold=silent).block(Ease).similar(7, 5)
    assert (films.size, weights.size) == (0, 0)
