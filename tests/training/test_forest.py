"""The forest: which leaf size wins, and an honest report beside the baseline."""

from __future__ import annotations

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor

from recommendations.ranking.blocks.demographic import DemographicParameters, forest_features
from recommendations.ranking.forest import Forest
from recommendations.ranking.storage import ArtefactError
from spark_jobs.training import forest as forest_module
from spark_jobs.training.forest import dump_predictor, fit_forest, load_predictor

PEOPLE = 120
SMALL = DemographicParameters(trees=20, leaf_sizes=(2, 40))


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch):
    monkeypatch.setattr(forest_module, "SELECTION_TREES", 10)


def demographics() -> np.ndarray:
    chance = np.random.default_rng(0)
    return np.column_stack(
        [chance.integers(10, 70, PEOPLE), chance.integers(0, 2, PEOPLE), chance.integers(0, 21, PEOPLE)]
    ).astype(np.int16)


def learnable(people: np.ndarray) -> np.ndarray:
    """Age bands decide everything, with a little noise: small leaves win."""
    chance = np.random.default_rng(1)
    return np.sin(people[:, :1] / 5.0) * np.ones(21) + chance.normal(0, 0.05, (PEOPLE, 21))


def noise(people: np.ndarray) -> np.ndarray:
    """Nothing can be learnt: the largest leaves, which come nearest to the mean, win."""
    return np.random.default_rng(2).normal(0, 1, (PEOPLE, 21))


def test_small_leaves_win_where_there_is_something_to_learn():
    people = demographics()
    forest, report = fit_forest(people, learnable(people), SMALL, seed=0)
    assert report.leaf_size == 2 == forest.min_samples_leaf
    assert report.rmse < 0.5 * report.baseline_rmse
    assert report.rmse == report.rmse_by_leaf_size[2]
    assert report.rmse_by_leaf_size.keys() == {2, 40}
    assert forest.n_estimators == 20
    assert forest.predict(forest_features(*people.astype(int).T)).shape == (PEOPLE, 21)


def test_large_leaves_win_on_noise_and_the_report_does_not_boast():
    people = demographics()
    forest, report = fit_forest(people, noise(people), SMALL, seed=0)
    assert report.leaf_size == 40
    assert report.rmse > 0.98 * report.baseline_rmse


def test_the_baseline_is_the_mean_of_the_other_folds(monkeypatch):
    people, targets = demographics(), noise(demographics())
    # The baseline needs no forest; one fold for each person would grow a hundred and twenty of each size.
    tiny = DemographicParameters(trees=1, leaf_sizes=(40,))
    monkeypatch.setattr(forest_module, "SELECTION_TREES", 1)
    _, report = fit_forest(people, targets, tiny, seed=0, folds=PEOPLE)
    left_out = targets[:, :19] - (targets[:, :19].sum(axis=0) - targets[:, :19]) / (PEOPLE - 1)
    assert report.baseline_rmse == pytest.approx(np.sqrt((left_out**2).mean()))


def test_the_leaf_size_is_chosen_on_all_outputs_each_on_its_own_scale():
    """Two small coordinates carry the signal beside one large column of noise, which must not drown them."""
    people = demographics()
    targets = np.zeros((PEOPLE, 21))
    targets[:, 0] = 3 * noise(people)[:, 0]
    targets[:, 19:] = learnable(people)[:, 19:]
    _, report = fit_forest(people, targets, SMALL, seed=0)
    assert report.leaf_size == 2
    # On the stars alone the larger leaves would have won, and the report does not hide it.
    assert report.rmse_by_leaf_size[40] < report.rmse_by_leaf_size[2] == report.rmse


def test_outputs_without_variance_are_no_problem():
    people = demographics()
    _, report = fit_forest(people, np.zeros((PEOPLE, 21)), SMALL, seed=0)
    assert (report.rmse, report.baseline_rmse) == (0, 0)


def test_the_same_seed_gives_the_same_forest_and_another_seed_another():
    people, targets = demographics(), learnable(demographics())
    somebody = forest_features(np.array([33]), np.array([1]), np.array([4]))
    first, again, other = (
        fit_forest(people, targets, SMALL, seed=seed)[0].predict(somebody) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_fewer_people_than_folds_is_no_problem():
    people = demographics()[:3]
    _, report = fit_forest(people, learnable(demographics())[:3], SMALL, seed=0)
    assert report.folds == 3


def test_one_person_is_too_few_and_is_said_so():
    people = demographics()[:1]
    with pytest.raises(ValueError, match="1 person"):
        fit_forest(people, np.zeros((1, 21)), SMALL, seed=0)


class ForeignForest(RandomForestRegressor):
    """A class of somebody else's program."""


def test_the_forest_comes_back_and_its_arrays_are_the_same():
    chance = np.random.default_rng(0)
    rows = chance.normal(0, 1, (50, 4))
    model = RandomForestRegressor(n_estimators=5, random_state=0).fit(rows, chance.normal(0, 1, (50, 3)))
    read = load_predictor(dump_predictor(model))
    np.testing.assert_array_equal(read.predict(rows), model.predict(rows))
    arrays = Forest.from_scikit_learn(read).arrays()
    for name, array in Forest.from_scikit_learn(model).arrays().items():
        np.testing.assert_array_equal(arrays[name], array)


def test_a_type_that_is_not_trusted_is_never_built():
    content = skops.io.dumps(ForeignForest(n_estimators=2).fit(np.eye(4), np.arange(4)))
    with pytest.raises(ArtefactError, match="types that are not trusted: .*ForeignForest"):
        load_predictor(content)


def test_what_could_not_be_read_again_is_not_written():
    with pytest.raises(ArtefactError, match="not trusted"):
        dump_predictor(ForeignForest(n_estimators=2).fit(np.eye(4), np.arange(4)))


def test_another_model_is_refused():
    content = skops.io.dumps(GradientBoostingRegressor(n_estimators=2).fit(np.eye(4), np.arange(4)))
    with pytest.raises(ArtefactError, match="GradientBoostingRegressor, expected a RandomForestRegressor"):
        load_predictor(content)
