"""One look: what it takes, whom it refuses, and that it is taken once."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.selectors.lists import world
from recommendations.selectors.lists.explanations import explanations_for
from recommendations.selectors.lists.house import house_state
from recommendations.selectors.lists.person import NoModelError, Person, RatedMovie, UnknownPersonError
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.taste import taste_of
from tests.selectors.versions import registered, switch_champion_at_every_look

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path):
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path, ""


def test_a_look_costs_one_query_and_what_is_made_from_it_one_each(tmp_path, django_assert_num_queries):
    registered(tmp_path, 0, "champion")
    house_state()  # which is a second old at most and the same for everybody
    with django_assert_num_queries(1):
        look = world.look_at(
            Person(demographics=Demographics(30, "F", "artist"), ratings=(RatedMovie(5, 4),))
        )
    with django_assert_num_queries(1):
        ranked = recommendations_for(look)
    with django_assert_num_queries(1):
        explanations_for(look, movie_ids=[item.movie_id for item in ranked.items])
    with django_assert_num_queries(1):
        taste_of(look)


def test_what_was_rated_here_is_added_to_the_history_and_never_shown_again(tmp_path):
    registered(tmp_path, 0, "champion")
    champion = world.require_champion()
    _, history = champion.people.person(21)
    again = int(champion.artefact.movie_ids[history.items[0]])
    person = Person(21, ratings=(RatedMovie(again, 1), RatedMovie(99_999, 5)), hidden=frozenset({88_888}))
    look = world.look_at(person, Dials(diversity=0.5), champion=champion)
    assert len(look.history) == len(history)
    assert (look.artefact.movie_ids[look.history.items[-1]], look.history.stars[-1]) == (again, 1)
    seen = set(champion.artefact.movie_ids[history.items].tolist())
    assert look.excluded == seen | {99_999, 88_888}
    assert set(look.artefact.movie_ids[look.excluded_rows].tolist()) == seen
    assert look.dials.diversity == 0.5


def test_without_a_model_or_for_an_unknown_number_it_says_so(tmp_path):
    with pytest.raises(NoModelError, match="run_pipeline"):
        world.look_at(Person())
    registered(tmp_path, 0, "champion")
    champion = world.require_champion()
    first, last = champion.people.user_ids[[0, -1]]
    world.require_known(champion, int(last))
    for ask in (
        lambda: world.require_known(champion, int(last) + 1),
        lambda: world.look_at(Person(int(last) + 1)),
    ):
        with pytest.raises(UnknownPersonError, match=f"numbers go from {first} to {last}"):
            ask()


def test_everything_made_from_a_look_speaks_of_one_version(tmp_path, monkeypatch):
    registered(tmp_path, 0, "champion")
    registered(tmp_path, 1, "candidate")
    switch_champion_at_every_look(monkeypatch)
    person = Person(ratings=(RatedMovie(int(world.require_champion().artefact.movie_ids[3]), 5),))
    look = world.look_at(person)
    other = world.look_at(person)
    assert {look.champion.version, other.champion.version} == {"test-60-0", "test-60-1"}
    assert not np.allclose(look.taste.vector, other.taste.vector)
    ranked = recommendations_for(look, engine="numpy")
    explained = explanations_for(look, movie_ids=[item.movie_id for item in ranked.items])
    assert ranked.model_version == look.champion.version
    assert [each.score for each in explained] == pytest.approx(
        [item.score for item in ranked.items], abs=1e-4
    )
    assert [each.place for each in explained] == sorted(each.place for each in explained)
