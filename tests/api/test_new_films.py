"""Films after training over the API: put, batch, changed, withdrawn, and their share of a list."""

from __future__ import annotations

import pytest

from accounts.models import User
from recommendations.models import Movie, NewFilm, NewFilmsState
from tests.actors import make_people
from tests.api.problem_checks import problem
from tests.api.test_operators import signed_in

FILMS = "/api/v1/catalogue/films/"
EXPOSURE = "/api/v1/catalogue/exposure/"
SNOW = {
    "title": "Snow in April",
    "year": 2026,
    "genres": ["Crime", "Comedy"],
    "overview": "Two brothers rob a savings bank in the snow.",
    "directors": ["Ana Lind"],
    "cast": ["Jo Berg"],
    "tags": ["heist"],
    "tmdb_id": 7,
}


@pytest.fixture
def operator(client, db) -> User:
    user = make_people()["operator"]
    signed_in(client, user, "operate")
    return user


def test_a_film_from_put_to_withdrawal(client, operator):
    made = client.put(f"{FILMS}snow-2026/", SNOW, format="json")
    assert made.status_code == 201
    film = made.json()
    assert {name: film[name] for name in SNOW} == SNOW
    assert (film["key"], film["imdb_id"]) == ("snow-2026", "")
    assert client.get(f"{FILMS}snow-2026/").json() == film
    assert client.get(f"/api/v1/films/{film['movie_id']}/").json()["title"] == "Snow in April"
    assert client.get("/api/v1/films/", {"q": "snow in april"}).json()["items"][0]["key"] == "snow-2026"
    changed = client.put(f"{FILMS}snow-2026/", {"title": "Snow in May"}, format="json")
    assert (changed.status_code, changed.json()["genres"], changed.json()["year"]) == (200, [], None)
    assert changed.json()["movie_id"] == film["movie_id"]
    listed = client.get(FILMS).json()
    assert (listed["total"], listed["items"][0]["title"]) == (1, "Snow in May")
    assert client.delete(f"{FILMS}snow-2026/").status_code == 204
    for again in (client.delete(f"{FILMS}snow-2026/"), client.get(f"{FILMS}snow-2026/")):
        assert again.status_code == 404
        assert "snow-2026" in problem(again)["detail"]
    assert client.get(FILMS).json()["total"] == 0
    assert client.get("/api/v1/films/", {"q": "snow in may"}).json()["total"] == 0


def test_keys_may_be_anything_that_fits_an_address(client, operator):
    assert (
        client.put(f"{FILMS}%D1%84%D0%B8%D0%BB%D1%8C%D0%BC%201/", {"title": "Фильм"}, format="json").json()[
            "key"
        ]
        == "фильм 1"
    )
    for key in ("%20x", "%2E%2E", "x" * 101):
        refused = client.put(f"{FILMS}{key}/", {"title": "X"}, format="json")
        assert refused.status_code in (400, 404), key


def test_a_batch_is_put_as_a_whole(client, operator):
    told = client.put(FILMS, {"films": [{"key": "a", **SNOW}, {"key": "b", "title": "K2"}]}, format="json")
    report = told.json()
    assert (told.status_code, report["created"], report["changed"]) == (200, 2, 0)
    assert [film["key"] for film in report["items"]] == ["a", "b"]
    again = client.put(FILMS, {"films": [{"key": "b", "title": "K2", "year": 1991}]}, format="json").json()
    assert (again["created"], again["changed"]) == (0, 1)
    page = client.get(FILMS, {"limit": 1}).json()
    assert page["total"] == 2
    assert client.get(FILMS, {"limit": 1, "cursor": page["next"]}).json()["next"] is None


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({}, "title", "title is missing"),
        ({"title": "  "}, "title", "empty"),
        ({"title": "X", "year": 1600}, "year", "from 1870 to 2100"),
        ({"title": "X", "genres": ["Telenovela"]}, "genres[0]", "Telenovela"),
        ({"title": "X", "imdb_id": "123"}, "imdb_id", "seven digits"),
        ({"title": "X", "cast": "Jo Berg"}, "cast", "list"),
        ({"title": "X", "stars": 5}, "stars", "There is no field 'stars'"),
    ],
)
def test_what_does_not_fit_is_named(client, operator, body, field, said):
    refused = client.put(f"{FILMS}x/", body, format="json")
    assert refused.status_code == 400
    errors = {error["field"]: error["message"] for error in problem(refused)["errors"]}
    assert said in errors[field]
    assert not NewFilm.objects.exists()


def test_in_a_batch_the_film_is_named_as_well(client, operator):
    refused = client.put(FILMS, {"films": [{"key": "a", "title": "A"}, {"key": "b"}]}, format="json")
    assert problem(refused)["errors"][0]["field"] == "films[1].title"
    twice = client.put(FILMS, {"films": [{"key": "a", "title": "A"}] * 2}, format="json")
    assert "a is there twice" in problem(twice)["errors"][0]["message"]
    assert not NewFilm.objects.exists()


def test_a_film_of_the_data_is_in_the_way(client, operator):
    Movie.objects.create(
        movielens_id=50, key="50", title="Star Wars", original_title="Star Wars (1977)", year=1977
    )
    refused = client.put(f"{FILMS}sw/", {"title": "Star Wars", "year": 1977}, format="json")
    assert refused.status_code == 409
    assert "number 50" in problem(refused)["detail"]
    assert client.put(f"{FILMS}50/", {"title": "Another"}, format="json").status_code == 409


def test_the_share_of_a_list(client, operator):
    assert client.get(EXPOSURE).json() == {"share": 0.1}
    assert client.put(EXPOSURE, {"share": 0.25}, format="json").json() == {"share": 0.25}
    assert NewFilmsState.now().share == 0.25
    assert client.put(EXPOSURE, {"share": 1.5}, format="json").status_code == 400
