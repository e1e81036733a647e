"""The whole sum of a score, against the score that the engines give."""

from __future__ import annotations

import random

import pytest
from django.utils import translation

from recommendations.ranking.demographics import OCCUPATIONS, Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.genres import GENRES
from recommendations.selectors.catalogue import film_facts
from recommendations.selectors.lists.engines import ENGINES
from recommendations.selectors.lists.explanations import explanation_for, explanations_for
from recommendations.selectors.lists.person import Person, RatedMovie, UnknownFilmError
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.world import look_at
from tests.trained_home import TrainedHome

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]
FILMS = 80


def random_person(chance: random.Random) -> Person:
    demographics = Demographics(
        chance.choice([None, chance.randint(5, 110)]),
        chance.choice([None, "F", "M"]),
        chance.choice([None, *OCCUPATIONS]),
    )
    rated = chance.sample(range(1, FILMS + 1), chance.choice([0, 1, 2, 5, 12, 30, 60]))
    return Person(
        movielens_user=chance.choice([None, None, chance.randint(1, 60)]),
        demographics=demographics,
        ratings=tuple(RatedMovie(number, chance.randint(1, 5)) for number in rated),
        hidden=frozenset(chance.sample(range(1, FILMS + 1), 3)),
    )


def random_dials(chance: random.Random) -> Dials:
    return Dials(
        genres={genre: chance.uniform(-1, 1) for genre in chance.sample(GENRES, chance.randint(0, 4))},
        discovery=chance.choice([0.0, chance.uniform(-1, 1)]),
        decade=chance.choice([None, 1970, 1990]),
        diversity=chance.choice([0.0, 0.5]),
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_the_parts_sum_to_the_score_in_a_thousand_cases(trained: TrainedHome, engine):
    chance, cases = random.Random(engine), 0
    while cases < 1000:
        person, dials = random_person(chance), random_dials(chance)
        found = recommendations_for(look_at(person, dials), k=20, engine=engine)
        assert not found.degraded
        explained = explanations_for(
            look_at(person, dials), movie_ids=[item.movie_id for item in found.items]
        )
        for item, explanation in zip(found.items, explained, strict=True):
            total = sum(part.value for part in explanation.parts)
            assert total == pytest.approx(explanation.score, rel=1e-9, abs=1e-12)
            assert total == pytest.approx(item.score, rel=1e-4, abs=2e-5)
            sizes = [abs(part.value) for part in explanation.parts]
            assert sizes == sorted(sizes, reverse=True)
            cases += 1


def test_every_part_is_told_in_both_languages(trained: TrainedHome):
    person = Person(
        demographics=Demographics(22, "M", "student"), ratings=(RatedMovie(3, 5), RatedMovie(8, 1))
    )
    film = recommendations_for(look_at(person, Dials(genres={"War": 1.0}))).items[0]
    dials = Dials(genres={"War": 1.0}, discovery=0.5, decade=1990)
    in_english = explanation_for(look_at(person, dials), movie_id=film.movie_id)
    assert (in_english.title, in_english.year) == (film.title, film.year)
    labels = {part.kind: part.label for part in in_english.parts if part.kind != "rating"}
    assert labels["profile"] == "Your profile"
    assert labels["like_share"] == "Liked by many people"
    assert labels["genre"] == "Your dial: War"
    assert labels["popularity"] == "Your dial: well known or little known"
    assert labels.get("decade", "Your dial: the 1990s") == "Your dial: the 1990s"
    rated = {part.movie_id: (part.label, part.stars) for part in in_english.parts if part.kind == "rating"}
    assert rated == {3: (film_facts(movie_id=3).title, 5), 8: (film_facts(movie_id=8).title, 1)}
    assert 0 < in_english.profile_weight < 1
    with translation.override("fr"):
        in_french = explanation_for(look_at(person, dials), movie_id=film.movie_id)
    french = {part.kind: part.label for part in in_french.parts if part.kind != "rating"}
    assert french["profile"] == "Votre profil"
    assert french["genre"] == "Votre réglage\u00a0: Guerre"
    assert in_french.score == in_english.score


def test_seen_films_can_be_explained_too(trained: TrainedHome):
    person = Person(ratings=(RatedMovie(3, 5),))
    explanation = explanation_for(look_at(person), movie_id=3)
    assert {part.movie_id for part in explanation.parts if part.kind == "rating"} == {3}


def test_a_newcomer_without_anything_is_all_profile(trained: TrainedHome):
    explanation = explanation_for(look_at(Person()), movie_id=5)
    assert explanation.profile_weight == 1
    assert {part.kind for part in explanation.parts} <= {"profile", "like_share"}


def test_a_film_the_model_does_not_know_is_told(trained: TrainedHome):
    with pytest.raises(UnknownFilmError, match="does not know film 99999"):
        explanation_for(look_at(Person()), movie_id=99_999)
