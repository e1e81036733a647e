"""Lists for people of every kind, on both engines, from the model that the real pipeline has trained."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from recommendations.models import ModelVersion
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.genres import GENRES
from recommendations.selectors.lists.champion import current_champion
from recommendations.selectors.lists.engines import ENGINES
from recommendations.selectors.lists.person import (
    DamagedModelError,
    NoModelError,
    Person,
    RatedMovie,
    UnknownPersonError,
)
from recommendations.selectors.lists.recommendations import RecommendationList, recommendations_for
from recommendations.selectors.lists.world import look_at
from tests.trained_home import TrainedHome

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]
FILMS = 80
NEWCOMER = Person(demographics=Demographics(22, "M", "student"))
both_engines = pytest.mark.parametrize("engine", ENGINES)


def numbers(found: RecommendationList) -> list[int]:
    return [item.movie_id for item in found.items]


def seen_by(user_id: int) -> set[int]:
    champion = current_champion()
    assert champion is not None
    _, history = champion.people.person(user_id)
    return set(champion.artefact.movie_ids[history.items].tolist())


PEOPLE = {
    "known": Person(movielens_user=7),
    "newcomer": NEWCOMER,
    "told nothing": Person(),
    "newcomer with ratings": Person(
        demographics=Demographics(61, "F", None), ratings=(RatedMovie(3, 5), RatedMovie(8, 1))
    ),
    "known with ratings": Person(movielens_user=7, ratings=(RatedMovie(3, 5), RatedMovie(8, 1))),
    "known with hidden": Person(movielens_user=7, hidden=frozenset({1, 2, 5, 6})),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_both_engines_give_the_same_list(trained: TrainedHome, name):
    by_search, by_itself = (
        recommendations_for(look_at(PEOPLE[name]), k=20, engine=engine) for engine in ENGINES
    )
    assert len(by_search.items) == 20
    assert numbers(by_search) == numbers(by_itself)
    for left, right in zip(by_search.items, by_itself.items, strict=True):
        assert left.score == pytest.approx(right.score, rel=1e-4, abs=1e-4)
        assert left.reason == right.reason
    assert (by_search.engine, by_itself.engine) == ENGINES


@both_engines
@pytest.mark.parametrize("name", PEOPLE)
def test_seen_rated_and_hidden_films_never_appear(trained: TrainedHome, name, engine):
    person = PEOPLE[name]
    found = recommendations_for(look_at(person), k=FILMS, engine=engine)
    gone = {rating.movie_id for rating in person.ratings} | person.hidden
    if person.movielens_user is not None:
        gone |= seen_by(person.movielens_user)
    assert set(numbers(found)) == set(range(1, FILMS + 1)) - gone


@both_engines
def test_a_list_is_described_completely(trained: TrainedHome, engine):
    found = recommendations_for(look_at(PEOPLE["known"]), k=10, engine=engine)
    assert [item.rank for item in found.items] == list(range(1, 11))
    scores = [item.score for item in found.items]
    assert scores == sorted(scores, reverse=True)
    assert found.model_version == trained.result.version
    for item in found.items:
        assert item.title
        assert set(item.genres) <= set(GENRES)
        assert item.reason.endswith(".")
    assert found.profile_weight == 0  # 24 ratings and more: nothing rests on demographics any longer


@both_engines
def test_the_weight_of_the_profile_goes_down_with_each_rating(trained: TrainedHome, engine):
    weights = []
    for count in (0, 1, 5, 15, 25):
        ratings = tuple(RatedMovie(number, 4) for number in range(1, count + 1))
        person = Person(demographics=NEWCOMER.demographics, ratings=ratings)
        weights.append(recommendations_for(look_at(person), engine=engine).profile_weight)
    assert weights[0] == 1
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] == 0
    assert weights[1] < 1


@both_engines
def test_the_first_rating_changes_the_list_and_its_reasons(trained: TrainedHome, engine):
    before = recommendations_for(look_at(NEWCOMER), k=20, engine=engine)
    loved = before.items[0]
    rated = Person(demographics=NEWCOMER.demographics, ratings=(RatedMovie(loved.movie_id, 5),))
    after = recommendations_for(look_at(rated), k=20, engine=engine)
    assert numbers(before) != numbers(after)
    assert {item.reason for item in before.items} <= {
        "Popular with people like you.",
        "Widely loved.",
        "The closest to your taste among what is left.",
    }
    assert f"Because you loved {loved.title}." in {item.reason for item in after.items}
    with translation.override("fr"):
        en_francais = recommendations_for(look_at(rated), k=20, engine=engine)
    assert {item.reason for item in en_francais.items}.isdisjoint({item.reason for item in after.items})


@both_engines
def test_dials_act_and_neutral_dials_do_not(trained: TrainedHome, engine):
    plain = recommendations_for(look_at(NEWCOMER), k=20, engine=engine)
    neutral = recommendations_for(look_at(NEWCOMER, Dials(genres={"War": 0.0})), k=20, engine=engine)
    war = recommendations_for(look_at(NEWCOMER, Dials(genres={"War": 1.0})), k=20, engine=engine)
    assert numbers(neutral) == numbers(plain)
    assert "War" in war.items[0].genres
    assert war.items[0].reason == "It fits the dials you have set."


def test_rating_a_film_again_replaces_and_renews_it(trained: TrainedHome):
    champion = current_champion()
    number = sorted(seen_by(7))[0]
    known = look_at(Person(movielens_user=7, ratings=(RatedMovie(number, 2),)), champion=champion)
    _, before = champion.people.person(7)
    assert len(known.history) == len(before)
    assert champion.artefact.movie_ids[known.history.items[-1]] == number
    assert known.history.stars[-1] == 2


@both_engines
def test_films_that_the_model_does_not_know_say_nothing_and_are_no_error(trained: TrainedHome, engine):
    person = Person(ratings=(RatedMovie(99_999, 5),), hidden=frozenset({88_888}))
    assert numbers(recommendations_for(look_at(person), engine=engine)) == numbers(
        recommendations_for(look_at(Person()), engine=engine)
    )


@both_engines
def test_everything_rated_gives_an_empty_list(trained: TrainedHome, engine):
    person = Person(ratings=tuple(RatedMovie(number, 3) for number in range(1, FILMS + 1)))
    found = recommendations_for(look_at(person), engine=engine)
    assert found.items == ()
    assert found.profile_weight == 0


@both_engines
def test_an_unknown_person_is_told_which_numbers_there_are(trained: TrainedHome, engine):
    with pytest.raises(UnknownPersonError, match="no person with number 61; numbers go from 1 to 60"):
        recommendations_for(look_at(Person(movielens_user=61)), engine=engine)


@both_engines
def test_without_a_model_there_is_a_way_out(trained: TrainedHome, engine):
    ModelVersion.objects.update(state="candidate")
    with pytest.raises(NoModelError, match="train one with: manage.py run_pipeline"):
        recommendations_for(look_at(NEWCOMER), engine=engine)


def test_a_list_costs_few_queries(trained: TrainedHome):
    recommendations_for(look_at(NEWCOMER))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        recommendations_for(look_at(PEOPLE["known"]), k=50)
    assert len(queries) <= 3


def test_an_altered_model_is_refused(trained: TrainedHome):
    ModelVersion.objects.update(artefact_digest="0" * 64)
    with pytest.raises(DamagedModelError, match="altered since it was registered"):
        recommendations_for(look_at(NEWCOMER))
