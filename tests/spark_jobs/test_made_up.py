"""Made-up ratings have the shapes that they are made up for."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from spark_jobs.made_up import FEWEST, Shape, made_up_ratings, write_tables

SMALL = Shape(30_000, 400, 900)


@pytest.fixture(scope="module")
def ratings() -> dict[str, np.ndarray]:
    return made_up_ratings(SMALL)


def test_nobody_rates_a_film_twice_and_everybody_rates_twenty(ratings):
    pairs = set(zip(ratings["user_id"].tolist(), ratings["movie_id"].tolist(), strict=True))
    assert len(pairs) == len(ratings["stars"])
    assert abs(len(pairs) - SMALL.ratings) < 0.1 * SMALL.ratings
    counts = np.bincount(ratings["user_id"])[1:]
    assert len(counts) == SMALL.people
    assert counts.min() >= FEWEST
    assert set(ratings["stars"].tolist()) == {1, 2, 3, 4, 5}
    assert ratings["movie_id"].min() >= 1
    assert ratings["movie_id"].max() <= SMALL.films


def test_places_count_from_the_oldest_rating_of_each_person(ratings):
    for person in (1, 200, 400):
        own = ratings["position"][ratings["user_id"] == person]
        assert own.tolist() == list(range(len(own)))


def test_some_films_are_seen_by_most_and_many_by_a_few(ratings):
    counts = np.sort(np.bincount(ratings["movie_id"], minlength=SMALL.films + 1)[1:])
    assert counts[-1] > 0.3 * SMALL.people
    assert np.median(counts) < counts.mean()
    steep = made_up_ratings(Shape(30_000, 400, 5_000, 7.0))
    few = np.bincount(steep["movie_id"], minlength=5_001)[1:]
    assert ((few > 0) & (few <= 5)).mean() > 0.2


def test_who_sees_what_follows_tastes(ratings):
    """The films of two people overlap more or less, and not only by popularity: some pairs are far above the middle."""
    seen = np.zeros((SMALL.people, SMALL.films))
    seen[ratings["user_id"] - 1, ratings["movie_id"] - 1] = 1
    unit = seen / np.linalg.norm(seen, axis=1, keepdims=True)
    alike = (unit @ unit.T)[np.triu_indices(SMALL.people, 1)]
    assert np.percentile(alike, 99) > 2 * np.median(alike)


def test_the_same_seed_makes_the_same_ratings(ratings):
    again, other = made_up_ratings(SMALL), made_up_ratings(SMALL, seed=1)
    assert all(np.array_equal(ratings[name], again[name]) for name in ratings)
    assert not np.array_equal(ratings["movie_id"][:1_000], other["movie_id"][:1_000])


def test_the_tables_are_those_that_training_reads(tmp_path):
    ratings = write_tables(tmp_path, Shape(2_000, 50, 120))
    tables = {name: pq.read_table(tmp_path / name) for name in ("ratings", "movies", "users")}
    assert tables["ratings"].num_rows == len(ratings["stars"])
    assert (tables["movies"].num_rows, tables["users"].num_rows) == (120, 50)
    assert {"title", "year", "genres", "overview", "directors", "cast", "tags"} <= set(
        tables["movies"].schema.names
    )
