"""One person's list from two versions, side by side."""

from __future__ import annotations

import pytest

from recommendations.selectors.comparison import lists_of_two
from recommendations.selectors.lists.person import Person
from tests.selectors.versions import registered

pytestmark = pytest.mark.django_db


def test_each_list_says_where_its_films_are_in_the_other_one(settings, tmp_path):
    settings.MOVIEREC_HOME = tmp_path
    old, new = registered(tmp_path, 0, "champion"), registered(tmp_path, 1, "candidate")
    both = lists_of_two(before=old, after=new, person=Person(movielens_user=21), k=30)
    places = {film.movie_id: film.rank for film in both.after}
    assert [film.rank for film in both.before] == list(range(1, 31))
    assert [film.other_rank for film in both.before] == [places.get(film.movie_id) for film in both.before]
    assert both.shared == sum(film.other_rank is not None for film in both.before) > 0
    came_up = [film for film in both.after if film.moved is not None and film.moved > 0]
    assert came_up
    for film in came_up:
        assert film.other_rank == film.rank + film.moved
        assert film.places_down == 0


def test_the_same_version_twice_moves_nothing(settings, tmp_path):
    settings.MOVIEREC_HOME = tmp_path
    only = registered(tmp_path, 0, "champion")
    both = lists_of_two(before=only, after=only, person=Person(movielens_user=21))
    assert both.before == both.after
    assert {film.moved for film in both.after} == {0}
    assert both.shared == 10
