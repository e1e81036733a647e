"""Films over the API, as the database finds them; the engines themselves are tested with the selectors."""

from types import SimpleNamespace

import pytest

from recommendations.models import Genre, Movie
from recommendations.selectors.lists import similar, world
from recommendations.selectors.lists.similar import SimilarFilm
from tests.api.problem_checks import problem

URL = "/api/v1/films/"


@pytest.fixture(autouse=True)
def catalogue(db):
    genre = Genre.objects.create(name="Drama")
    for number in range(1, 8):
        title = f"Road {number}"
        movie = Movie.objects.create(
            movielens_id=number,
            title=title,
            original_title=title,
            year=1980 + 3 * number,
            rating_count=number,
        )
        if number % 2:
            movie.genres.add(genre)


def numbers(response):
    assert response.status_code == 200, response.content
    return [film["movie_id"] for film in response.json()["items"]]


def test_pages_lead_through_everything_once(client):
    seen, cursor = [], None
    while True:
        answer = client.get(URL, {"limit": "3", **({"cursor": cursor} if cursor else {})})
        seen += numbers(answer)
        assert answer.json()["total"] == 7
        cursor = answer.json()["next"]
        if cursor is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"genre": "Drama"}, [7, 5, 3, 1]),
        ({"decade": "1990"}, [6, 5, 4]),
        ({"least_ratings": "6"}, [7, 6]),
        ({"most_ratings": "2"}, [2, 1]),
        ({"order": "oldest", "limit": "2"}, [1, 2]),
        ({"order": "newest", "limit": "2"}, [7, 6]),
        ({"q": "road 4"}, [4]),
        ({"q": "%' OR 1=1 --"}, []),
        ({"q": '{"match_all": {}}'}, []),
        ({"q": ""}, [7, 6, 5, 4, 3, 2, 1]),
    ],
)
def test_narrowed_and_ordered(client, query, found):
    assert numbers(client.get(URL, query)) == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("genre=Cooking", "genre"),
        ("decade=1985", "decade"),
        ("order=sideways", "order"),
        ("least_ratings=-1", "least_ratings"),
        ("q=" + "x" * 201, "q"),
        ("q=%00", "q"),
        ("cursor=x", "cursor"),
        ("cursor=W10=", "cursor"),
        ("cursor=WzFlOTk5LCAiIl0=", "cursor"),
        ("cursor=%C3%A9", "cursor"),
        ("page=2", "page"),
    ],
)
def test_names_what_does_not_fit(client, query, field):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert [error["field"] for error in problem(response)["errors"]] == [field]


def test_a_cursor_belongs_to_its_list(client):
    cursor = client.get(URL, {"limit": "2"}).json()["next"]
    assert client.get(URL, {"limit": "2", "cursor": cursor}).status_code == 200
    response = client.get(URL, {"limit": "2", "cursor": cursor, "genre": "Drama"})
    assert response.status_code == 400
    assert "first page" in problem(response)["detail"]


@pytest.mark.parametrize("path", [URL, f"{URL}3/"])
def test_what_has_not_changed_is_not_sent_again(client, path):
    etag = client.get(path)["ETag"]
    again = client.get(path, HTTP_IF_NONE_MATCH=etag)
    assert (again.status_code, again.content) == (304, b"")
    Movie.objects.filter(movielens_id=3).update(title="Another road")
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_a_film(client):
    film = client.get(f"{URL}3/").json()
    assert (film["title"], film["year"], film["genres"], film["rating_count"]) == (
        "Road 3",
        1989,
        ["Drama"],
        3,
    )


@pytest.mark.parametrize("number", ["0", "99", "9" * 30, "9" * 5000])
@pytest.mark.parametrize("rest", ["", "similar/"])
def test_an_unknown_film_is_404(client, monkeypatch, number, rest):
    if rest:
        number = "9" * 5000  # of smaller ones the model is asked
    response = client.get(f"{URL}{number}/{rest}")
    assert response.status_code == 404
    problem(response)


def test_similar_films(client, monkeypatch):
    film = SimilarFilm(4, "Road 4", 1992, (), 0.5, "Because")
    monkeypatch.setattr(
        world, "require_champion", lambda: SimpleNamespace(version="v1", state=("v1", 0, 0.0))
    )
    monkeypatch.setattr(similar, "similar_to", lambda champion, movie_id, k: (film,) * k)
    response = client.get(f"{URL}3/similar/", {"k": "2"})
    assert numbers(response) == [4, 4]
    assert response.json()["items"][0]["reason"] == "Because"


def test_suggestions(client):
    assert numbers(client.get(f"{URL}suggest/", {"q": "road 5", "limit": "3"})) == [5]
    assert problem(client.get(f"{URL}suggest/"))["errors"][0]["field"] == "q"
