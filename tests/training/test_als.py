"""The ALS block: what Spark factorises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.blocks.als import AlsParameters
from recommendations.ranking.parameters import LIKES
from spark_jobs.training.als import als_item_factors

pytestmark = pytest.mark.spark
FAST = replace(LIKES.of(AlsParameters), rank=8, iterations=4)


def test_another_seed_gives_other_factors(spark):
    rows = [(1, 0, 5), (1, 1, 1), (2, 1, 4), (2, 2, 5), (3, 0, 5)]
    frame = spark.createDataFrame(rows, "user_id int, item int, stars int")
    small = replace(FAST, rank=3)
    first, other = (als_item_factors(frame, 5, small, seed) for seed in (1, 2))
    assert first.shape == (5, 3)
    assert first.dtype == np.float32
    assert not first[3:].any()
    assert not np.array_equal(first, other)


def test_als_tells_a_dislike_from_a_preference(spark):
    """Everybody gives film 0 five stars; half of the people love film 1, and the others film 2 and dislike 1."""
    stars = {True: {0: 5, 1: 5, 2: 1}, False: {0: 5, 1: 1, 2: 5}}
    rows = [(user, item, given) for user in range(20) for item, given in stars[user < 10].items()]
    frame = spark.createDataFrame(rows, "user_id int, item int, stars int")
    factors = als_item_factors(frame, 3, replace(FAST, rank=2, iterations=10), 0).astype(float)
    assert factors[1] @ factors[2] < 0.3 * min(factors[1] @ factors[1], factors[2] @ factors[2])


def test_people_and_films_without_a_preference_do_not_stop_als(spark):
    """Fewer people than factors, somebody who dislikes everything, and a film that everybody dislikes."""
    rows = [(user, item, 5) for user in range(5) for item in range(3)]
    rows += [(user, 3, 1) for user in range(5)] + [(5, item, 1) for item in range(4)]
    frame = spark.createDataFrame(rows, "user_id int, item int, stars int")
    factors = als_item_factors(frame, 4, replace(FAST, rank=16), 0)
    assert np.isfinite(factors).all()
    assert factors[:3].any(axis=1).all()
    assert not factors[3].any()
