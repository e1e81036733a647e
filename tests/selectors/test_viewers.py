"""From an account to a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from recommendations.models import HiddenMovie, Movie, Rating
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.demographics import Demographics
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.selectors.viewers import person_of_user

pytestmark = pytest.mark.django_db


def test_an_empty_account_is_nobody_in_particular():
    assert person_of_user(user=User.objects.create(username="ann")) == Person()


def test_everything_is_told_and_ratings_come_oldest_first(django_assert_num_queries):
    ann = User.objects.create(username="ann", age=30, gender="F", occupation="artist")
    bob = User.objects.create(username="bob")
    films = [
        Movie.objects.create(movielens_id=number, title=f"{number}", original_title=f"{number}")
        for number in (10, 20, 30, 40)
    ]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for days, film, stars in ((5, films[0], 3), (1, films[1], 5), (3, films[2], 1)):
        Rating.objects.create(user=ann, movie=film, stars=stars, rated_at=start + timedelta(days=days))
    Rating.objects.create(user=bob, movie=films[0], stars=1, rated_at=start)
    HiddenMovie.objects.create(user=ann, movie=films[3])
    with django_assert_num_queries(2):
        person = person_of_user(user=ann)
    assert person == Person(
        demographics=Demographics(30, "F", "artist"),
        ratings=(RatedMovie(20, 5), RatedMovie(30, 1), RatedMovie(10, 3)),
        hidden=frozenset({40}),
    )


def test_values_that_no_form_lets_through_count_as_not_told():
    user = User.objects.create(username="ann", age=3, gender="X", occupation="wizard")
    told = person_of_user(user=user).demographics
    assert told.age is None
    # Which words there are, the version says where somebody is folded in.
    assert DataSet().known_of(told) == Demographics()
