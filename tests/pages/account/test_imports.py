"""The pages of the import: choose, look, decide, bring in."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recommendations.models import Movie, Rating, WatchlistItem

pytestmark = pytest.mark.django_db
HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"
FILE = HEADER + "2020-01-01,Star Wars,1978,u,3.5\n2020-01-02,Fargo,1996,u,2\n2020-01-02,<b>x</b>,2001,u,5\n"


@pytest.fixture(autouse=True)
def catalogue():
    for number, title, year in ((50, "Star Wars", 1977), (100, "Fargo", 1996)):
        Movie.objects.create(movielens_id=number, title=title, original_title=title, year=year)


@pytest.fixture
def signed_in(client, ann) -> Client:
    client.force_login(ann)
    return client


def send(client, content: bytes | str, name: str = "ratings.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post("/account/import", {"file": SimpleUploadedFile(name, content)})


def test_preview_then_import_with_a_decision(signed_in, engine, ann):
    page = send(signed_in, FILE).content.decode()
    assert "Read as ratings of Letterboxd." in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x" not in page
    assert not Rating.objects.exists()
    name = re.search(r'name="(film-\d+)" value="50"', page)[1]
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    answer = signed_in.post("/account/import/apply", {"token": token, name: "50"}, follow=True)
    assert answer.redirect_chain == [("/account/ratings", 303)]
    assert "2 ratings are imported" in answer.content.decode()
    signed_in.get("/results")
    assert [(rating.movie_id, rating.stars) for rating in engine.asked[-1][0].ratings] == [(50, 3), (100, 2)]
    again = signed_in.post("/account/import/apply", {"token": token, name: ""}, follow=True)
    assert "nothing was changed" in again.content.decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "CSV file: it is empty."),
        (b"a,b\n1,2\n", "These columns are of no format"),
        (b"\x00\x01\x02", "NUL bytes"),
        (b"x" * 5_000_001, "it is larger than 5 MB"),
        (HEADER + "2020-01-02,Fargo,1996,u,2\n" * 100_000, "more than 20,000 lines"),
    ],
)
def test_files_that_do_not_fit_are_explained(signed_in, content, sentence):
    answer = send(signed_in, content)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'class="error-summary"' in page
    assert sentence in page


def test_without_a_file_or_with_a_broken_token(signed_in):
    assert "none was chosen" in signed_in.post("/account/import").content.decode()
    page = signed_in.post("/account/import/apply", {"token": "x"}, follow=True).content.decode()
    assert "This preview is too old or incomplete." in page


def test_visitors_are_asked_to_sign_in_first(client):
    assert client.get("/account/import")["Location"] == "/account/sign-in?next=/account/import"
    assert send(client, FILE).status_code == 302


def test_a_file_without_any_known_film_says_so(signed_in):
    page = send(signed_in, HEADER + "2020-01-01,Up,2009,u,4\n").content.decode()
    assert "No film of this file is in the catalogue" in page
    assert "import these" not in page.lower()


def test_a_likely_film_is_chosen_already_and_stars_that_were_rounded_are_told(signed_in):
    page = send(signed_in, FILE).content.decode()
    assert re.search(r'name="film-2" value="50" checked', page)
    assert not re.search(r'name="film-2" value="" checked', page)
    assert "1 rating lies between two stars and counts as the lower one" in page
    assert "in the file: 3.5" in page


def test_a_watchlist_goes_onto_the_watchlist(signed_in, ann):
    text = "Date,Name,Year,Letterboxd URI\n2021-03-01,Fargo,1996,u\n"
    page = send(signed_in, text, "watchlist.csv").content.decode()
    assert "Read as a watchlist of Letterboxd." in page
    assert "Put 1 film on the watchlist" in page
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    answer = signed_in.post("/account/import/apply", {"token": token}, follow=True)
    assert answer.redirect_chain == [("/account/watchlist", 303)]
    assert "1 film is on your watchlist now." in answer.content.decode()
    assert [item.movie.movielens_id for item in WatchlistItem.objects.filter(user=ann)] == [100]
    assert "no stars" in send(signed_in, text, "watched.csv").content.decode()


def test_nobody_looks_at_files_without_end(signed_in, settings):
    settings.API_THROTTLE_RATES = {"import-person": "2/hour"}
    cache.clear()
    answers = [send(signed_in, FILE) for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 3600
    assert "You have looked at many files within an hour." in answers[-1].content.decode()
