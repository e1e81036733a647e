"""Predicted stars against the posterior mean computed from the other side, and what hangs on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.blocks.stars import PredictedStars, Stars, pack, unpack
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.people import EMPTY_HISTORY
from recommendations.ranking.score import make_plan, score_films
from tests.ranking.factories import history, long_history, make_artefact, without_block

ARTEFACT = make_artefact()
BLOCK = ARTEFACT.block(Stars)
CERTAIN = replace(BLOCK, covariances=np.zeros_like(BLOCK.covariances))
SEEN = history((4, 5), (9, 1), (30, 4))


def test_with_certain_films_a_person_is_the_posterior_mean_of_the_factor_model():
    films = CERTAIN.films[SEEN.items].astype(float)
    regressors = np.column_stack([np.ones(3), films[:, 1:]])
    surprise = np.array([5, 1, 4]) - CERTAIN.mean - films[:, 0]
    # The same posterior mean from the other side: P X' (X P X' + noise)^-1 y, as in kriging.
    prior = np.diag(1 / CERTAIN.precision)
    covariance = regressors @ prior @ regressors.T + CERTAIN.noise * np.eye(3)
    expected = prior @ regressors.T @ np.linalg.solve(covariance, surprise)
    np.testing.assert_allclose(CERTAIN.person(SEEN), expected, rtol=1e-5)


def test_an_uncertain_film_says_less_of_a_person():
    doubtful = replace(BLOCK, covariances=BLOCK.covariances * 50)
    assert np.linalg.norm(doubtful.person(SEEN)[1:]) < np.linalg.norm(CERTAIN.person(SEEN)[1:])


def test_without_ratings_everybody_is_expected_to_give_what_is_usual_of_a_film():
    predicted = BLOCK.predict(EMPTY_HISTORY)
    np.testing.assert_allclose(predicted.raw, 3.5 + BLOCK.films[:, 0], rtol=1e-6)


def test_generous_people_are_expected_to_be_generous():
    generous = BLOCK.predict(history(*((film, 5) for film in range(12)))).raw
    stern = BLOCK.predict(history(*((film, 1) for film in range(12)))).raw
    assert generous.mean() > 3.5 > stern.mean()
    assert (generous > stern).mean() > 0.8


def test_predictions_are_calibrated_and_keep_to_the_scale():
    predicted = PredictedStars(
        np.float32([-3, 2, 3, 4.5, 9]), np.array([1.0, 3.0, 5.0]), np.array([1.5, 3, 4])
    )
    np.testing.assert_allclose(predicted.stars(), [1.5, 2.25, 3, 3.75, 4])
    np.testing.assert_allclose(predicted.stars(np.array([3, 0])), [3.75, 1.5])


def test_a_match_is_the_share_of_films_of_which_no_more_is_expected():
    predicted = PredictedStars(np.float32([1, 4, 2, 4, 3]), np.array([1.0, 5.0]), np.array([1.0, 5.0]))
    everyone = np.ones(5, bool)
    assert predicted.match(np.arange(5), everyone).tolist() == [20, 100, 40, 100, 60]
    # Second numbers of films are left out of the comparison.
    assert predicted.match(np.arange(5), np.array([True, True, True, False, True])).tolist() == [
        25,
        100,
        50,
        100,
        75,
    ]


def test_stars_are_no_part_of_the_score():
    whole = make_plan(fold_in(ARTEFACT, Demographics(), long_history()), Dials())
    other = without_block(ARTEFACT, Stars)
    without = make_plan(fold_in(other, Demographics(), long_history()), Dials())
    np.testing.assert_array_equal(score_films(ARTEFACT, whole), score_films(other, without))


def test_a_version_from_before_predictions_has_an_empty_block():
    assert Stars.empty(60).is_empty
    assert not BLOCK.is_empty


@pytest.mark.parametrize("width", [1, 3, 13])
def test_symmetric_matrices_are_kept_as_triangles(width):
    matrices = np.random.default_rng(1).normal(size=(4, width, width))
    matrices += matrices.transpose(0, 2, 1)
    assert pack(matrices).shape == (4, width * (width + 1) // 2)
    np.testing.assert_array_equal(unpack(pack(matrices), width), matrices)
