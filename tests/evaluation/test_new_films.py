"""The protocol for films that have lost all their ratings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recommendations.evaluation.baselines import Baselines
from recommendations.evaluation.engines import NumpyEngine
from recommendations.evaluation.new_films import affinity_scores, new_films, tuned_affinities
from recommendations.evaluation.protocols import Case, check_leaks, new_films_split, with_positions
from recommendations.evaluation.records import Records
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.people import EMPTY_HISTORY
from tests.evaluation.tables import sample_ratings
from tests.ranking.factories import history, make_artefact

GENRES = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 1]], np.float32)


@pytest.fixture(scope="module")
def ratings(tmp_path_factory):
    return sample_ratings(tmp_path_factory.mktemp("new"))


def test_a_fifth_of_the_films_with_ten_ratings_loses_all(ratings):
    split = new_films_split(ratings, 1)
    counts = ratings.groupby("item").size()
    known = counts[counts >= 10].index
    assert len(split.candidates) == len(known) // 5
    assert set(split.candidates.tolist()) <= set(known)
    assert not split.train["item"].isin(split.candidates).any()
    gone = ratings[ratings["item"].isin(split.candidates)]
    assert len(split.train) == len(ratings) - len(gone)
    liked = gone[gone["stars"] >= 4]
    asked = {(case.user_id, item) for case in split.questions["new-films"] for item in case.relevant.tolist()}
    assert asked == set(zip(liked["user_id"], liked["item"], strict=True))
    assert check_leaks(split) == {"new-films": len(liked)}
    assert new_films(ratings, 1).tolist() != new_films(ratings, 2).tolist()


def test_somebody_who_has_rated_nothing_else_is_not_asked():
    films = np.repeat(np.arange(1, 6), 10)
    table = pd.DataFrame({"user_id": np.tile(np.arange(10), 5), "movie_id": films, "stars": 5, "rated_at": 0})
    frame = with_positions(table, np.arange(1, 7))
    new = new_films(frame, 0)
    only = frame[~((frame["user_id"] == 3) & ~frame["item"].isin(new))]
    split = new_films_split(only, 0)
    if len(new_films(only, 0)):
        assert 3 not in {case.user_id for case in split.questions["new-films"]}


def test_only_new_films_are_ranked_by_the_model_and_by_what_it_has_to_beat():
    artefact = make_artefact()
    train = pd.DataFrame(
        {
            "user_id": np.repeat(np.arange(12), 5),
            "movie_id": np.tile([3, 5, 7, 9, 11], 12),
            "stars": np.tile([5, 4, 2, 1, 3], 12),
            "rated_at": 0,
        }
    )
    frame = with_positions(train, artefact.movie_ids)
    candidates = np.array([20, 30, 40, 50], np.int32)
    cases = [Case(1, history((0, 5), (2, 2)), candidates[:0], np.array([30], np.int32), known=False)]
    split = replace(new_films_split(frame, 0), candidates=candidates, questions={"new-films": cases})
    records = Records(4)
    records.measure(split, artefact, NumpyEngine(artefact), {1: Demographics()})
    systems = records.systems["new-films"][0]
    assert list(systems) == ["model", "random", "genre affinity"]
    assert all(record.shown == set(candidates.tolist()) for record in systems.values())
    assert records.summary()["new-films"]["ratio_to_like_share"] is None


def test_affinities_are_pulled_to_nothing_by_few_ratings():
    told = history((0, 5), (1, 5), (2, 2))
    near, far = (affinity_scores(told, GENRES, shrinkage, False) for shrinkage in (0.0, 10.0))
    assert near.tolist() == pytest.approx([1, 1, -2, -2, -1])
    assert far.tolist() == pytest.approx([2 / 12, 2 / 12, -2 / 11, -2 / 11, 2 / 12 - 2 / 11])
    assert affinity_scores(told, GENRES, 0.0, True)[4] == pytest.approx(-1 / np.sqrt(2))
    assert not affinity_scores(EMPTY_HISTORY, GENRES, 5.0, False).any()


def test_the_affinities_are_tuned_on_the_training_part():
    # Norming brings film 1, of one liked genre, before film 4, which has both.
    genres = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 1]], np.float32)
    told = {1: history((0, 5), (2, 4), (3, 1))}
    choice = tuned_affinities(told, {1: np.array([1], np.int32)}, genres, np.array([1, 4], np.int32))
    scores = affinity_scores(told[1], genres, *choice)
    assert scores[1] > scores[4]


def test_chance_is_the_same_for_the_same_person():
    artefact = make_artefact()
    baselines = Baselines(artefact, pd.DataFrame({"user_id": [1], "item": [0], "stars": [5]}))
    cases = [
        Case(person, EMPTY_HISTORY, np.zeros(0, np.int32), np.zeros(0, np.int32), known=False)
        for person in (1, 1, 2)
    ]
    first, again, other = (baselines.chance(case, Demographics()) for case in cases)
    assert first.tolist() == again.tolist() != other.tolist()
    assert len(first) == len(artefact.movie_ids)
