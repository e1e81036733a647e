"""The baselines against values computed by hand or in another way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recommendations.evaluation.baselines import Baselines, genre_affinities, jaccard
from recommendations.evaluation.protocols import Case, in_order
from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.parameters import ANY
from recommendations.ranking.people import EMPTY_HISTORY, History
from tests.ranking.factories import make_artefact

SOMEBODY = Demographics(30, "F", "artist")


def case_with(items: list[int], stars: list[int]) -> Case:
    history = History(np.array(items, np.int32), np.array(stars, np.int8))
    return Case(1, history, history.items, np.array([9], np.int32), known=True)


@pytest.fixture
def train() -> pd.DataFrame:
    rows = [(1, 0, 5), (1, 1, 3), (2, 0, 4), (2, 1, 2), (2, 2, 5), (3, 2, 1)]
    frame = pd.DataFrame(rows, columns=["user_id", "item", "stars"])
    return in_order(frame.assign(movie_id=frame["item"] + 1, rated_at=0))


def test_jaccard_by_hand():
    # Film 0 has three people, film 1 two, both one in common; nobody rated film 2.
    together = np.array([[3.0, 1, 0], [1, 2, 0], [0, 0, 0]])
    assert jaccard(together).tolist() == [[1, 1 / 4, 0], [1 / 4, 1, 0], [0, 0, 0]]


def test_item_knn_weighs_similar_films_by_stars(train):
    scores = Baselines(make_artefact(), train).item_knn(case_with([0], [4]), SOMEBODY)
    # Films 0 and 1 have the same two people; film 2 has two, one of them in common.
    assert scores[:4].tolist() == pytest.approx([4, 4, 4 / 3, 0])


def test_genre_affinities_are_damped_differences_to_the_own_mean():
    genres = np.array([[1, 0], [1, 1], [0, 1]], float)
    history = History(np.array([0, 1, 2], np.int32), np.array([5, 4, 3], np.int8))
    # Mean 4. First genre: (5 + 4)/2 − 4 = 1/2, times 2/7; second: −1/2, times 2/7.
    assert genre_affinities(history, genres).tolist() == pytest.approx([1 / 7, -1 / 7])
    assert genre_affinities(EMPTY_HISTORY, genres).tolist() == [0, 0]


def test_popularity_and_like_share_are_the_same_for_everybody(train):
    artefact = make_artefact()
    baselines = Baselines(artefact, train)
    assert np.array_equal(baselines.popularity(case_with([0], [1]), SOMEBODY), artefact.rating_count)
    assert np.array_equal(baselines.like_share(case_with([1], [5]), SOMEBODY), artefact.like_share)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_ease_and_als_alone_are_blocks_of_the_fold_in(train, weight):
    artefact = make_artefact(parameters=ANY if weight else make_artefact().parameters)
    baselines, case = Baselines(artefact, train), case_with([3, 5, 8], [5, 2, 4])
    vector = fold_in(artefact, SOMEBODY, case.history).vector
    only_ease, only_als = np.zeros_like(vector), np.zeros_like(vector)
    only_ease[artefact.spans["ease"]] = vector[artefact.spans["ease"]]
    only_als[artefact.spans["als"]] = vector[artefact.spans["als"]]
    expected = artefact.item_vectors @ only_ease + weight * artefact.block(Ease).intercept
    assert np.allclose(baselines.ease_alone(case, SOMEBODY), expected, atol=1e-6)
    assert np.allclose(baselines.als_alone(case, SOMEBODY), artefact.item_vectors @ only_als, atol=1e-6)


def test_forest_genres_ranks_by_the_predicted_affinities(train):
    artefact = make_artefact()
    affinities = artefact.block(Demographic).predict(SOMEBODY).genre_affinities
    cold = Case(1, EMPTY_HISTORY, np.zeros(0, np.int32), np.array([2], np.int32), known=False)
    scores = Baselines(artefact, train).forest_genres(cold, SOMEBODY)
    assert scores[7] == pytest.approx(affinities[artefact.genres[7] > 0].sum(), abs=1e-5)


def test_without_a_history_only_baselines_that_need_none_are_asked(train):
    baselines = Baselines(make_artefact(), train)
    assert set(baselines.for_setting("cold")) == {"popularity", "like share", "forest → genres"}
    for setting in ("warm", "temporal", "onboarding-1"):
        names = set(baselines.for_setting(setting))
        assert names == {"popularity", "like share", "genres", "item-kNN", "EASE alone", "ALS alone"}
