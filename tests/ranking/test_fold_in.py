"""Fold-in against references that are computed in another way: by hand, in closed form, or by brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.demographics import OCCUPATIONS, Demographics
from recommendations.ranking.fold_in import Taste, fold_in, recency_weights
from recommendations.ranking.history import EMPTY_HISTORY, History
from recommendations.ranking.parameters import ANY, Recency
from tests.ranking.factories import SMALL, history, make_artefact, random_history

SOMEBODY = Demographics(33, "F", "writer")
ARTEFACT = make_artefact()


def block(taste: Taste, name: str) -> np.ndarray:
    return taste.vector[ARTEFACT.blocks[name]]


def long_history(length: int = 25) -> History:
    return random_history(ARTEFACT, np.random.default_rng(7), length)


def test_the_ease_block_is_the_weighted_row_sum_of_the_item_weights():
    # 20 ratings and more: recency counts in full. Weights of 5 and 2 stars: 1.9 and .55.
    ratings = [(item, 5 if item % 2 else 2) for item in range(20)]
    weights = [
        (1.9 if stars == 5 else 0.55) * (0.2 + np.exp(-age / 10.0))
        for age, (_, stars) in zip(range(19, -1, -1), ratings, strict=True)
    ]
    item_weights = ARTEFACT.ease_fold.astype(float) @ ARTEFACT.ease_items.astype(float).T
    expected = sum(weight * item_weights[item] for weight, (item, _) in zip(weights, ratings, strict=True))
    scores = ARTEFACT.ease_items @ block(fold_in(ARTEFACT, SOMEBODY, history(*ratings)), "ease")
    np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=1e-6)


def test_the_als_block_solves_the_normal_equations_with_a_dense_confidence_matrix():
    seen = long_history()
    values = np.array(SMALL.als_values)[seen.stars - 1]
    factors = ARTEFACT.als_items.astype(float)
    # Hu, Koren and Volinsky with C and p written out over all films, and recency on the right-hand side.
    confidence, preference, recency = (
        np.ones(len(factors)),
        np.zeros(len(factors)),
        np.ones(len(factors)),
    )
    confidence[seen.items] = 1 + 2.0 * np.abs(values)
    preference[seen.items] = values > 0
    recency[seen.items] = 0.3 + np.exp(-seen.ages / 5.0)
    left = factors.T @ np.diag(confidence) @ factors + 0.3 * (values > 0).sum() * np.eye(4)
    right = factors.T @ (confidence * preference * recency)
    expected = np.linalg.inv(left) @ right
    np.testing.assert_allclose(block(fold_in(ARTEFACT, SOMEBODY, seen), "als"), expected, rtol=1e-6)


def test_the_als_block_is_weighted():
    twice = replace(ARTEFACT, parameters=replace(SMALL, als_weight=2.0))
    seen = long_history()
    np.testing.assert_allclose(
        block(fold_in(twice, SOMEBODY, seen), "als"), 2 * block(fold_in(ARTEFACT, SOMEBODY, seen), "als")
    )


def test_the_sequence_block_is_ease_with_its_own_fold_and_weight():
    seen = long_history()
    weights = np.array(SMALL.star_weights)[seen.stars - 1] * (0.3 + np.exp(-seen.ages / 10.0))
    expected = 0.75 * weights @ ARTEFACT.sequence_fold[seen.items].astype(float)
    np.testing.assert_allclose(block(fold_in(ARTEFACT, SOMEBODY, seen), "sequence"), expected, rtol=1e-6)


def test_the_early_block_is_the_posterior_mean_of_the_factor_model():
    seen = history((4, 5), (9, 1), (30, 4))
    factors = ARTEFACT.early_items[seen.items].astype(float)
    coordinates = ARTEFACT.newcomers.predict(SOMEBODY).coordinates
    prior = ARTEFACT.like_share[seen.items] + ARTEFACT.demographic_items[seen.items] @ coordinates
    answers = np.array([0.9, 0.35, 0.8])
    # The same posterior mean from the other side: F' (F F' + noise)^-1 (y - prior), as in kriging.
    covariance = factors @ factors.T + np.diag(ARTEFACT.early_noise[seen.items].astype(float))
    expected = factors.T @ np.linalg.solve(covariance, answers - prior)
    np.testing.assert_allclose(block(fold_in(ARTEFACT, SOMEBODY, seen), "early"), expected, rtol=1e-5)


def test_the_demographic_block_is_the_mean_of_forest_and_ridge():
    features = np.zeros(30)
    features[[2, 7, 9 + 20]] = 1  # 33 lies in the third age band, F is the first gender, writer the last job
    model = ARTEFACT.newcomers
    ridge = (features - model.ridge_mean) @ model.ridge_coefficients
    forest = model.forest.predict(np.array([[33.0, 1.0, *np.eye(21)[20]]]))[0]
    taste = fold_in(ARTEFACT, SOMEBODY, EMPTY_HISTORY)
    np.testing.assert_allclose(block(taste, "demographic"), 1.1 * (forest[19:] + ridge) / 2, rtol=1e-6)
    np.testing.assert_allclose(model.predict(SOMEBODY).genre_affinities, forest[:19])


def test_an_empty_history_leaves_only_the_profile():
    taste = fold_in(ARTEFACT, SOMEBODY, EMPTY_HISTORY)
    assert taste.rating_vectors.shape == (0, ARTEFACT.item_vectors.shape[1])
    assert taste.like_share_weight == pytest.approx(1.1)
    for name in ("ease", "als", "sequence", "early"):
        assert not block(taste, name).any()
    assert block(taste, "demographic").any()


def test_nothing_told_and_nothing_rated_is_like_share_and_the_average_person():
    model = ARTEFACT.newcomers
    of_each = [
        model.predict(Demographics(int(age), "FM"[gender], OCCUPATIONS[job])).coordinates
        for age, gender, job in model.people
    ]
    np.testing.assert_allclose(model.predict(Demographics()).coordinates, np.mean(of_each, axis=0))


def test_one_part_untold_is_the_mean_over_the_training_people():
    model = ARTEFACT.newcomers
    ages = model.people[:, 0]
    each = [model.predict(Demographics(int(age), "M", "doctor")).coordinates for age in ages]
    untold = model.predict(Demographics(None, "M", "doctor")).coordinates
    np.testing.assert_allclose(untold, np.mean(each, axis=0))


@pytest.mark.parametrize("length", [1, 4, 9, 14, 30])
def test_the_rating_vectors_are_linear_in_what_a_rating_says(length):
    """Twice the star weights give twice the EASE part, for every length of the history."""
    seen = random_history(ARTEFACT, np.random.default_rng(length), length)
    doubled = replace(
        ARTEFACT, parameters=replace(SMALL, star_weights=tuple(2 * weight for weight in SMALL.star_weights))
    )
    for name in ("ease", "sequence"):
        np.testing.assert_allclose(
            block(fold_in(doubled, SOMEBODY, seen), name), 2 * block(fold_in(ARTEFACT, SOMEBODY, seen), name)
        )


def test_each_rating_contributes_its_own_row():
    """A rating's row is what the sum loses if only this rating's weight is set to nothing."""
    seen = history(*[(item, 5) for item in range(29)], (40, 3))
    without = replace(
        ARTEFACT,
        parameters=replace(SMALL, star_weights=tuple(np.multiply(SMALL.star_weights, [1, 1, 0, 1, 1]))),
    )
    whole, less = fold_in(ARTEFACT, SOMEBODY, seen), fold_in(without, SOMEBODY, seen)
    np.testing.assert_allclose(
        block(whole, "ease") - block(less, "ease"), whole.rating_vectors[29, ARTEFACT.blocks["ease"]]
    )
    assert not less.rating_vectors[29, ARTEFACT.blocks["ease"]].any()


def test_recency_weights_by_hand():
    weights = recency_weights(np.array([0.0, 5.0, 10.0]), Recency(0.3, 5.0))
    np.testing.assert_allclose(weights, [1.3, 0.3 + np.exp(-1), 0.3 + np.exp(-2)])
    assert recency_weights(np.array([0.0, 5.0]), None).tolist() == [1.0, 1.0]
    np.testing.assert_allclose(
        recency_weights(np.array([5.0]), Recency(0.3, 5.0), 0.5), 0.65 + 0.5 * np.exp(-1)
    )


def test_the_newest_rating_has_age_0():
    assert history((1, 5), (2, 5), (3, 5)).ages.tolist() == [2.0, 1.0, 0.0]


def test_what_was_rated_last_says_most():
    one_way = history(*[(item, 4) for item in range(20)])
    other_way = History(one_way.items[::-1].copy(), one_way.stars)
    first = fold_in(ARTEFACT, SOMEBODY, one_way).rating_vectors[:, ARTEFACT.blocks["ease"]]
    last = fold_in(ARTEFACT, SOMEBODY, other_way).rating_vectors[:, ARTEFACT.blocks["ease"]]
    assert np.linalg.norm(last[19]) > 2 * np.linalg.norm(first[0])  # film 0, rated last and rated first


@pytest.mark.parametrize(
    ("count", "prior", "sequence"), [(5, 1.1, 0), (10, 1.1, 0.5), (15, 0.55, 1), (20, 0, 1)]
)
def test_the_hand_over_follows_its_ramps(count, prior, sequence):
    """Sequence and recency set in between 5 and 15 ratings, the prior fades between 10 and 20."""
    seen = history(*[(item, 4) for item in range(count)])
    taste = fold_in(ARTEFACT, SOMEBODY, seen)
    assert taste.like_share_weight == pytest.approx(prior)
    assert bool(block(taste, "demographic").any()) == bool(block(taste, "early").any()) == (prior > 0)
    recency = 1 - sequence + sequence * (0.3 + np.exp(-seen.ages / 10.0))
    expected = 0.75 * sequence * (1.45 * recency) @ ARTEFACT.sequence_fold[seen.items].astype(float)
    np.testing.assert_allclose(block(taste, "sequence"), expected, rtol=1e-6, atol=1e-12)


def test_only_one_star_ratings_push_nobody_towards_als_and_stay_finite():
    taste = fold_in(ARTEFACT, SOMEBODY, history((0, 1), (1, 1), (2, 1)))
    assert not block(taste, "als").any()
    assert np.isfinite(taste.vector).all()
    # One star is less than the prior expects of a well-liked film, so its own early score goes down.
    liked = int(np.argmax(ARTEFACT.like_share))
    down = fold_in(ARTEFACT, Demographics(), history((liked, 1)))
    up = fold_in(ARTEFACT, Demographics(), history((liked, 5)))
    assert ARTEFACT.early_items[liked] @ block(up, "early") > ARTEFACT.early_items[liked] @ block(
        down, "early"
    )


def test_a_history_of_a_film_that_nobody_had_rated_says_nothing_but_does_not_fail():
    unknown = len(ARTEFACT.movie_ids) - 1
    taste = fold_in(ARTEFACT, SOMEBODY, history((unknown, 5)))
    assert not taste.rating_vectors.any()


def test_a_history_of_all_films_is_finite():
    everything = random_history(ARTEFACT, np.random.default_rng(1), len(ARTEFACT.movie_ids))
    assert np.isfinite(fold_in(ARTEFACT, SOMEBODY, everything).vector).all()


def test_the_other_weighting_has_no_recency_and_no_sequence_and_keeps_the_intercept():
    artefact = make_artefact(
        parameters=replace(ANY, ease_rank=4, als_rank=4, demographic_rank=2, early_rank=3)
    )
    seen = history(*[(item, 4) for item in range(25)])
    backwards = History(seen.items[::-1].copy(), seen.stars)
    taste = fold_in(artefact, SOMEBODY, seen)
    np.testing.assert_allclose(taste.vector, fold_in(artefact, SOMEBODY, backwards).vector, rtol=1e-9)
    assert not taste.vector[artefact.blocks["sequence"]].any()
    assert (taste.intercept_weight, taste.like_share_weight) == (1.0, 0.0)


@pytest.mark.parametrize(("items", "stars"), [([1], [0]), ([1], [6]), ([1, 2], [3]), ([[1]], [[3]])], ids=str)
def test_a_history_that_cannot_be_is_refused(items, stars):
    with pytest.raises(ValueError, match="stars"):
        History(np.array(items, np.int32), np.array(stars, np.int8))
