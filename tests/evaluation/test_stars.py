"""Errors and calibration by hand, the baseline against exact solutions, folds without leaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recommendations.evaluation.names import LeakError
from recommendations.evaluation.protocols import check_leaks, star_splits, trainings_per_seed
from recommendations.evaluation.stars import (
    StarsRecord,
    calibration,
    errors,
    predict,
    predict_from_biases,
    summary,
)
from recommendations.ranking.blocks.stars import Stars
from tests.evaluation.tables import sample_ratings
from tests.ranking.factories import history, make_artefact


@pytest.fixture(scope="module")
def ratings(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return sample_ratings(tmp_path_factory.mktemp("stars"))


def table(*rows: tuple[int, int, int]) -> pd.DataFrame:
    """Ratings from (person, position, stars)."""
    return pd.DataFrame(rows, columns=["user_id", "item", "stars"])


def test_errors_by_hand():
    found = errors(np.array([3.0, 4.0]), np.array([4.0, 4.0]))
    assert found == {"rmse": pytest.approx(np.sqrt(0.5)), "mae": 0.5, "worst_tenth": 1.0}


def test_a_calibration_has_ten_parts_from_the_lowest_to_the_highest_prediction():
    predicted = np.arange(20, 0, -1) / 5
    tenths = calibration(predicted, predicted + 0.1)
    assert len(tenths) == 10
    assert tenths[0] == (pytest.approx(0.3), pytest.approx(0.4))
    assert tenths[-1] == (pytest.approx(3.9), pytest.approx(4.0))
    assert len(calibration(np.array([1.0, 2.0]), np.array([1.0, 2.0]))) == 2


def test_every_rating_is_asked_about_once_and_never_trained_on(ratings):
    splits = list(star_splits(ratings, seed=3))
    asked = pd.concat([split.asked for split in splits])
    assert len(splits) == 5 == trainings_per_seed(["stars"])
    assert sorted(asked.index) == sorted(ratings.index)
    for split in splits:
        assert len(split.train) + len(split.asked) == len(ratings)
        assert check_leaks(split) == {"stars": len(split.asked)}
    leaking = replace(splits[0], train=ratings)
    with pytest.raises(LeakError, match="stars: ratings of person"):
        check_leaks(leaking)


def test_another_seed_gives_other_folds(ratings):
    one, other = (next(star_splits(ratings, seed)).asked.index for seed in (1, 2))
    assert not one.equals(other)


def test_the_baseline_is_the_damped_mean_of_what_is_left():
    train = table((1, 0, 5), (1, 1, 5), (2, 0, 1), (2, 1, 1))
    # All films are alike and half of the stars are 2 above and 2 below 3: only people differ, damped by 15 ratings.
    predicted = predict_from_biases(train, table((1, 0, 0), (2, 1, 0), (3, 1, 0), (1, 7, 0)))
    above = 2 * 2 / (15 + 2)
    np.testing.assert_allclose(predicted, [3 + above, 3 - above, 3, 3 + above])


def test_the_model_is_asked_with_the_ratings_that_it_may_know():
    artefact = make_artefact()
    block = artefact.block(Stars)
    train = table((1, 4, 5), (1, 9, 1), (2, 3, 4))
    predicted = predict(artefact, train, table((2, 8, 3), (1, 7, 3), (9, 7, 3)))
    expected = [
        block.predict(history((3, 4))).stars(np.array([8])),
        block.predict(history((4, 5), (9, 1))).stars(np.array([7])),
        block.predict(history()).stars(np.array([7])),
    ]
    np.testing.assert_allclose(predicted, np.concatenate(expected))


def test_a_summary_has_means_over_seeds_and_the_tenths():
    artefact = make_artefact()
    records = {seed: StarsRecord() for seed in (1, 2)}
    train = table((1, 4, 5), (1, 9, 1), (2, 3, 4))
    for record in records.values():
        record.add(artefact, train, table((2, 8, 3), (1, 7, 4)))
        record.add(artefact, train, table((2, 7, 3)))
    found = summary(records)
    assert (found["seeds"], found["ratings"]) == ([1, 2], [3, 3])
    assert set(found["systems"]) == {"model", "biases"}
    assert found["systems"]["model"]["rmse"]["std"] == 0
    assert len(found["tenths"]) == 3
    assert summary({}) == {}
