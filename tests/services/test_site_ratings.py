"""The site's ratings beside MovieLens: what is exported, and that it stays out of what is published."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from accounts.models import User
from recommendations.models import Movie, Rating
from recommendations.ranking.people import FIRST_SITE_USER, KnownPeople
from recommendations.services.site_ratings import export_site_ratings
from spark_jobs.data_files import DATA_FILES, DataError, data_digest
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


def added(data, folder, name: str) -> list[str]:
    before, after = (data / name).read_bytes(), (folder / name).read_bytes()
    assert after.startswith(before)
    return after[len(before) :].decode("iso-8859-1").splitlines()


def test_people_and_ratings_stand_at_the_end_under_numbers_of_their_own(data):
    told = User.objects.create_user("told", age=31, gender="F", occupation="artist", postcode="75001")
    silent = User.objects.create_user("silent")
    User.objects.create_user("has rated nothing")
    rate(told, 5, 3)
    rate(silent, 9, stars=2)
    folder = export_site_ratings(data_dir=data)
    number, second = FIRST_SITE_USER + told.pk, int(NOON.timestamp())
    assert added(data, folder, "u.data") == [
        f"{number}\t5\t4\t{second}",
        f"{number}\t3\t4\t{second + 60}",
        f"{FIRST_SITE_USER + silent.pk}\t9\t2\t{second}",
    ]
    people = added(data, folder, "u.user")
    assert people[0] == f"{number}|31|F|artist|"  # no postcode: it trains nothing
    lines = (data / "u.user").read_text().splitlines()
    stand_in = lines[silent.pk % len(lines)].split("|")[1:4]
    assert people[1].split("|")[1:4] == stand_in
    assert (folder / "u.item").read_bytes() == (data / "u.item").read_bytes()


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
    assert [line.split("|")[0] for line in added(data, folder, "u.user")] == [str(FIRST_SITE_USER + other.pk)]
    assert len(added(data, folder, "u.data")) == 1
    other.delete()
    assert export_site_ratings(data_dir=data) == data
    assert not folder.exists()


def test_films_that_the_data_does_not_have_are_left_out(data):
    rate(User.objects.create_user("person"), 5, 4000)
    assert len(added(data, export_site_ratings(data_dir=data), "u.data")) == 1


def test_data_without_a_last_line_feed(data):
    for name in DATA_FILES:
        (data / name).write_bytes((data / name).read_bytes().rstrip(b"\n"))
    rate(User.objects.create_user("person"), 5)
    folder = export_site_ratings(data_dir=data)
    assert len((folder / "u.user").read_bytes().splitlines()) == 13


def test_numbers_that_are_the_sites_are_refused(data):
    with (data / "u.user").open("a") as file:
        file.write(f"{FIRST_SITE_USER}|30|F|artist|75001\n")
    rate(User.objects.create_user("person"), 5)
    with pytest.raises(DataError, match="are for the people of this site"):
        export_site_ratings(data_dir=data)
    assert not list(data.parent.rglob("with-site-ratings"))


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
