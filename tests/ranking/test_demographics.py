"""Demographics: what is accepted, and that the models read each part in its column."""

from __future__ import annotations

import pytest

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
        Demographics(**values)
    assert refused.value.field == field


def test_the_ends_of_the_range_and_nothing_at_all_are_accepted():
    assert Demographics(5).age == 5
    assert Demographics(110).age == 110
    assert Demographics().is_empty
    assert not Demographics(gender="F").is_empty
