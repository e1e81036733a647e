"""The part of the search page with films that a description fits, and the same over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from recommendations.api.films import views as api_views
from recommendations.pages import search_views
from recommendations.selectors import catalogue
from recommendations.selectors.catalogue import FilmFacts, FilmSearch
from recommendations.selectors.described import Described, DescribedFilm
from recommendations.selectors.lists.person import Person
from recommendations.services.account.tokens import create_token
from tests.api.problem_checks import problem

pytestmark = pytest.mark.django_db
FARGO = FilmFacts(100, "Fargo <b>", 1996, ("Crime",), key="100")
SEARCH = "/search/?q=snow+and+a+ransom"


@pytest.fixture
def asked(monkeypatch):
    calls = []

    def films_described(**wish):
        calls.append(wish)
        film = DescribedFilm(FARGO, "Snow & money.", "Wikipedia", ("words",))
        return Described((film,), ("words", "meaning"), for_person=wish["person"] is not None)

    monkeypatch.setattr(catalogue, "search_films", lambda **wish: FilmSearch((), degraded=False))
    for module in (search_views, api_views):
        monkeypatch.setattr(module, "films_described", films_described)
    return calls


def test_a_description_finds_films_with_what_they_are_about(client, asked):
    page = client.get(f"{SEARCH}&genre=&decade=1990").content.decode()
    assert (asked[0]["text"], asked[0]["decade"]) == ("snow and a ransom", 1990)
    assert "Films that are about this" in page
    assert "Fargo &lt;b&gt;" in page
    assert "Snow &amp; money. <cite>Wikipedia</cite>" in page
    assert "by what the sentence means" in page
    assert "No film found" not in page
    assert "suits me" not in page, "there is nobody yet whom films could suit"


@pytest.mark.parametrize("more", ["&order=newest", "&popularity=well", "&page=2"])
def test_what_narrows_or_pages_titles_is_no_description(client, asked, more):
    client.get(SEARCH + more)
    assert asked == []


def test_one_word_that_is_a_title_is_no_description(client, asked, monkeypatch):
    monkeypatch.setattr(
        catalogue, "search_films", lambda **wish: FilmSearch((FARGO,), degraded=False, total=1)
    )
    assert "about this" not in client.get("/search/?q=fargo").content.decode()
    assert client.get("/search/").status_code == 200
    assert asked == []


def test_whoever_is_known_chooses_whether_their_taste_joins_in(client, asked):
    client.force_login(User.objects.create_user("ann"))
    page = client.get(SEARCH).content.decode()
    assert 'href="?q=snow+and+a+ransom&amp;suits=me#described"' in page
    assert asked[-1]["person"] is None
    page = client.get(f"{SEARCH}&suits=me").content.decode()
    assert isinstance(asked[-1]["person"], Person)
    assert "What suits you comes first." in page


def test_the_api_finds_them_for_anybody_or_for_whoever_asks(client, asked):
    url = "/api/v1/films/described/"
    answer = client.get(url, {"q": "snow and a ransom", "limit": "3"})
    assert answer.json()["items"][0] == {
        "movie_id": 100,
        "key": "100",
        "title": "Fargo <b>",
        "year": 1996,
        "genres": ["Crime"],
        "overview": "Snow & money.",
        "overview_source": "Wikipedia",
        "found_by": ["words"],
    }
    assert (answer.json()["ways"], answer.json()["degraded"]) == (["words", "meaning"], False)
    assert (asked[-1]["limit"], asked[-1]["person"]) == (3, None)
    assert problem(client.get(url, {"q": "x", "for_me": "true"}))["status"] == 401
    both = problem(client.get(url, {"q": "x", "for_me": "true", "user": "3"}))
    assert (both["status"], [error["field"] for error in both["errors"]]) == (400, ["for_me"])
    ann = User.objects.create_user("ann")
    text = create_token(user=ann, name="t", scopes=("read",), lifetime=timedelta(days=1))[1]
    headers = {"Authorization": f"Bearer {text}"}
    assert client.get(url, {"q": "x", "for_me": "true"}, headers=headers).status_code == 200
    assert isinstance(asked[-1]["person"], Person)
