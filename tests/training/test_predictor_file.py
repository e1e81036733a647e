"""The forest as skops: it comes back as it was, and a stranger's file is never built."""

from __future__ import annotations

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor

from recommendations.ranking.forest import Forest
from recommendations.ranking.storage import ArtefactError
from spark_jobs.training.predictor_file import dump_predictor, load_predictor


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
