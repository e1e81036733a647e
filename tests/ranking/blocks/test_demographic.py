"""The demographic block: features, and the mean of forest and ridge."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.blocks.demographic import Demographic, band_features, forest_features
from recommendations.ranking.demographics import OCCUPATIONS, Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.explain import explain
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.people import EMPTY_HISTORY
from recommendations.ranking.score import make_plan, rank_films, score_films
from tests.ranking.factories import (
    block_of,
    make_artefact,
)

SOMEBODY = Demographics(33, "F", "writer")
ARTEFACT = make_artefact()


def test_the_demographic_block_is_the_mean_of_forest_and_ridge():
    features = np.zeros(30)
    features[[2, 7, 9 + 20]] = 1  # 33 lies in the third age band, F is the first gender, writer the last job
    model = ARTEFACT.block(Demographic)
    ridge = (features - model.ridge_mean) @ model.ridge_coefficients
    forest = model.forest.predict(np.array([[33.0, 1.0, *np.eye(21)[20]]]))[0]
    taste = fold_in(ARTEFACT, SOMEBODY, EMPTY_HISTORY)
    np.testing.assert_allclose(block_of(taste, "demographic"), 1.1 * (forest[19:] + ridge) / 2, rtol=1e-6)
    np.testing.assert_allclose(model.predict(SOMEBODY).genre_affinities, forest[:19])


def test_nothing_told_and_nothing_rated_is_like_share_and_the_average_person():
    model = ARTEFACT.block(Demographic)
    of_each = [
        model.predict(Demographics(int(age), "FM"[gender], OCCUPATIONS[job])).coordinates
        for age, gender, job in model.people
    ]
    np.testing.assert_allclose(model.predict(Demographics()).coordinates, np.mean(of_each, axis=0))


def test_one_part_untold_is_the_mean_over_the_training_people():
    model = ARTEFACT.block(Demographic)
    ages = model.people[:, 0]
    each = [model.predict(Demographics(int(age), "M", "doctor")).coordinates for age in ages]
    untold = model.predict(Demographics(None, "M", "doctor")).coordinates
    np.testing.assert_allclose(untold, np.mean(each, axis=0))


def test_the_features_of_the_forest():
    (row,) = forest_features(np.array([33]), np.array([0]), np.array([20]))
    assert row.tolist() == [33.0, 1.0, *[0.0] * 20, 1.0]
    assert forest_features(np.array([33]), np.array([1]), np.array([0]))[0][1:3].tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("age", "band"),
    [(5, 0), (17, 0), (18, 1), (24, 1), (25, 2), (44, 3), (45, 4), (50, 5), (55, 5), (56, 6), (110, 6)],
)
def test_the_age_bands(age, band):
    (row,) = band_features(np.array([age]), np.array([1]), np.array([3]))
    assert np.flatnonzero(row).tolist() == [band, 8, 9 + 3]


def test_a_child_gets_no_horror_and_somebody_of_thirteen_does():
    artefact = make_artefact(120, seed=3)
    horror = np.flatnonzero(artefact.genres[:, GENRES.index("Horror")])
    nobody = EMPTY_HISTORY

    def listed(age: int) -> np.ndarray:
        plan = make_plan(fold_in(artefact, Demographics(age=age), nobody), Dials())
        return rank_films(score_films(artefact, plan), nobody.items, 60)

    assert not np.isin(listed(12), horror).any()
    assert np.isin(listed(13), horror).any()
    taste = fold_in(artefact, Demographics(age=12), nobody)
    parts = explain(artefact, taste, make_plan(taste, Dials()), int(horror[0]))
    assert [part.value for part in parts if part.kind == "child"] == [-10.0]
