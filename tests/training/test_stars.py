"""The training of predicted stars against an exact posterior, on ratings with a known pattern, and its calibration."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.ranking.blocks import BLOCKS
from recommendations.ranking.blocks.stars import Stars, StarsParameters
from recommendations.ranking.parameters import LIKES
from recommendations.ranking.people import EMPTY_HISTORY, History, KnownPeople
from spark_jobs.training.base import TrainingData
from spark_jobs.training.stars import (
    Ratings,
    Side,
    StarsTraining,
    calibration,
    fit_sides,
    fit_stars,
    posterior,
)

PEOPLE, FILMS, PER_PERSON = 200, 60, 30
OWN = StarsParameters(rank=3, iterations=15)
LINE = np.array([1.0, 5.0])


def made_up(seed: int = 0, *, scale: float = 1.0, shift: float = 0.0) -> tuple[Ratings, np.ndarray]:
    """Two opposite tastes, generous and stern people, good and bad films; also what everybody would give every film."""
    chance = np.random.default_rng(seed)
    taste, kind = chance.choice([-1, 1], PEOPLE), chance.choice([-1, 1], FILMS)
    usual = 3.2 + chance.normal(0, 0.4, (PEOPLE, 1)) + chance.normal(0, 0.4, FILMS)
    wanted = usual + 0.7 * np.outer(taste, kind)
    rows = np.repeat(np.arange(PEOPLE), PER_PERSON)
    columns = np.concatenate([chance.choice(FILMS, PER_PERSON, replace=False) for _ in range(PEOPLE)])
    stars = np.clip(np.rint(wanted[rows, columns] + chance.normal(0, 0.4, len(rows))), 1, 5)
    return Ratings(rows, columns, scale * stars + shift, PEOPLE, FILMS), scale * wanted + shift


def history_of(ratings: Ratings, person: int) -> History:
    own = ratings.rows == person
    return History(ratings.columns[own].astype(np.int32), ratings.stars[own].astype(np.int8))


def error(block: Stars, ratings: Ratings, wanted: np.ndarray) -> float:
    """RMSE over the films that each person has not rated."""
    wrong = []
    for person in range(PEOPLE):
        seen = history_of(ratings, person)
        unseen = np.setdiff1d(np.arange(FILMS), seen.items)
        wrong.append(block.predict(seen).stars(unseen) - np.clip(wanted[person, unseen], 1, 5))
    return float(np.sqrt((np.concatenate(wrong) ** 2).mean()))


def test_one_side_is_the_posterior_of_a_regression_on_the_other():
    means = np.array([[0.3, 1.0], [-0.2, 0.5], [0.1, -1.5]])
    other = Side(means, np.zeros((3, 3)))
    rated = csr_array(np.array([[1.0, 0, 1], [0, 0, 0]]))
    above = csr_array(np.array([[0.8, 0, -1], [0, 0, 0]]))
    side = posterior(rated, above, other, prior=np.array([0.5, 2.0]), noise=0.4)
    regressors = np.array([[1, 1.0], [1, -1.5]])
    system = regressors.T @ regressors / 0.4 + np.diag([2, 0.5])
    mean = np.linalg.solve(system, regressors.T @ np.array([0.8 - 0.3, -1 - 0.1]) / 0.4)
    np.testing.assert_allclose(side.means, [mean, [0, 0]], atol=1e-12)
    inverse = np.linalg.inv(system)
    np.testing.assert_allclose(side.covariances[0], [inverse[0, 0], inverse[0, 1], inverse[1, 1]])
    np.testing.assert_allclose(side.covariances[1], [0.5, 0, 2.0])


def test_the_factors_find_two_tastes_that_biases_cannot():
    ratings, wanted = made_up()
    fitted = fit_stars(ratings, OWN, 0, LINE, LINE)
    biases = fit_stars(ratings, replace(OWN, rank=0), 0, LINE, LINE)
    assert error(biases, ratings, wanted) > 0.6
    assert error(fitted, ratings, wanted) < 0.3


def test_who_folds_in_is_predicted_as_the_training_has_them():
    ratings, _wanted = made_up()
    block = fit_stars(ratings, OWN, 0, LINE, LINE)
    _films, people, _mean = fit_sides(ratings, OWN, 0)
    for person in (0, 17, 199):
        np.testing.assert_allclose(
            block.person(history_of(ratings, person)), people.means[person], rtol=1e-4, atol=1e-5
        )


def test_another_scale_gives_the_same_predictions_on_that_scale():
    ratings, _wanted = made_up()
    tens, _wider = made_up(scale=2.0)
    one = fit_sides(ratings, OWN, 0)
    # The factors begin in another proportion to the stars, and end at the same place.
    other = fit_sides(tens, replace(OWN, iterations=40), 0)
    np.testing.assert_allclose(other[2], 2 * one[2])
    np.testing.assert_allclose(other[0].means[:, 0], 2 * one[0].means[:, 0], atol=0.02)


def test_the_same_ratings_and_seed_give_the_same_model():
    ratings, _wanted = made_up()
    one, other = (fit_stars(ratings, OWN, 4, LINE, LINE) for _time in range(2))
    for name, array in one.arrays().items():
        np.testing.assert_array_equal(array, getattr(other, name), err_msg=name)


def test_a_film_without_ratings_is_expected_to_be_as_usual():
    ratings, _wanted = made_up()
    block = fit_stars(replace(ratings, films=FILMS + 1), OWN, 0, LINE, LINE)
    assert block.films.shape[0] == FILMS + 1
    assert not block.films[FILMS].any()
    assert block.predict(EMPTY_HISTORY).raw[FILMS] == pytest.approx(ratings.stars.mean(), abs=1e-5)


def test_the_calibration_rises_within_the_scale():
    ratings, _wanted = made_up()
    raw, calibrated = calibration(ratings, OWN, 0)
    assert (np.diff(raw) > 0).all()
    assert (np.diff(calibrated) >= 0).all()
    assert (calibrated[0], calibrated[-1]) == (1, 5)


def test_with_too_few_ratings_predictions_are_only_kept_within_the_scale():
    few = Ratings(np.array([0, 1, 1]), np.array([0, 0, 1]), np.array([2.0, 4.0, 3.0]), 2, 2)
    raw, calibrated = calibration(few, OWN, 0)
    assert raw.tolist() == calibrated.tolist() == [2, 4]


def test_equal_stars_everywhere_are_predicted_everywhere():
    ratings, _wanted = made_up()
    equal = replace(ratings, stars=np.full_like(ratings.stars, 4.0))
    raw, calibrated = calibration(equal, OWN, 0)
    block = fit_stars(equal, OWN, 0, raw, calibrated)
    np.testing.assert_allclose(block.predict(history_of(equal, 3)).stars(), 4, atol=1e-6)


def test_the_training_of_the_pipeline_solves_the_block_from_the_histories_alone():
    ratings, wanted = made_up()
    people = KnownPeople(
        user_ids=np.arange(1, PEOPLE + 1, dtype=np.int32),
        demographics=np.zeros((PEOPLE, 3), np.int16),
        starts=np.arange(0, PEOPLE * PER_PERSON + 1, PER_PERSON, dtype=np.int64),
        items=ratings.columns.astype(np.int32),
        stars=ratings.stars.astype(np.int8),
    )
    data = TrainingData(
        parameters=LIKES.adjusted(stars={"rank": 3, "iterations": 15}),
        films=FILMS,
        genres=np.zeros((FILMS, 19), np.float32),
        decades=np.zeros(FILMS, np.int16),
        people=people,
        histories=None,
        genre_profiles=None,
        squares={},
    )
    block = StarsTraining().solve(data).block
    assert StarsTraining.block in BLOCKS
    assert block.films.shape == (FILMS, 4)
    assert error(block, ratings, wanted) < 0.35


def test_few_ratings_do_not_stretch_what_is_predicted():
    """With a hundred ratings held out there are two parts; what lies beyond them rises no steeper than the stars do."""
    ratings, _wanted = made_up()
    few = ratings.where(np.arange(len(ratings.stars)) < 1_000)
    raw, calibrated = calibration(few, OWN, 0)
    assert len(raw) <= 5
    assert (np.diff(calibrated)[[0, -1]] <= np.diff(raw)[[0, -1]] + 1e-9).all()
