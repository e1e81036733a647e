"""The ways through the site: its header, where a member starts, genres as links, and the keyboard's from film to film."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from accounts.models import User
from recommendations.models import Genre, Movie, Rating
from recommendations.pages import dials_form, search_views
from recommendations.selectors import catalogue
from recommendations.selectors.catalogue import FilmFacts, FilmSearch
from recommendations.services.feedback import add_to_watchlist, rate_movie

pytestmark = pytest.mark.django_db
FRENCH = {"HTTP_ACCEPT_LANGUAGE": "fr"}
WAYS = re.compile(r'<nav class="site-ways".*?</nav>', re.DOTALL)


def ways(page: str) -> list[tuple[str, str, bool]]:
    """Address, name and whether it is this page, of each link of the header."""
    links = re.findall(r'<a href="([^"]*)"([^>]*)>([^<]*)</a>', WAYS.search(page)[0])
    return [(address, name, 'aria-current="page"' in rest) for address, rest, name in links]


@pytest.fixture
def ann(db) -> User:
    return User.objects.create_user("ann")


def test_the_header_leads_to_what_is_theirs(client, engine, ann):
    assert not WAYS.search(client.get("/").content.decode())
    client.post("/recommend_session", {"way": "newcomer", "age": "30"})
    assert ways(client.get("/search/").content.decode()) == [
        ("/results", "My list", False),
        ("/account/watchlist", "Watchlist", False),
        ("/taste", "My taste", False),
    ]
    client.force_login(ann)
    shown = ways(client.get("/results").content.decode())
    assert [current for _address, _name, current in shown] == [True, False, False]
    french = ways(client.get("/account/watchlist", **FRENCH).content.decode())
    assert [(name, current) for _address, name, current in french] == [
        ("Ma liste", False),
        ("À voir", True),
        ("Mes goûts", False),
    ]


def test_a_member_starts_with_the_list(client, engine, ann):
    assert client.get("/").status_code == 200
    client.force_login(ann)
    assert (client.get("/").status_code, client.get("/")["Location"]) == (302, "/results")
    again = client.get("/begin")
    assert again.content.decode().count('action="/recommend_session"') == 2
    assert 'href="/begin"' in client.get("/results").content.decode()


def test_genres_are_links(client, engine):
    client.post("/recommend_session", {"way": "newcomer"})
    page = client.get("/results").content.decode()
    assert '<a href="/search/?genre=Sci-Fi">Sci-Fi</a>' in page
    assert (
        '<a href="/search/?genre=Film-Noir">Film noir</a>'
        in client.get("/results", **FRENCH).content.decode()
    )
    film = Movie.objects.create(movielens_id=50, title="Star Wars", original_title="Star Wars (1977)")
    film.genres.add(Genre.objects.create(name="Children's"))
    shown = client.get("/films/50/").content.decode()
    assert '<a href="/search/?genre=Children%27s">Children&#x27;s</a>' in shown
    assert client.get("/search/?genre=Children%27s").status_code == 200


def test_each_film_of_the_list_leads_on_to_the_next(client, engine):
    client.post("/recommend_session", {"way": "newcomer"})
    page = client.get("/results").content.decode()
    targets = re.findall(r'<a class="film__skip" href="#([\w-]+)">', page)
    assert targets == ["rank-2", "rank-3", "yours"]
    for target in targets:
        assert re.search(rf'id="{target}" tabindex="-1"', page)


def test_a_decade_is_no_year(client, monkeypatch):
    for module in (search_views, dials_form):
        monkeypatch.setattr(module, "catalogue_decades", lambda: (1990, 1940), raising=False)
    page = client.get("/search/").content.decode()
    assert '<option value="1940">1940s</option>' in page
    assert '<option value="1940">Années 1940</option>' in client.get("/search/", **FRENCH).content.decode()
    with translation.override("en"):
        dials = str(dials_form.DialsForm(decades=(1940,), genres=())["decade"])
    assert '<option value="1940">1940s</option>' in dials


def test_found_films_are_rated_and_noted_where_they_stand(client, ann, monkeypatch):
    for number, title in ((50, "Star Wars"), (181, "Return of the Jedi")):
        Movie.objects.create(movielens_id=number, title=title, original_title=title)
    found = tuple(
        FilmFacts(number, title, None, ())
        for number, title in ((50, "Star Wars"), (181, "Return of the Jedi"))
    )
    monkeypatch.setattr(catalogue, "search_films", lambda **_wish: FilmSearch(found, degraded=False, total=2))
    assert 'class="marks"' not in client.get("/search/?q=wars").content.decode()
    client.force_login(ann)
    rate_movie(user=ann, movie_id=50, stars=4)
    add_to_watchlist(user=ann, movie_id=181)
    page = client.get("/search/?q=wars").content.decode()
    first, second = re.findall(r'<li id="film-\d+">.*?</li>', page, re.DOTALL)
    assert 'value="4" aria-pressed="true"' in first
    assert 'action="/films/181/unwatch"' in second
    assert 'name="next" value="/search/?q=wars#film-181"' in second
    answer = client.post("/films/181/rate", {"stars": "2", "next": "/search/?q=wars#film-181"})
    assert answer["Location"] == "/search/?q=wars#film-181"
    assert Rating.objects.get(movie__movielens_id=181).stars == 2
    told = client.get("/search/?q=wars").content.decode()
    first, second = re.findall(r'<li id="film-\d+">.*?</li>', told, re.DOTALL)
    assert "You gave Return of the Jedi 2 stars." in second
    assert "You gave" not in first
    assert "You gave" not in client.get("/search/?q=wars").content.decode()
