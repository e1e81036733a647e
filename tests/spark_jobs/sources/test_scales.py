"""How a source rates is found out from its values."""

from __future__ import annotations

import pytest

from spark_jobs.data_files import DataError
from spark_jobs.sources.base import SCALES
from spark_jobs.sources.scales import find_scale


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ("1 2 3 4 5", "1-5"),
        ("1.0 2.0 5.0", "1-5"),
        ("0.5 1 4.5 5", "0.5-5"),
        ("3,5 4 2", "0.5-5"),
        ("0 1 2 5", "0-5"),
        ("1 7 10", "1-10"),
        ("0 7 10", "0-10"),
        ("0 55 100", "0-100"),
        ("up down", "thumbs"),
        ("0 1", "thumbs"),
        ("-1 1", "thumbs"),
        ("like dislike", "thumbs"),
        ("True False", "thumbs"),
        ("1 1 1", "seen"),
        ("seen", "seen"),
    ],
)
def test_the_scale_of_values(values, scale):
    assert find_scale(dict.fromkeys(values.split(), 100), "ratings.csv") == SCALES[scale]


def test_nothing_but_the_event_is_seen():
    assert find_scale({}, "ratings.csv") == SCALES["seen"]


def test_a_mistake_in_a_hundred_changes_no_scale():
    assert find_scale({"4": 995, "9": 5}, "ratings.csv") == SCALES["1-5"]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"4": 950, "9": 50}, "mix two scales: 95% are at most 5, the others go up to 9"),
        ({"good": 50, "bad": 50}, "no numbers .*say which it is in a dataset.toml"),
        ({"-7": 50, "3": 50}, "go from -7 to 3"),
    ],
)
def test_what_is_no_scale_is_refused_with_the_way_out(counts, message):
    with pytest.raises(DataError, match=message):
        find_scale(counts, "ratings.csv")


@pytest.mark.parametrize(
    ("scale", "step"), [("1-5", 1), ("0.5-5", 0.5), ("1-10", 0.5), ("thumbs", 1), ("seen", 1)]
)
def test_the_steps_of_the_stars_that_a_scale_becomes(scale, step):
    assert SCALES[scale].star_step == step
