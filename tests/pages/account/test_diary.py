"""The diary: written on the page of a film, read by month, and a year of it on one page."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from recommendations.models import Genre, Movie, SeenMovie, Viewing
from recommendations.services.feedback import rate_movie

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue():
    crime = Genre.objects.create(name="Crime")
    for number, title, year, mean in ((50, "Star Wars", 1977, 4.4), (100, "Fargo", 1996, 4.1)):
        film = Movie.objects.create(
            movielens_id=number,
            title=title,
            original_title=title,
            year=year,
            mean_stars=mean,
            rating_count=50,
        )
        if number == 100:
            film.genres.add(crime)


@pytest.fixture
def signed_in(client, ann) -> Client:
    client.force_login(ann)
    return client


def saw(client: Client, movie_id: int, day: str = "") -> str:
    return client.post(f"/account/diary/films/{movie_id}", {"seen_on": day}, follow=True).content.decode()


def test_a_film_is_written_down_once_a_day_and_again_on_another(signed_in, ann):
    rate_movie(user=ann, movie_id=100, stars=5)
    assert "Fargo is in your diary." in saw(signed_in, 100, "2025-02-03")
    assert "Your diary has Fargo on this day already." in saw(signed_in, 100, "2025-02-03")
    saw(signed_in, 100, "2025-12-24")
    assert [(row.seen_on, row.again, row.stars) for row in Viewing.objects.order_by("seen_on")] == [
        (date(2025, 2, 3), False, 5.0),
        (date(2025, 12, 24), True, 5.0),
    ]
    page = signed_in.get("/account/diary").content.decode()
    assert "December 2025" in page
    assert page.index("December 2025") < page.index("February 2025")
    number = re.search(r"/account/diary/(\d+)/remove", page)[1]
    page = signed_in.post(f"/account/diary/{number}/remove", follow=True).content.decode()
    assert "The entry is taken out of your diary." in page
    assert [row.seen_on for row in Viewing.objects.all()] == [date(2025, 2, 3)]


def test_without_a_day_it_is_today_and_what_is_no_day_is_said(signed_in):
    saw(signed_in, 100)
    assert Viewing.objects.get().seen_on == timezone.localdate()
    # Without stars it is marked as seen, so that no list shows it.
    assert [mark.movie.movielens_id for mark in SeenMovie.objects.all()] == [100]
    assert "is no day; write it like" in saw(signed_in, 100, "yesterday")
    for day in ("1895-12-27", (timezone.localdate() + timedelta(days=2)).isoformat()):
        assert "no day on which a film can have been seen" in saw(signed_in, 100, day)
    assert Viewing.objects.count() == 1


def test_a_year_in_films(signed_in, ann, django_assert_max_num_queries):
    for movie, day, again, stars in (
        (50, "2025-01-05", False, 1.5),
        (100, "2025-01-20", False, 4.5),
        (100, "2025-12-24", True, 4.0),
        (100, "2024-12-24", False, 3.0),
    ):
        film = Movie.objects.get(movielens_id=movie)
        Viewing.objects.create(user=ann, movie=film, seen_on=day, again=again, stars=stars)
    with django_assert_max_num_queries(12):
        answer = signed_in.get("/account/diary/2025")
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    assert "2025 in films" in page
    assert "2 films" in page
    assert "3 viewings" in page
    assert "1 seen before" in page
    assert re.search(r"January 2 .*February 0 .*December 1 ", page)
    assert re.search(r"Crime 1 ", page)
    assert re.search(r"1970s 1 1990s 1|1990s 1 1970s 1", page)
    # Fargo's stars are within one of everybody's.
    assert "Star Wars you 1.5, others 4.4" in page
    assert "Fargo you" not in page
    assert "2024" in page
    assert signed_in.get("/account/diary/2020").status_code == 303
    assert signed_in.get("/account/diary/0").status_code == 404
    assert signed_in.get("/account/diary/99999").status_code == 404


def test_a_diary_is_its_own(signed_in, client):
    saw(signed_in, 100)
    number = Viewing.objects.get().pk
    client.force_login(User.objects.create_user("eve"))
    client.post(f"/account/diary/{number}/remove")
    assert Viewing.objects.filter(pk=number).exists()
    assert "Fargo" not in client.get("/account/diary").content.decode()
