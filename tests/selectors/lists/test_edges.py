"""Histories at the edge and the diversity dial, on both engines."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials, InvalidDialError
from recommendations.selectors.lists.champion import current_champion
from recommendations.selectors.lists.engines import ENGINES
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.selectors.lists.recommendations import RecommendationList, recommendations_for
from recommendations.selectors.lists.world import look_at
from tests.trained_home import TrainedHome

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]
FILMS = 80
both_engines = pytest.mark.parametrize("engine", ENGINES)
EDGES = {
    "empty": Person(),
    "one film": Person(ratings=(RatedMovie(5, 5),)),
    "one disliked film": Person(ratings=(RatedMovie(5, 1),)),
    "only 1 star": Person(ratings=tuple(RatedMovie(number, 1) for number in range(1, 41))),
    "only unknown films": Person(ratings=(RatedMovie(99_998, 1), RatedMovie(99_999, 5))),
    "all but one": Person(ratings=tuple(RatedMovie(number, 3) for number in range(1, FILMS))),
    "all hidden": Person(hidden=frozenset(range(1, FILMS + 1))),
}


def numbers(found: RecommendationList) -> list[int]:
    return [item.movie_id for item in found.items]


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize("diversity", [0.0, 0.7])
def test_edges_give_finite_scores_and_the_same_list_on_both_engines(trained: TrainedHome, name, diversity):
    person, dials = EDGES[name], Dials(diversity=diversity)
    lists = [recommendations_for(look_at(person, dials), k=FILMS, engine=engine) for engine in ENGINES]
    gone = {rating.movie_id for rating in person.ratings} | person.hidden
    for found in lists:
        assert not found.degraded
        assert set(numbers(found)) == set(range(1, FILMS + 1)) - gone
        assert all(math.isfinite(item.score) for item in found.items)
        assert 0 <= found.profile_weight <= 1
    if not diversity:
        assert numbers(lists[0]) == numbers(lists[1])


@both_engines
def test_liking_and_disliking_one_film_differ(trained: TrainedHome, engine):
    liked, disliked = (
        recommendations_for(look_at(EDGES[name]), k=FILMS, engine=engine)
        for name in ("one film", "one disliked film")
    )
    assert numbers(liked) != numbers(disliked)


def unlikeness(found: RecommendationList) -> float:
    """Mean of one minus the cosine over all pairs of the list."""
    artefact = current_champion().artefact
    vectors = artefact.item_vectors[[artefact.positions[number] for number in numbers(found)]]
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return float(1 - (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)].mean())


@both_engines
def test_diversity_makes_a_list_of_films_that_are_less_alike(trained: TrainedHome, engine):
    person = Person(movielens_user=7)
    plain, mixed, wild = (
        recommendations_for(look_at(person, Dials(diversity=value)), k=10, engine=engine)
        for value in (0.0, 0.9, 1.0)
    )
    assert unlikeness(plain) < unlikeness(wild)
    assert numbers(plain) != numbers(mixed) != numbers(wild)
    assert numbers(mixed)[0] == numbers(plain)[0]
    assert [item.rank for item in mixed.items] == list(range(1, 11))
    seen = current_champion().people.person(7)[1].items
    assert set(numbers(wild)).isdisjoint(current_champion().artefact.movie_ids[seen].tolist())


@both_engines
def test_neutral_dials_change_nothing(trained: TrainedHome, engine):
    person = Person(demographics=Demographics(40, "F", "writer"), ratings=(RatedMovie(3, 4),))
    neutral = Dials(genres={"War": 0.0, "Drama": -0.0}, discovery=0.0, decade=None, diversity=0.0)
    assert recommendations_for(look_at(person, neutral), engine=engine) == recommendations_for(
        look_at(person), engine=engine
    )


@pytest.mark.parametrize(
    ("field", "dials"),
    [
        ("genres", {"genres": {"War": math.nan}}),
        ("genres", {"genres": {"War": 1.01}}),
        ("genres", {"genres": {"": 0.5}}),
        ("genres", {"genres": {"Cooking " * 20: 0.5}}),
        ("discovery", {"discovery": math.nan}),
        ("discovery", {"discovery": math.inf}),
        ("diversity", {"diversity": -0.01}),
        ("diversity", {"diversity": math.nan}),
        ("decade", {"decade": 1985}),
    ],
)
def test_dials_out_of_range_are_refused_by_name(field, dials):
    with pytest.raises(InvalidDialError, match="expected") as told:
        Dials(**dials)
    assert told.value.field == field
