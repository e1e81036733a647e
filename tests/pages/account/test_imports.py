"""The pages of the import: choose, look, decide, bring in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from recommendations.models import Import, Movie, Rating, WatchlistItem
from recommendations.services.feedback import rate_movie
from recommendations.services.imports.waiting import read_import, tend_imports

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
        (b"x" * 25_000_001, "It is larger than 25 MB"),
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
    seen = send(signed_in, text, "watched.csv").content.decode()
    assert "1</strong> viewing for the diary" in seen


def test_nobody_looks_at_files_without_end(signed_in, settings):
    settings.API_THROTTLE_RATES = {"import-person": "2/hour"}
    cache.clear()
    answers = [send(signed_in, FILE) for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 3600
    assert "You have looked at many files within an hour." in answers[-1].content.decode()


def test_a_larger_file_is_refused_before_it_is_read(signed_in, settings):
    class Unread:
        def read(self, *_size):
            raise AssertionError("the body was read")

        readline = read

    for length, path in ((100_000_000, "/account/import"), (25_500_001, "/api/v1/me/import/preview/")):
        answer = signed_in.generic("POST", path, b"", CONTENT_LENGTH=str(length), **{"wsgi.input": Unread()})
        assert answer.status_code == 413
        assert "25 MB" in answer.content.decode()


def test_a_long_file_is_read_by_the_worker_and_then_brought_in(
    signed_in, ann, django_capture_on_commit_callbacks
):
    lines = "2020-01-02,Fargo,1996,u,2\n" * 20_001
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(signed_in, HEADER + lines)
    assert answer.status_code == 303
    page = signed_in.get(answer["Location"]).content.decode()
    assert "The file waits for its turn" in page
    assert "<progress" in page
    # A second file has to wait for the first.
    assert "Another file of yours is being read." in send(signed_in, HEADER + lines).content.decode()
    waiting = Import.objects.get()
    assert read_import(number=waiting.pk)
    assert not read_import(number=waiting.pk)
    assert signed_in.get(answer["Location"], HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"
    page = signed_in.get(answer["Location"]).content.decode()
    assert "<strong>1</strong> film recognised" in page
    done = signed_in.post("/account/import/apply", {"waiting": str(waiting.pk)}, follow=True)
    assert "1 rating is imported" in done.content.decode()
    assert [(row.movie.movielens_id, row.stars) for row in Rating.objects.filter(user=ann)] == [(100, 2)]
    again = signed_in.post("/account/import/apply", {"waiting": str(waiting.pk)}, follow=True)
    assert "has no import of this number" in again.content.decode()


def test_a_file_that_waits_can_be_left_and_one_that_fails_says_why(signed_in):
    lines = "2020-01-02,Fargo,1996,u,2\n" * 20_001
    send(signed_in, HEADER + lines)
    waiting = Import.objects.get()
    signed_in.post(f"/account/import/{waiting.pk}/leave")
    assert not Import.objects.exists()
    assert not read_import(number=waiting.pk)
    send(signed_in, "userId,movieId,rating,title\n" + "".join(f"{n},2,3,A\n" for n in range(20_001)))
    read_import(number=Import.objects.get().pk)
    page = signed_in.get(f"/account/import/{Import.objects.get().pk}").content.decode()
    assert "This file cannot be imported" in page
    assert "ratings of several people" in page


def test_the_columns_of_any_table_can_be_chosen(signed_in, ann):
    table = "Vu le;Oeuvre;An;Ma note\n" + "".join(f"2020-01-{n + 1:02};Film {n};1990;7\n" for n in range(12))
    answer = send(signed_in, table + "2020-02-01;Fargo;1996;9\n", "mine.csv")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "The first 10 rows" in page
    assert "Film 9" in page
    assert "Film 10" not in page
    kept = Import.objects.get(state="columns")
    address = f"/account/import/{kept.pk}/columns"
    assert "choose the column with the titles" in signed_in.post(address, {"top": "10"}).content.decode()
    chosen = {"title": "oeuvre", "year": "an", "top": "10", "moment": "vu le"}
    assert "choose the column with the ratings" in signed_in.post(address, chosen).content.decode()
    page = signed_in.post(address, chosen | {"rating": "ma note"}).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    signed_in.post("/account/import/apply", {"token": token})
    assert [(row.movie.movielens_id, row.stars) for row in Rating.objects.filter(user=ann)] == [(100, 4)]
    seen = signed_in.post(address, chosen | {"use": "seen"}).content.decode()
    assert "1</strong> viewing for the diary" in seen


def test_an_import_is_taken_back_as_a_whole_except_what_was_changed_since(signed_in, ann):
    rated = HEADER + "2020-01-01,Star Wars,1977,u,3\n2020-01-02,Fargo,1996,u,2\n"
    token = re.search(r'name="token" value="([^"]+)"', send(signed_in, rated).content.decode())[1]
    signed_in.post("/account/import/apply", {"token": token})
    rate_movie(user=ann, movie_id=50, stars=5)
    page = signed_in.get("/account/imports").content.decode()
    assert "2 ratings" in page
    number = re.search(r"/account/imports/(\d+)/undo", page)[1]
    page = signed_in.post(f"/account/imports/{number}/undo", follow=True).content.decode()
    assert "The import is taken back" in page
    assert "1 rating stays because you have changed it since." in page
    assert [(row.movie.movielens_id, row.stars) for row in Rating.objects.filter(user=ann)] == [(50, 5)]
    assert (
        "is taken back already"
        in signed_in.post(f"/account/imports/{number}/undo", follow=True).content.decode()
    )


def test_what_is_somebody_elses_is_not_there(signed_in, client):
    send(signed_in, HEADER + "2020-01-02,Fargo,1996,u,2\n" * 20_001)
    number = Import.objects.get().pk
    client.force_login(User.objects.create_user("eve"))
    assert client.get(f"/account/import/{number}").status_code == 303
    client.post(f"/account/import/{number}/leave")
    assert (
        "has no import of this number"
        in client.post("/account/import/apply", {"waiting": str(number)}, follow=True).content.decode()
    )
    assert Import.objects.filter(pk=number).exists()


def test_waiting_files_are_tended(signed_in):
    send(signed_in, HEADER + "2020-01-02,Fargo,1996,u,2\n" * 20_001)
    number = Import.objects.get().pk
    long_ago = timezone.now() - timedelta(days=2)
    Import.objects.update(state="reading", changed_at=long_ago)
    tend_imports()
    assert Import.objects.get().state == "queued"
    read_import(number=number)
    Import.objects.update(changed_at=long_ago)
    tend_imports()
    assert not Import.objects.exists()
