"""The forest in NumPy: what scikit-learn predicts, and no forest that is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor

from recommendations.ranking.blocks.demographic import forest_features
from recommendations.ranking.demographics import GENDERS, MAX_AGE, MIN_AGE, OCCUPATIONS
from recommendations.ranking.forest import ROWS_AT_ONCE, Forest


def fitted(seed: int = 0, outputs: int = 3, **options: object) -> RandomForestRegressor:
    """Trees on features with many ties and fractions, half of which single precision rounds away."""
    chance = np.random.default_rng(seed)
    features = np.column_stack(
        [chance.integers(0, 9, 80), chance.uniform(-1, 1, 80), 1 + chance.integers(0, 4, 80) * 1e-8]
    )
    targets = chance.normal(0, 1, (80, outputs)) + features[:, :1]
    return RandomForestRegressor(n_estimators=12, random_state=seed, **options).fit(features, targets)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("options", [{}, {"min_samples_leaf": 7}, {"max_depth": 1}, {"max_leaf_nodes": 9}])
def test_it_predicts_what_scikit_learn_predicts(seed, options):
    model = fitted(seed, **options)
    forest = Forest.from_scikit_learn(model)
    chance = np.random.default_rng(100 + seed)
    thresholds = np.concatenate([tree.tree_.threshold for tree in model.estimators_])
    rows = np.vstack(
        [
            chance.normal(0, 4, (60, 3)),
            # On the thresholds themselves and beside them, where rounding decides.
            chance.choice(thresholds, (60, 3)),
            np.nextafter(chance.choice(thresholds, (60, 3)), np.inf),
            np.float32(chance.choice(thresholds, (60, 3))),
        ]
    )
    np.testing.assert_allclose(forest.predict(rows), model.predict(rows), rtol=0, atol=1e-12)


def test_every_newcomer_gets_what_scikit_learn_predicts():
    chance = np.random.default_rng(0)
    people = chance.integers([10, 0, 0], [70, len(GENDERS), len(OCCUPATIONS)], (300, 3))
    model = RandomForestRegressor(n_estimators=20, min_samples_leaf=3, random_state=0)
    model.fit(forest_features(*people.T), chance.normal(0, 1, (300, 23)))
    everybody = np.array(
        [
            (age, gender, occupation)
            for age in range(MIN_AGE, MAX_AGE + 1)
            for gender in range(len(GENDERS))
            for occupation in range(len(OCCUPATIONS))
        ]
    )
    rows = forest_features(*everybody.T)
    np.testing.assert_allclose(
        Forest.from_scikit_learn(model).predict(rows), model.predict(rows), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("count", [0, 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1])
def test_any_number_of_rows(count):
    model = fitted()
    rows = np.random.default_rng(1).normal(0, 4, (count, 3))
    predicted = Forest.from_scikit_learn(model).predict(rows)
    assert predicted.shape == (count, 3)
    if count:
        np.testing.assert_allclose(predicted, model.predict(rows), rtol=0, atol=1e-12)


def test_trees_that_never_split_predict_the_mean():
    model = fitted(min_samples_leaf=80, bootstrap=False)
    forest = Forest.from_scikit_learn(model)
    assert len(forest.values) == len(forest.roots) == 12
    np.testing.assert_allclose(forest.predict(np.zeros((2, 3))), model.predict(np.zeros((2, 3))))


def test_what_is_saved_makes_the_same_forest():
    forest = Forest.from_scikit_learn(fitted())
    rows = np.random.default_rng(1).normal(0, 4, (50, 3))
    np.testing.assert_array_equal(Forest(**forest.arrays()).predict(rows), forest.predict(rows))


@pytest.mark.parametrize("name", ["left", "right", "feature", "threshold", "values"])
def test_arrays_of_other_lengths_are_no_forest(name):
    forest = Forest.from_scikit_learn(fitted())
    with pytest.raises(ValueError, match="shape"):
        replace(forest, **{name: getattr(forest, name)[:-1]})


@pytest.mark.parametrize("changes", [{"roots": np.zeros(0, np.int32)}, {"values": np.zeros(5)}])
def test_no_trees_or_no_outputs_are_no_forest(changes):
    with pytest.raises(ValueError, match="expected"):
        replace(Forest.from_scikit_learn(fitted()), **changes)


@pytest.mark.parametrize("name", ["threshold", "values"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_no_number_is_refused(name, value):
    forest = Forest.from_scikit_learn(fitted())
    array = getattr(forest, name).copy()
    array.flat[3] = value
    with pytest.raises(ValueError, match="NaN or infinity"):
        replace(forest, **{name: array})


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("left", 1, 0),
        ("right", 0, 10**6),
        ("left", 0, 0),
        ("roots", 0, -1),
        ("roots", 0, 10**6),
        ("feature", 0, -2),
    ],
)
def test_a_way_that_leaves_the_forest_or_never_ends_is_refused(name, place, value):
    forest = Forest.from_scikit_learn(fitted())
    array = getattr(forest, name).copy()
    array[place] = value
    with pytest.raises(ValueError, match="leads to one that is not below it"):
        replace(forest, **{name: array})
