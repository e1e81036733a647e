"""The list and its rows from the published model, in one round of either engine."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django.utils import translation

from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.selectors.lists import engines
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.selectors.lists.programme import programme_for
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.world import look_at

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]


@pytest.fixture
def person(trained) -> Person:
    first = recommendations_for(look_at(Person()), k=40, engine="numpy").items
    ratings = (RatedMovie(first[30].movie_id, 5), RatedMovie(first[33].movie_id, 4))
    return Person(demographics=Demographics(age=30, gender="F"), ratings=ratings)


def test_the_list_is_the_usual_one_and_the_rows_go_on_from_it(person, monkeypatch):
    rounds = []
    run = engines.run_ranking
    monkeypatch.setattr(engines, "run_ranking", lambda *asked: rounds.append(asked) or run(*asked))
    whole = programme_for(look_at(person), k=10)
    assert len(rounds) == 1
    usual = recommendations_for(look_at(person), k=10)
    assert [film.movie_id for film in whole.ranked.items] == [film.movie_id for film in usual.items]
    assert [film.reason for film in whole.ranked.items] == [film.reason for film in usual.items]
    assert (whole.ranked.profile_weight, whole.ranked.engine) == (usual.profile_weight, "elasticsearch")
    shown = [film.movie_id for film in whole.ranked.items]
    shown += [film.movie_id for row in whole.rows for film in row.films]
    assert len(shown) == len(set(shown))
    assert not set(shown) & {rating.movie_id for rating in person.ratings}
    assert len(whole.rows) >= 2


def test_headings_name_the_film_in_the_language_of_the_page(person):
    whole = programme_for(look_at(person))
    assert whole.rows[0].title.startswith(("Because you loved ", "Because you liked "))
    with translation.override("fr"):
        french = programme_for(look_at(person))
    assert [row.kind for row in french.rows] == [row.kind for row in whole.rows]
    assert french.rows[0].title != whole.rows[0].title


def test_dials_and_a_missing_elasticsearch_leave_a_whole_programme(person):
    varied = programme_for(look_at(person, Dials(diversity=1.0, decade=1990)), k=8)
    assert len(varied.ranked.items) == 8
    assert [film.movie_id for film in varied.ranked.items] == [
        film.movie_id
        for film in recommendations_for(look_at(person, Dials(diversity=1.0, decade=1990)), k=8).items
    ]
    with override_settings(ELASTICSEARCH_URL="http://127.0.0.1:9"):
        alone = programme_for(look_at(person))
    assert alone.ranked.degraded
    assert alone.ranked.engine == "numpy"
    whole = programme_for(look_at(person))
    assert [row.films for row in alone.rows] == [row.films for row in whole.rows]
