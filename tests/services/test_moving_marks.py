"""Another data set on the same site: whose ratings move where, and what comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from accounts.models import User
from recommendations.models import GroupMember, GroupVeto, HiddenMovie, Movie, Rating, WatchGroup
from recommendations.services.catalogue import MovieRecord, import_catalogue
from recommendations.services.moving_marks import FIRST_ASIDE

pytestmark = pytest.mark.django_db
OLD = [
    MovieRecord(318, "Schindler's List", "Schindler's List (1993)", 1993, ("Drama",), 298),
    MovieRecord(64, "The Shawshank Redemption", "Shawshank Redemption, The (1994)", 1994, ("Drama",), 283),
    MovieRecord(1, "Toy Story", "Toy Story (1995)", 1995, ("Animation",), 452),
    MovieRecord(9, "Only here", "Only here (1990)", 1990, ("Drama",), 5),
]
NEW = [
    replace(film, source="ml-latest-small", key=str(film.movielens_id))
    for film in (
        MovieRecord(
            318, "The Shawshank Redemption", "Shawshank Redemption, The (1994)", 1994, ("Crime",), 317
        ),
        MovieRecord(527, "Schindler’s List", "Schindler's List (1993)", 1993, ("War",), 220),
        MovieRecord(1, "Toy Story", "Toy Story (1995)", 1995, ("Fantasy",), 215),
        MovieRecord(9, "Somewhere else", "Somewhere else (1999)", 1999, ("Comedy",), 5),
    )
]


@pytest.fixture
def person():
    import_catalogue(movies=OLD)
    user = User.objects.create_user("ada", password="a long enough phrase")
    for number, stars in ((318, 5), (64, 4), (9, 2)):
        movie = Movie.objects.get(movielens_id=number)
        Rating.objects.create(user=user, movie=movie, stars=stars, rated_at=timezone.now())
    HiddenMovie.objects.create(user=user, movie=Movie.objects.get(movielens_id=1))
    return user


def told(user: User) -> dict[str, float]:
    return dict(Rating.objects.filter(user=user).values_list("movie__title", "stars"))


def test_marks_move_to_the_same_films_and_never_to_another_of_the_same_number(person):
    import_catalogue(movies=NEW)
    assert told(person) == {"Schindler’s List": 5, "The Shawshank Redemption": 4, "Only here": 2}
    moved = Rating.objects.get(user=person, movie__title="The Shawshank Redemption").movie
    assert (moved.movielens_id, moved.source) == (318, "ml-latest-small")
    assert HiddenMovie.objects.get(user=person).movie.source == "ml-latest-small"
    kept = Movie.objects.get(title="Only here")
    assert (kept.source, kept.movielens_id) == ("ml-100k", FIRST_ASIDE + kept.pk)
    assert set(Movie.objects.filter(movielens_id__lt=FIRST_ASIDE).values_list("movielens_id", flat=True)) == {
        1,
        9,
        318,
        527,
    }


def test_back_with_the_first_data_set_everything_is_as_it_was(person):
    import_catalogue(movies=NEW)
    import_catalogue(movies=OLD)
    assert told(person) == {"Schindler's List": 5, "The Shawshank Redemption": 4, "Only here": 2}
    assert dict(Movie.objects.values_list("movielens_id", "title")) == {
        film.movielens_id: film.title for film in OLD
    }
    assert set(Movie.objects.values_list("source", flat=True)) == {"ml-100k"}


def test_numbers_at_imdb_tell_more_than_titles(person):
    Movie.objects.filter(movielens_id=9).update(imdb_id="tt0000009")
    named = [replace(film, imdb_id="tt0000009") if film.movielens_id == 9 else film for film in NEW]
    import_catalogue(movies=named)
    assert Rating.objects.get(user=person, stars=2).movie.title == "Somewhere else"


def test_of_two_ratings_that_meet_the_newer_counts(person):
    import_catalogue(movies=NEW)
    newer = Movie.objects.get(movielens_id=318)
    Rating.objects.filter(user=person, movie=newer).update(stars=1, rated_at=timezone.now())
    import_catalogue(movies=OLD)
    assert told(person)["The Shawshank Redemption"] == 1


def test_whatever_else_is_said_about_a_film_moves_as_well(person):
    group = WatchGroup.objects.create(ends_at=timezone.now())
    member = GroupMember.objects.create(group=group, name="Ada")
    GroupVeto.objects.create(member=member, movie=Movie.objects.get(movielens_id=64))
    import_catalogue(movies=NEW)
    veto = GroupVeto.objects.get(member=member)
    assert (veto.movie.movielens_id, veto.movie.source) == (318, "ml-latest-small")
