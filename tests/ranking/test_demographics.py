"""Demographics: what is accepted, and that the models read each part in its column."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.demographics import Demographics, InvalidDemographicsError
from recommendations.ranking.newcomers import band_features, forest_features


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"age": 0}, "age"),
        ({"age": 4}, "age"),
        ({"age": 111}, "age"),
        ({"age": 200}, "age"),
        ({"gender": "X"}, "gender"),
        ({"gender": ""}, "gender"),
        ({"occupation": "astronaut"}, "occupation"),
    ],
)
def test_what_cannot_be_is_refused_by_name(values, field):
    with pytest.raises(InvalidDemographicsError) as refused:
        Demographics(**values)
    assert refused.value.field == field


def test_the_ends_of_the_range_and_nothing_at_all_are_accepted():
    assert Demographics(5).age == 5
    assert Demographics(110).age == 110
    assert Demographics().is_empty
    assert not Demographics(gender="F").is_empty


def test_the_features_of_the_forest():
    (row,) = forest_features(np.array([33]), np.array([0]), np.array([20]))
    assert row.tolist() == [33.0, 1.0, *[0.0] * 20, 1.0]
    assert forest_features(np.array([33]), np.array([1]), np.array([0]))[0][1:3].tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("age", "band"),
    [(5, 0), (17, 0), (18, 1), (24, 1), (25, 2), (44, 3), (45, 4), (50, 5), (55, 5), (56, 6), (110, 6)],
)
def test_the_age_bands(age, band):
    (row,) = band_features(np.array([age]), np.array([1]), np.array([3]))
    assert np.flatnonzero(row).tolist() == [band, 8, 9 + 3]
