"""The pages of the import: choose, look, decide, bring in."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recommendations.models import Movie, Rating

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


def send(client, content: bytes | str):
    content = content.encode() if isinstance(content, str) else content
    return client.post("/account/import", {"file": SimpleUploadedFile("ratings.csv", content)})


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
    assert [(rating.movie_id, rating.stars) for rating in engine.asked[-1][0].ratings] == [(50, 4), (100, 2)]
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
