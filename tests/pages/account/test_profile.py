"""The account at a glance, and its lists of films."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from recommendations.models import HiddenMovie, Movie, Rating, WatchlistItem
from recommendations.pages.account.profile import FILMS_ON_PAGE
from recommendations.services.feedback import add_to_watchlist, hide_movie, rate_movie

pytestmark = pytest.mark.django_db
FILMS = FILMS_ON_PAGE + 6


@pytest.fixture(autouse=True)
def catalogue():
    for number in range(1, FILMS + 1):
        Movie.objects.create(movielens_id=number, title=f"Film <{number}>", original_title="x", year=1990)


@pytest.fixture
def signed_in(client, ann) -> Client:
    client.force_login(ann)
    return client


def test_profile_is_shown_saved_and_refused(signed_in, ann):
    page = signed_in.get("/account/").content.decode()
    assert "Nothing else is done with them" in page
    signed_in.post("/account/", {"age": "41", "gender": "F", "occupation": "artist"})
    ann.refresh_from_db()
    assert (ann.age, ann.gender, ann.occupation) == (41, "F", "artist")
    answer = signed_in.post("/account/", {"age": "900", "gender": "F"})
    assert answer.status_code == 400
    assert "Age: 900 is too high." in answer.content.decode()
    signed_in.post("/account/", {})
    ann.refresh_from_db()
    assert (ann.age, ann.gender, ann.occupation) == (None, "", "")


def test_lists_are_paged_newest_first_and_need_few_queries(signed_in, ann, django_assert_max_num_queries):
    for number in range(1, FILMS + 1):
        rate_movie(user=ann, movie_id=number, stars=1 + number % 5)
        hide_movie(user=ann, movie_id=number)
        add_to_watchlist(user=ann, movie_id=number)
    for kind in ("ratings", "watchlist", "hidden"):
        with django_assert_max_num_queries(12):
            page = signed_in.get(f"/account/{kind}").content.decode()
        numbers = [int(number) for number in re.findall(r"Film &lt;(\d+)&gt;</a>", page)]
        assert numbers == list(range(FILMS, FILMS - FILMS_ON_PAGE, -1)), kind
        assert 'href="?page=2"' in page
        last = signed_in.get(f"/account/{kind}?page=99").content.decode()
        assert re.findall(r"Film &lt;(\d+)&gt;</a>", last) == [str(number) for number in range(6, 0, -1)]
    with django_assert_max_num_queries(12):
        assert f"<strong>{FILMS}</strong>" in signed_in.get("/account/").content.decode()


def test_films_are_changed_in_place_with_a_way_back(signed_in, ann):
    for number in (1, 2):
        rate_movie(user=ann, movie_id=number, stars=3)
    page = signed_in.post("/films/1/unrate", {"next": "/account/ratings"}, follow=True)
    assert page.redirect_chain == [("/account/ratings", 303)]
    text = page.content.decode()
    assert "Your rating of Film &lt;1&gt; is removed." in text
    assert 'name="moment"' in text
    assert Rating.objects.count() == 1
    hide_movie(user=ann, movie_id=2)
    assert "formaction" in signed_in.get("/account/hidden").content.decode()
    signed_in.post("/films/2/unhide", {"next": "/account/hidden"})
    assert not HiddenMovie.objects.exists()


def test_empty_lists_say_how_they_fill(signed_in):
    for kind, sentence in (("ratings", "Nothing rated yet"), ("hidden", "Nothing is hidden")):
        assert sentence in signed_in.get(f"/account/{kind}").content.decode()


def test_visitors_have_lists_too_and_nobody_yet_is_sent_home(client, engine, as_person):
    assert client.get("/account/ratings")["Location"] == "/"
    as_person(way="newcomer")
    client.post("/films/3/watch")
    page = client.get("/account/watchlist").content.decode()
    assert "Film &lt;3&gt;" in page
    assert "They stay in this visit." in page
    assert not WatchlistItem.objects.exists()


def test_a_guest_view_says_that_its_marks_are_not_the_accounts(signed_in, engine, ann):
    rate_movie(user=ann, movie_id=1, stars=3)
    signed_in.post("/recommend_session", {"way": "known", "user": 2})
    page = signed_in.get("/account/ratings").content.decode()
    assert "guest view of MovieLens user 2" in page
    assert "Film &lt;1&gt;" not in page


def test_nobody_sees_the_lists_of_somebody_else(client, engine, ann, as_person):
    rate_movie(user=ann, movie_id=1, stars=3)
    as_person(way="newcomer")
    assert "Film &lt;1&gt;" not in client.get("/account/ratings").content.decode()
    assert client.get("/account/").status_code == 302
