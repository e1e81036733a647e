"""The sums over people, against plain matrices, and through Spark."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from pyspark.sql import SparkSession

from recommendations.ranking.blocks.base import recency_weights
from recommendations.ranking.blocks.demographic import band_features
from recommendations.ranking.blocks.sequence import SequenceParameters
from recommendations.ranking.parameters import ANY, LIKES
from spark_jobs.training.base import accumulate, truncate
from spark_jobs.training.histories import (
    BLOCK_ROWS,
    COLUMNS,
    PersonHistory,
    collect_people,
    histories_frame,
    sum_matrices,
)
from spark_jobs.training.model import TRAININGS
from tests.ranking.factories import history, make_artefact, random_history

SEQUENCE = LIKES.of(SequenceParameters)
FILMS = BLOCK_ROWS + 88  # more than one block of rows


def some_people(count: int = 12) -> list[PersonHistory]:
    chance = np.random.default_rng(4)
    artefact = make_artefact(FILMS)
    return [
        PersonHistory(
            number,
            int(chance.integers(10, 70)),
            int(chance.integers(2)),
            int(chance.integers(21)),
            random_history(artefact, chance, int(chance.integers(1, 40))),
        )
        for number in range(1, count + 1)
    ]


PEOPLE = some_people()


def plain_matrices() -> dict[str, np.ndarray]:
    """The same with whole matrices of people × films."""
    weights, likes = np.zeros((len(PEOPLE), FILMS)), np.zeros((len(PEOPLE), FILMS))
    past_gram, past_next = np.zeros((FILMS, FILMS)), np.zeros((FILMS, FILMS))
    for row, person in enumerate(PEOPLE):
        items, stars = person.history.items, person.history.stars
        weights[row, items] = np.array(LIKES.star_weights)[stars - 1]
        likes[row, items] = stars >= 4
        if len(items) <= 2:
            continue
        first = max(1, int(len(items) * SEQUENCE.start))
        for cut in sorted(set(np.linspace(first, len(items) - 1, SEQUENCE.cuts).astype(int))):
            past, following = np.zeros(FILMS), np.zeros(FILMS)
            before, after = items[:cut], items[cut : cut + SEQUENCE.horizon]
            ages = np.arange(cut - 1, -1, -1.0)
            past[before] = weights[row, before] * recency_weights(ages, SEQUENCE.recency)
            following[after] = weights[row, after]
            past_gram += np.outer(past, past)
            past_next += np.outer(past, following)
    features = band_features(*np.array([(p.age, p.gender, p.occupation) for p in PEOPLE]).T)
    return {
        "gram": weights.T @ weights,
        "sums": weights.sum(axis=0),
        "like_gram": likes.T @ likes,
        "likes": likes.sum(axis=0),
        "past_gram": past_gram,
        "past_next": past_next,
        "feature_gram": features.T @ features,
        "feature_likes": features.T @ likes,
        "feature_sums": features.sum(axis=0),
        "people": np.array([len(PEOPLE)], float),
    }


def test_the_sums_are_those_of_plain_matrices():
    totals, expected = accumulate(iter(PEOPLE), TRAININGS, FILMS, LIKES), plain_matrices()
    assert totals.keys() == expected.keys()
    for name, matrix in expected.items():
        np.testing.assert_allclose(totals[name], matrix, rtol=1e-5, atol=1e-5, err_msg=name)


def test_without_a_sequence_block_its_matrices_are_not_summed():
    wanted = [training for training in TRAININGS if training.is_wanted(ANY)]
    assert not {"past_gram", "past_next"} & accumulate(iter(PEOPLE), wanted, FILMS, ANY).keys()
    assert {"gram", "like_gram"} <= accumulate(iter(PEOPLE), wanted, FILMS, ANY).keys()


def test_nobody_sums_to_nothing():
    totals = accumulate(iter([]), TRAININGS, 3, LIKES)
    assert all(not matrix.any() for matrix in totals.values())
    assert totals["feature_likes"].shape == (30, 3)


def test_three_ratings_are_the_shortest_history_with_a_sequence():
    one = [PersonHistory(1, 30, 0, 0, history((0, 5), (1, 5)))]
    assert not accumulate(iter(one), TRAININGS, 3, LIKES)["past_next"].any()
    one = [PersonHistory(1, 30, 0, 0, history((0, 5), (1, 5), (2, 5)))]
    assert accumulate(iter(one), TRAININGS, 3, LIKES)["past_next"].any()


def test_truncation_keeps_the_best_directions_of_the_scores():
    chance = np.random.default_rng(6)
    X = chance.choice([0.0, 0.1, 1.0, 1.9], (50, 20), p=[0.6, 0.1, 0.15, 0.15])
    weights = chance.normal(size=(20, 20))
    scores = X @ weights
    left, values, right = np.linalg.svd(scores, full_matrices=False)
    for rank in (1, 5, 20):
        fold, items = truncate(weights, X.T @ X, rank)
        best = left[:, :rank] * values[:rank] @ right[:rank]
        np.testing.assert_allclose(X @ fold @ items.T, best, atol=1e-8)
        np.testing.assert_allclose(items.T @ items, np.eye(rank), atol=1e-9)


def test_more_rank_than_films_is_cut_to_the_films():
    fold, items = truncate(np.eye(3), np.eye(3), 64)
    assert fold.shape == items.shape == (3, 3)


def rows_of(people: list[PersonHistory]) -> Iterator[tuple[int, ...]]:
    for person in people:
        ratings = list(zip(person.history.items.tolist(), person.history.stars.tolist(), strict=True))
        # Newest first, to see that the order comes from ``position``.
        for position, (item, stars) in reversed(list(enumerate(ratings))):
            yield person.user_id, item, stars, position, person.age, person.gender, person.occupation


@pytest.mark.spark
class TestThroughSpark:
    def test_the_sums_over_partitions_are_those_of_plain_matrices(self, spark: SparkSession):
        schema = ", ".join(f"{name} int" for name in COLUMNS)
        # More partitions than the machine has cores, some of them empty.
        frame = spark.createDataFrame(list(rows_of(PEOPLE)), schema).repartition(16, "user_id")
        totals = sum_matrices(frame, partial(accumulate, trainings=TRAININGS, films=FILMS, parameters=LIKES))
        for name, matrix in plain_matrices().items():
            assert totals[name].shape == matrix.shape, name
            np.testing.assert_allclose(totals[name], matrix, rtol=1e-5, atol=1e-5, err_msg=name)

    def test_people_come_back_with_their_histories(self, spark: SparkSession):
        schema = ", ".join(f"{name} int" for name in COLUMNS)
        people = collect_people(spark.createDataFrame(list(rows_of(PEOPLE)), schema).repartition(3))
        assert people.user_ids.tolist() == [person.user_id for person in PEOPLE]
        for person in PEOPLE:
            demographics, seen = people.person(person.user_id)
            assert demographics.age == person.age
            np.testing.assert_array_equal(seen.items, person.history.items)
            np.testing.assert_array_equal(seen.stars, person.history.stars)

    def test_the_frame_of_histories_numbers_films_and_codes_people(self, spark: SparkSession):
        ratings = spark.createDataFrame(
            [(7, 30, 5, 0), (7, 10, 2, 1)], "user_id int, movie_id int, stars int, position int"
        )
        users = spark.createDataFrame(
            [(7, 41, "M", "writer"), (8, 20, "F", "artist")],
            "user_id int, age int, gender string, occupation string",
        )
        movies = spark.createDataFrame([(30,), (10,), (20,)], "movie_id int")
        frame = histories_frame(ratings, users, movies).orderBy("position")
        assert frame.columns == list(COLUMNS)
        assert [tuple(row) for row in frame.collect()] == [(7, 2, 5, 0, 41, 1, 20), (7, 0, 2, 1, 41, 1, 20)]
