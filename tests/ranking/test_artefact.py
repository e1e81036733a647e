"""What an artefact derives from its arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.blocks.early import Early
from recommendations.ranking.parameters import ANY, LIKES, Parameters
from recommendations.ranking.people import KnownPeople
from tests.ranking.factories import make_artefact, make_people

ARTEFACT = make_artefact()


def test_the_blocks_lie_one_after_the_other():
    assert [(name, part.start, part.stop) for name, part in ARTEFACT.spans.items()] == [
        ("ease", 0, 4),
        ("als", 4, 8),
        ("sequence", 8, 12),
        ("demographic", 12, 14),
        ("early", 14, 17),
        ("kinds", 17, 39),
        ("stars", 39, 39),
        ("tower", 39, 39),
    ]
    np.testing.assert_array_equal(
        ARTEFACT.item_vectors[:, ARTEFACT.spans["early"]], ARTEFACT.block(Early).items
    )


def test_popularity_runs_from_0_to_1():
    assert ARTEFACT.popularity[-1] == 0
    assert ARTEFACT.popularity.max() == 1
    assert replace(ARTEFACT, rating_count=np.zeros(60, np.int32)).popularity.tolist() == [0] * 60


def test_the_greatest_length_and_the_positions():
    assert ARTEFACT.max_norm == pytest.approx(max(np.linalg.norm(row) for row in ARTEFACT.item_vectors))
    assert ARTEFACT.positions[3] == 0
    assert ARTEFACT.positions[3 + 2 * 59] == 59


@pytest.mark.parametrize("parameters", [LIKES, ANY], ids=lambda parameters: parameters.weighting)
def test_parameters_survive_the_manifest(parameters):
    assert Parameters.from_dict(parameters.as_dict()) == parameters


def test_a_person_of_the_data():
    people = make_people(ARTEFACT)
    demographics, history = people.person(21)
    assert demographics.age == int(people.demographics[1, 0])
    assert len(history) == people.starts[2] - people.starts[1]
    np.testing.assert_array_equal(history.items, people.items[people.starts[1] : people.starts[2]])
    assert 21 in people
    assert 20 not in people
    with pytest.raises(KeyError):
        people.person(20)


def test_genders_and_occupations_are_read_by_position():
    people = KnownPeople(
        np.array([5], np.int32),
        np.array([[44, 1, 20]], np.int16),
        np.array([0, 1]),
        np.array([2], np.int32),
        np.array([4], np.int8),
    )
    demographics, _ = people.person(5)
    assert (demographics.age, demographics.gender, demographics.occupation) == (44, "M", "writer")
