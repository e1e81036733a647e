"""The ALS block: what Spark and the library for one machine factorise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.blocks.als import AlsParameters
from recommendations.ranking.blocks.base import value_of_stars
from recommendations.ranking.parameters import LIKES
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.als import als_item_factors, als_on_one_machine, uses_library
from spark_jobs.training.histories import people_of
from tests.ranking.factories import make_artefact, make_people

FAST = replace(LIKES.of(AlsParameters), rank=8, iterations=4)


@pytest.mark.spark
def test_another_seed_gives_other_factors(spark):
    rows = [(1, 0, 5), (1, 1, 1), (2, 1, 4), (2, 2, 5), (3, 0, 5)]
    frame = spark.createDataFrame(rows, "user_id int, item int, stars int")
    small = replace(FAST, rank=3)
    first, other = (als_item_factors(frame, 5, small, seed) for seed in (1, 2))
    assert first.shape == (5, 3)
    assert first.dtype == np.float32
    assert not first[3:].any()
    assert not np.array_equal(first, other)


@pytest.mark.spark
def test_als_tells_a_dislike_from_a_preference(spark):
    """Everybody gives film 0 five stars; half of the people love film 1, and the others film 2 and dislike 1."""
    stars = {True: {0: 5, 1: 5, 2: 1}, False: {0: 5, 1: 1, 2: 5}}
    rows = [(user, item, given) for user in range(20) for item, given in stars[user < 10].items()]
    frame = spark.createDataFrame(rows, "user_id int, item int, stars int")
    factors = als_item_factors(frame, 3, replace(FAST, rank=2, iterations=10), 0).astype(float)
    assert factors[1] @ factors[2] < 0.3 * min(factors[1] @ factors[1], factors[2] @ factors[2])


@pytest.mark.spark
def test_people_and_films_without_a_preference_do_not_stop_als(spark):
    """Fewer people than factors, somebody who dislikes everything, and a film that everybody dislikes."""
    rows = [(user, item, 5) for user in range(5) for item in range(3)]
    rows += [(user, 3, 1) for user in range(5)] + [(5, item, 1) for item in range(4)]
    frame = spark.createDataFrame(rows, "user_id int, item int, stars int")
    factors = als_item_factors(frame, 4, replace(FAST, rank=16), 0)
    assert np.isfinite(factors).all()
    assert factors[:3].any(axis=1).all()
    assert not factors[3].any()


def dense_als(people: KnownPeople, films: int, own: AlsParameters, rounds: int, seed: int) -> np.ndarray:
    """The normal equations of the paper, with the ridge scaled by preferences; films' factors."""
    values = np.zeros((len(people.user_ids), films))
    values[np.repeat(np.arange(len(people.user_ids)), np.diff(people.starts)), people.items] = value_of_stars(
        people.stars, own.values
    )
    chance = np.random.default_rng(seed)
    sides = [chance.normal(size=(count, own.rank)) for count in values.shape]
    for _round in range(rounds):
        for side, rows in enumerate((values, values.T)):
            other = sides[1 - side]
            for row, known in enumerate(rows):
                confidence = own.alpha * np.abs(known)
                system = other.T @ other + (other * confidence[:, None]).T @ other
                system += own.ridge * max(1, (known > 0).sum()) * np.eye(own.rank)
                sides[side][row] = np.linalg.solve(system, ((1 + confidence) * (known > 0)) @ other)
    return sides[1]


def objective_of(films: np.ndarray, people: KnownPeople, own: AlsParameters) -> float:
    """What ALS makes small, with the best factors of the people for these factors of the films (films, rank)."""
    total = 0.0
    preferred = np.zeros(len(films))
    for start, end in zip(people.starts[:-1], people.starts[1:], strict=True):
        known = np.zeros(len(films))
        known[people.items[start:end]] = value_of_stars(people.stars[start:end], own.values)
        likes, sure = known > 0, 1 + own.alpha * np.abs(known)
        ridge = own.ridge * likes.sum()
        system = (films * sure[:, None]).T @ films + max(ridge, 1e-9) * np.eye(own.rank)
        factors = np.linalg.solve(system, (sure * likes) @ films)
        total += (sure * (likes - films @ factors) ** 2).sum() + ridge * factors @ factors
        preferred += likes
    return total + own.ridge * (preferred * (films**2).sum(axis=1)).sum()


class TestOnOneMachine:
    @pytest.mark.parametrize("seed", range(3))
    def test_the_library_reaches_the_objective_of_spark(self, seed):
        """Two starting points may end in two places; what is reached there is as good."""
        people = make_people(make_artefact(30))
        own = replace(FAST, rank=3, iterations=80, alpha=1.0)
        found = als_on_one_machine(people, 30, own, seed).astype(float)
        expected = dense_als(people, 30, own, 80, seed + 10)
        nothing, reached, by_hand = (
            objective_of(films, people, own) for films in (np.zeros((30, 3)), found, expected)
        )
        assert by_hand < 0.9 * nothing
        assert reached == pytest.approx(by_hand, rel=0.002)

    def test_a_dislike_is_no_preference_and_who_prefers_nothing_has_no_factors(self):
        stars = {True: {0: 5, 1: 5, 2: 1, 3: 1}, False: {0: 5, 1: 1, 2: 5, 3: 1}}
        rows = [(user, item, given) for user in range(20) for item, given in stars[user < 10].items()]
        rows += [(20, item, 1) for item in range(4)]
        users, items, given = np.array(rows).T
        people = people_of(users, items, given, items)
        own = replace(FAST, rank=2, iterations=10)
        factors = als_on_one_machine(people, 5, own, 0).astype(float)
        assert factors[1] @ factors[2] < 0.3 * min(factors[1] @ factors[1], factors[2] @ factors[2])
        assert not factors[3:].any()
        np.testing.assert_array_equal(factors, als_on_one_machine(people, 5, own, 0))
        assert not np.array_equal(factors, als_on_one_machine(people, 5, own, 1))

    def test_the_people_stay_as_they_are(self):
        people = make_people(make_artefact(30))
        before = people.items.copy()
        als_on_one_machine(people, 30, replace(FAST, iterations=1), 0)
        np.testing.assert_array_equal(people.items, before)

    @pytest.mark.parametrize(
        ("master", "ratings", "library"),
        [
            ("local[*]", 1_000_000, True),
            ("local[2]", 32_000_000, True),
            ("local[*]", 100_000, False),
            ("local[*]", 2_000_000_000, False),
            ("spark://host:7077", 1_000_000, False),
            ("yarn", 1_000_000, False),
        ],
    )
    def test_the_library_is_for_many_ratings_on_one_machine(self, master, ratings, library):
        assert uses_library(master, ratings) is library
