"""Predicted stars and kinds of list, from a small version without services."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.models import Movie
from recommendations.ranking.blocks.stars import Stars
from recommendations.ranking.dials import BOLD, LIKE, NEXT, Dials
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.engines import rank_person, rank_whatever_happens
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.selectors.lists.programme import programme_for
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.stars import expected_for, expected_of, stars_given
from recommendations.selectors.lists.world import Look, look_at
from tests.ranking.factories import make_artefact, make_people, without_block

ARTEFACT = make_artefact()
PEOPLE = make_people(ARTEFACT)
CHAMPION = Champion("v1", "v1", ARTEFACT, PEOPLE)
OLDER = Champion("v0", "v0", without_block(ARTEFACT, Stars), PEOPLE)
ANN = Person(ratings=(RatedMovie(3, 5), RatedMovie(21, 1), RatedMovie(55, 4)))
PERSONS = {"nobody": Person(), "rated": ANN, "of the data": Person(movielens_user=21)}


def look(person: Person = ANN, dials: Dials | None = None, *, kind: str = NEXT, champion=CHAMPION) -> Look:
    return look_at(person, dials, kind=kind, champion=champion)


@pytest.mark.parametrize("name", PERSONS)
def test_every_unrated_film_has_stars_on_the_scale_and_a_match(name):
    looking = look(PERSONS[name])
    found = expected_of(looking, movie_ids=ARTEFACT.movie_ids.tolist())
    rated = ARTEFACT.movie_ids[looking.history.items].tolist()
    assert set(found) == set(ARTEFACT.movie_ids.tolist()) - set(rated)
    assert all(2 <= each.stars <= 4 for each in found.values())  # the factory's calibration
    assert {each.match for each in found.values()} <= set(range(101))
    by_stars = sorted(found.values(), key=lambda each: (each.stars, each.match))
    assert [each.match for each in by_stars] == sorted(each.match for each in found.values())


def test_a_rated_film_says_what_it_got_and_no_prediction():
    looking = look()
    assert expected_of(looking, movie_ids=[3, 21, 7]).keys() == {7}
    assert [stars_given(looking, movie_id=number) for number in (3, 21, 7, 9_999)] == [5, 1, None, None]


def test_second_numbers_and_films_that_the_model_does_not_know():
    champion = replace(CHAMPION, artefact=replace(ARTEFACT, twins={9: 7}))
    looking = look(champion=champion)
    found = expected_of(looking, movie_ids=[7, 9, 9_999])
    assert found.keys() == {7, 9}
    assert found[7] == found[9]
    rated = look(Person(ratings=(RatedMovie(9, 4),)), champion=champion)
    assert expected_of(rated, movie_ids=[7, 9]) == {}
    assert stars_given(rated, movie_id=7) == 4


def test_who_hides_predictions_gets_none():
    assert expected_of(look(replace(ANN, hides_stars=True)), movie_ids=[7]) == {}
    assert expected_for(replace(ANN, hides_stars=True), movie_ids=[7]) == {}
    assert expected_for(None, movie_ids=[7]) == {}


@pytest.mark.django_db
def test_without_a_model_films_are_shown_all_the_same():
    assert expected_for(ANN, movie_ids=[7]) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PERSONS)
def test_a_list_of_what_they_will_like_is_in_the_order_of_predicted_stars(name):
    looking = look(PERSONS[name], kind=LIKE)
    listed = recommendations_for(looking, k=30)
    raw = [looking.predicted.raw[ARTEFACT.positions[item.movie_id]] for item in listed.items]
    assert raw == sorted(raw, reverse=True)
    stars = [item.predicted_stars for item in listed.items]
    assert stars == sorted(stars, reverse=True)
    assert (listed.kind, listed.engine, listed.degraded) == (LIKE, "numpy", False)
    assert not {item.movie_id for item in listed.items} & looking.excluded
    usual = recommendations_for(look(PERSONS[name]), k=30, engine="numpy")
    assert [item.movie_id for item in usual.items] != [item.movie_id for item in listed.items]
    # The score stays what it is, whatever the list is sorted by.
    scores = {item.movie_id: item.score for item in usual.items}
    for item in listed.items:
        assert item.score == pytest.approx(scores.get(item.movie_id, item.score), abs=1e-5)


def test_wishes_move_a_list_by_stars_as_well():
    wish = Dials(genres={"Western": 1.0})
    plain, wished = (
        rank_person(look(dials=dials, kind=LIKE), k=10, engine="numpy") for dials in (None, wish)
    )

    def westerns(ranked):
        return sum(
            float(ARTEFACT.having("genres", "Western")[ARTEFACT.positions[film.movie_id]]) for film in ranked
        )

    assert westerns(wished) > westerns(plain)


@pytest.mark.django_db
def test_a_bold_list_is_less_alike_and_less_obvious():
    usual, bold = (recommendations_for(look(kind=kind), k=10, engine="numpy") for kind in (NEXT, BOLD))
    assert (usual.kind, bold.kind) == (NEXT, BOLD)

    def alike(listed):
        rows = [ARTEFACT.positions[item.movie_id] for item in listed.items]
        unit = ARTEFACT.item_vectors[rows] / np.linalg.norm(
            ARTEFACT.item_vectors[rows], axis=1, keepdims=True
        )
        return (unit @ unit.T)[np.triu_indices(len(rows), 1)].mean()

    assert alike(bold) < alike(usual)
    assert look(dials=Dials(diversity=0.9), kind=BOLD).dials.diversity == 0.9
    assert look(dials=Dials(discovery=0.9), kind=BOLD).dials.discovery == 1.0


@pytest.mark.django_db
def test_a_version_from_before_predictions_works_without(monkeypatch):
    looking = look(kind=LIKE, champion=OLDER)
    assert (looking.kind, looking.predicted) == (NEXT, None)
    listed = recommendations_for(looking, k=5, engine="numpy")
    assert {(item.predicted_stars, item.match) for item in listed.items} == {(None, None)}
    programme = programme_for(replace(looking, kind=NEXT), k=5)
    assert (programme.expected, programme.predicts) == ({}, False)


@pytest.mark.django_db
def test_a_programme_knows_what_is_expected_of_all_its_films():
    Movie.objects.bulk_create(
        Movie(movielens_id=number, title=f"Film {number}", original_title=str(number))
        for number in ARTEFACT.movie_ids.tolist()
    )
    programme = programme_for(look(kind=LIKE), k=10)
    shown = {item.movie_id for item in programme.ranked.items}
    shown |= {film.movie_id for row in programme.rows for film in row.films}
    assert programme.expected.keys() == shown
    assert programme.predicts
    assert not rank_whatever_happens(look(kind=LIKE), k=3)[1]
