"""Demographics: what is accepted, and that the models read each part in its column."""

from __future__ import annotations

import json

import pytest

from recommendations.ranking.dataset import DataSet
from recommendations.ranking.demographics import Demographics, InvalidDemographicsError


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
        DataSet().check(Demographics(**values))
    assert refused.value.field == field


def test_the_ends_of_the_range_and_nothing_at_all_are_accepted():
    assert Demographics(5).age == 5
    assert Demographics(110).age == 110
    assert Demographics().is_empty
    assert not Demographics(gender="F").is_empty


NO_PEOPLE = DataSet(name="films", genders=(), occupations=(), has_ages=False)


@pytest.mark.parametrize(
    "told", [Demographics(30), Demographics(gender="F"), Demographics(occupation="artist")]
)
def test_what_the_data_know_nothing_of_is_refused_or_left_out(told):
    with pytest.raises(InvalidDemographicsError, match="leave it out"):
        NO_PEOPLE.check(told)
    assert NO_PEOPLE.known_of(told).is_empty
    assert not NO_PEOPLE.has_people
    assert NO_PEOPLE.lacks == ("people",)


def test_words_are_those_of_the_data():
    data = DataSet(genders=("F", "M", "nonbinary"), occupations=("baker",))
    data.check(Demographics(None, "nonbinary", "baker"))
    with pytest.raises(InvalidDemographicsError, match="expected one of baker"):
        data.check(Demographics(occupation="artist"))


def test_data_survive_json():
    data = DataSet(genres=("Drama",), star_step=0.5, has_times=False)
    assert DataSet.from_dict(json.loads(json.dumps(data.as_dict())) | {"of later programs": 1}) == data
    assert data.has_halves
    assert data.lacks == ("times",)
