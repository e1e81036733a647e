"""The site's ratings beside MovieLens: what is exported, and that it stays out of what is published."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from accounts.models import User
from recommendations.models import Movie, Rating
from recommendations.ranking.people import FIRST_SITE_USER, KnownPeople
from recommendations.services.site_ratings import export_site_ratings
from spark_jobs.data_files import DATA_FILES
from spark_jobs.sources.digest import data_digest
from spark_jobs.sources.site import FOLDER, SITE_PEOPLE, SITE_RATINGS
from tests.sample_data import write_sample

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def data(settings, tmp_path):
    settings.MOVIEREC_HOME = tmp_path / "home"
    return write_sample(tmp_path / "raw", people=12)


def movie(number: int) -> Movie:
    return Movie.objects.get_or_create(movielens_id=number, defaults={"title": f"Film {number}"})[0]


def rate(user: User, *films: int, stars: int = 4) -> None:
    for place, number in enumerate(films):
        Rating.objects.create(
            user=user, movie=movie(number), stars=stars, rated_at=NOON + timedelta(minutes=place)
        )


def lines_of(folder, name: str) -> list[dict]:
    """What is exported beside the data, whose own files are as they were."""
    return [json.loads(line) for line in (folder / FOLDER / name).read_text().splitlines()]


def test_people_and_ratings_lie_beside_the_files_under_the_accounts_numbers(data):
    told = User.objects.create_user("told", age=31, gender="F", occupation="artist", postcode="75001")
    silent = User.objects.create_user("silent")
    User.objects.create_user("has rated nothing")
    rate(told, 5, 3)
    rate(silent, 9, stars=2.5)
    folder = export_site_ratings(data_dir=data)
    second = int(NOON.timestamp())
    assert lines_of(folder, SITE_RATINGS) == [
        {"person": told.pk, "film": 5, "stars": 4, "rated_at": second},
        {"person": told.pk, "film": 3, "stars": 4, "rated_at": second + 60},
        {"person": silent.pk, "film": 9, "stars": 2.5, "rated_at": second},
    ]
    # No postcode: it trains nothing. What is not told stays unknown.
    assert lines_of(folder, SITE_PEOPLE) == [
        {"person": told.pk, "age": 31, "gender": "F", "occupation": "artist"},
        {"person": silent.pk, "age": None, "gender": None, "occupation": None},
    ]
    for name in DATA_FILES:
        assert (folder / name).read_bytes() == (data / name).read_bytes()


def test_the_same_database_gives_the_same_bytes(data):
    person = User.objects.create_user("person")
    rate(person, 5, 3)
    first = data_digest(export_site_ratings(data_dir=data))
    assert data_digest(export_site_ratings(data_dir=data)) == first
    rate(person, 8)
    assert data_digest(export_site_ratings(data_dir=data)) != first


def test_who_has_gone_vanishes_and_without_ratings_the_data_is_as_it_was(data, settings):
    person, other = User.objects.create_user("person"), User.objects.create_user("other")
    rate(person, 5)
    rate(other, 5)
    export_site_ratings(data_dir=data)
    person.delete()
    folder = export_site_ratings(data_dir=data)
    assert [entry["person"] for entry in lines_of(folder, SITE_PEOPLE)] == [other.pk]
    assert [entry["person"] for entry in lines_of(folder, SITE_RATINGS)] == [other.pk]
    other.delete()
    assert export_site_ratings(data_dir=data) == data
    assert not folder.exists()


def test_ratings_of_another_data_sets_films_are_left_out(data):
    person = User.objects.create_user("person")
    rate(person, 5, 7)
    Movie.objects.filter(movielens_id=7).update(source="ml-latest-small")
    assert [entry["film"] for entry in lines_of(export_site_ratings(data_dir=data), SITE_RATINGS)] == [5]


def test_people_of_the_site_are_not_among_those_who_are_published():
    people = KnownPeople(
        user_ids=np.array([3, 8, FIRST_SITE_USER + 1], np.int32),
        demographics=np.array([[20, 0, 1], [30, 1, 2], [40, 0, 3]], np.int16),
        starts=np.array([0, 2, 3, 6], np.int64),
        items=np.array([4, 5, 6, 7, 8, 9], np.int32),
        stars=np.array([1, 2, 3, 4, 5, 1], np.int8),
    )
    published = people.of_movielens()
    assert published.user_ids.tolist() == [3, 8]
    assert published.starts.tolist() == [0, 2, 3]
    assert published.person(8)[1].items.tolist() == [6]
    assert FIRST_SITE_USER + 1 not in published
