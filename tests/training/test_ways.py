"""Which way a block of films × films is solved, by the size of the data and of the memory."""

from __future__ import annotations

import numpy as np
import pytest

from spark_jobs.training import ways
from spark_jobs.training.limits import Limits
from spark_jobs.training.ways import SMALL_FILMS, Need, choose_way, head_size

GB = 2**30
SQUARES = 3


def counts(films: int) -> np.ndarray:
    """Numbers of ratings, the best-known films neither first nor last."""
    return np.roll(np.arange(films, 0, -1, dtype=np.int32), 7)


def chosen(films: int, people: int, limits: Limits) -> ways.Way:
    return choose_way(Need(people, 8 * people * (people + 5 * films)), SQUARES, counts(films), limits)


@pytest.mark.parametrize(
    ("films", "people", "name", "size"),
    [
        (1_682, 943, "exact", 1_682),
        (3_706, 610, "exact", 3_706),
        (9_742, 610, "dual", 9_742),
        (10_677, 69_878, "exact", 10_677),
        # So few people would not need films × films, but people × films do not fit either.
        (87_585, 60_000, "head", 21_151),
        (87_585, 200_948, "head", 21_151),
        (1_000_000, 200_948, "head", 21_151),
    ],
)
def test_every_size_has_a_way(films, people, name, size):
    way = chosen(films, people, Limits())
    assert (way.name, len(way.films)) == (name, size)
    assert way.is_dual == (name == "dual")


def test_the_head_are_the_best_known_films_in_their_order():
    way = chosen(20_000, 30_000, Limits(head_bytes=SQUARES * 4 * 5_000**2))
    assert way.films.tolist() == list(range(7, 5_007))
    report = way.report(counts(20_000))
    assert report == {
        "way": "head",
        "films": 5_000,
        "of_films": 20_000,
        "share_of_ratings": round(sum(range(15_001, 20_001)) / sum(range(1, 20_001)), 4),
    }


@pytest.mark.parametrize("head_bytes", [1, 10**6, 10**8, 383 * 10**6, 385 * 10**6, GB, 10 * GB])
@pytest.mark.parametrize("films", [50, SMALL_FILMS, SMALL_FILMS + 1, 30_000])
def test_no_budget_makes_the_blocks_vanish_and_none_is_exceeded(films, head_bytes):
    size = head_size(films, SQUARES, Limits(head_bytes=head_bytes))
    assert min(films, ways.FEWEST_FILMS) <= size <= films
    if size > ways.FEWEST_FILMS:
        assert SQUARES * np.dtype(ways.precision(size)).itemsize * size**2 <= head_bytes
