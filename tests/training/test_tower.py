"""The content tower: what it learns from, which ridge it takes, and how much of it counts."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.blocks.als import Als
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.blocks.tower import Tower, TowerParameters
from recommendations.ranking.content import FilmContent
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.parameters import LIKES
from recommendations.ranking.people import KnownPeople
from spark_jobs.training import tower as tower_training
from spark_jobs.training.base import TrainingData
from spark_jobs.training.tower import (
    Fits,
    TowerTraining,
    fill_unrated,
    folds_of,
    learn_vocabulary,
    shrinkage,
)

GENRES = ("Crime", "War", "unknown")
OWN = TowerParameters(directions=3)
FILMS, PEOPLE = 120, 60


def made_up(seed: int = 0, *, telling: bool = True) -> TrainingData:
    """Two kinds of films and of people: who likes crime rates crime with five stars. The last two films have no rating.
    ``telling`` says whether the genre of a film is that of its audience."""
    chance = np.random.default_rng(seed)
    kind = np.arange(FILMS) % 2
    contents = tuple(
        FilmContent(
            (GENRES[of],), 1990 + of, people=(f"actor {row % 7}",), overview=f"about{'abcde'[row % 5]} snow"
        )
        for row, of in enumerate(kind if telling else chance.permutation(kind))
    )
    items, stars, starts = [], [], [0]
    for person in range(PEOPLE):
        rated = np.sort(chance.choice(FILMS - 2, 30, replace=False)).astype(np.int32)
        items.append(rated)
        stars.append(np.where(kind[rated] == person % 2, 5.0, 2.0).astype(np.float32))
        starts.append(starts[-1] + len(rated))
    people = KnownPeople(
        np.arange(PEOPLE, dtype=np.int32),
        np.full((PEOPLE, 3), -1, np.int16),
        np.array(starts),
        np.concatenate(items),
        np.concatenate(stars),
    )
    sides = np.where(kind == 0, 1.0, -1.0)
    vectors = np.column_stack([sides, chance.normal(0, 0.05, FILMS)]).astype(np.float32)
    vectors[-2:] = 0
    ease = Ease(vectors, vectors, np.zeros(FILMS, np.float32))
    nothing = np.zeros((FILMS, 0), np.float32)
    return TrainingData(
        LIKES.adjusted(tower={"directions": 3}),
        FILMS,
        np.zeros((FILMS, 3), np.float32),
        np.zeros(FILMS, np.int16),
        people,
        None,  # type: ignore[arg-type]  (no Spark here)
        None,  # type: ignore[arg-type]
        {},
        data_set=DataSet(genres=GENRES),
        contents=contents,
        solved=[ease, Als(nothing)],
    )


def test_it_finds_the_side_of_films_that_nobody_has_rated():
    data = made_up()
    trained = TowerTraining().solve(data)
    blocks = fill_unrated([*data.solved, trained.block], data)
    ease = blocks[0]
    assert ease.items[-2, 0] > 0.7
    assert ease.items[-1, 0] < -0.7
    np.testing.assert_array_equal(ease.items[:-2], data.solved[0].items[:-2])
    assert blocks[1] is data.solved[1]


def test_the_report_says_what_was_tried_and_how_well_it_predicts():
    report = TowerTraining().solve(made_up()).report["tower"]
    assert set(report["candidates"]) == {"0.5", "1", "2", "4", "8"}
    assert report["ridge"] in OWN.ridges
    assert report["candidates"][f"{report['ridge']:g}"] == max(report["candidates"].values())
    assert report["features"] == {"genres": 2, "decades": 1, "tags": 0, "people": 7, "directions": 3}
    assert report["explained"]["ease.items"] > 0.9
    assert list(report["shrinkage"]) == ["ease.items", "ease.fold", "ease.intercept"]


def test_content_that_tells_nothing_counts_next_to_nothing():
    told, silent = (TowerTraining().solve(made_up(telling=telling)) for telling in (True, False))
    assert silent.report["tower"]["explained"]["ease.items"] < 0.1
    assert np.abs(silent.block.coefficients).max() < 0.3 * np.abs(told.block.coefficients).max()


def test_of_many_films_it_learns_from_the_best_known(monkeypatch):
    monkeypatch.setattr(tower_training, "MOST_FILMS", 60)
    data = made_up()
    block = TowerTraining().solve(data).block
    counts = np.bincount(data.people.items, minlength=FILMS)
    rows = np.sort(np.argsort(-counts, kind="stable")[:60])
    np.testing.assert_allclose(
        block.mean[0], np.average(data.solved[0].items[rows, 0], weights=counts[rows] / (counts[rows] + 20))
    )
    assert block.arrays_of([data.contents[-2]])["ease"]["items"][0, 0] > 0.7


def test_it_is_the_same_each_time():
    first, again = (TowerTraining().solve(made_up()).block for _ in range(2))
    for name, array in first.arrays().items():
        np.testing.assert_array_equal(array, again.arrays()[name])


def test_without_content_or_vectors_there_is_no_tower():
    data = made_up()
    data.solved[:] = [Als(np.zeros((FILMS, 0), np.float32))]
    assert TowerTraining().solve(data).block.is_empty
    bare = made_up()
    object.__setattr__(bare, "contents", (FilmContent(),) * FILMS)
    object.__setattr__(bare, "data_set", DataSet(genres=()))
    assert TowerTraining().solve(bare).block.is_empty
    tower = Tower.empty(FILMS)
    assert fill_unrated([*bare.solved, tower], bare) == (*bare.solved, tower)


def test_a_vocabulary_holds_what_several_films_have():
    films = [
        FilmContent(("Crime",), 1991, ("Heist", "once"), ("A B", "only here"), "Snow falls in Fargo"),
        FilmContent(("War",), 1957, ("heist ",), ("a b",), "Snow lies in Verdun"),
        FilmContent((), None, (), (), "Everybody is in love in summer"),
    ]
    words = learn_vocabulary(films, GENRES, OWN)
    assert words.genres == ("Crime", "War")
    assert words.decades.tolist() == [1950, 1990]
    assert words.tags.tolist() == ["heist"]
    assert words.people.tolist() == ["a b"]
    # "in" is too short; of three overviews a word of two is too common, a word of one too rare.
    assert words.words.tolist() == []
    assert words.directions.shape == (0, 0)
    few = learn_vocabulary(films, GENRES, TowerParameters(most=0))
    assert few.tags.size == few.people.size == 0


def test_directions_are_the_strongest_of_the_words():
    films = [
        FilmContent(overview=text) for text in ("snow ice", "snow ice", "sun sea", "sun sea", "tree")
    ] * 2
    words = learn_vocabulary(films, (), TowerParameters(directions=2))
    assert words.words.tolist() == ["ice", "sea", "snow", "sun", "tree"]
    rows = words.text_features(["snow and ice", "the sun", "a tree"])
    np.testing.assert_allclose(words.directions.T @ words.directions, np.eye(2), atol=1e-5)
    assert np.linalg.norm(rows[0]) == pytest.approx(1, abs=1e-5)
    assert abs(rows[0] @ rows[1]) < 1e-6
    assert np.linalg.norm(rows[2]) < 1e-3


def test_a_film_that_is_left_out_says_nothing():
    chance = np.random.default_rng(1)
    features, targets, weights = chance.normal(size=(40, 3)), chance.normal(size=(40, 2)), chance.random(40)
    left_out = np.array([3, 17])
    rest = np.setdiff1d(np.arange(40), left_out)
    centre, mean, coefficients = Fits(features, targets, weights).without(left_out, 2.0)
    own = weights[rest][:, None]
    np.testing.assert_allclose(centre, (own * features[rest]).sum(axis=0) / own.sum())
    differences, wanted = features[rest] - centre, targets[rest] - mean
    np.testing.assert_allclose(mean, (own * targets[rest]).sum(axis=0) / own.sum())
    solved = np.linalg.solve(
        (own * differences).T @ differences + 2 * np.eye(3), (own * differences).T @ wanted
    )
    np.testing.assert_allclose(coefficients, solved)


def test_what_predicts_twice_too_much_counts_by_half():
    features = np.random.default_rng(2).normal(size=(400, 1))
    fits = Fits(features, np.hstack([features, np.random.default_rng(3).normal(size=(400, 1))]), np.ones(400))
    kept, explained = shrinkage(fits, folds_of(np.full(400, 10), 5, 0), 1e-6, np.array([1, 1], np.int32))
    assert kept[0] == pytest.approx(1, abs=1e-3)
    assert explained[0] == pytest.approx(1, abs=1e-3)
    assert explained[1] < 0.05


def test_folds_part_the_films_that_can_be_asked_about():
    count = np.array([0, 3] * 60 + [10] * 60)
    folds = folds_of(count, 5, 0)
    assert np.sort(np.concatenate(folds)).tolist() == list(range(120, 180))
    # Where hardly any film has so many ratings, all that have one are asked about.
    assert np.sort(np.concatenate(folds_of(count[:120], 5, 0))).tolist() == list(range(1, 120, 2))
