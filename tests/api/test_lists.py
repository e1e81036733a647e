"""Lists for whoever asks, for several people, and with dials in the address."""

import pytest

from accounts.models import User
from recommendations.models import HiddenMovie, Movie, Rating
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.selectors.lists.person import Person, RatedMovie, UnknownPersonError
from recommendations.services.feedback import hide_movie, rate_movie
from tests.api.problem_checks import problem

URL = "/api/v1/recommendations/"


@pytest.fixture
def films(db):
    for number in (1, 2, 3):
        Movie.objects.create(movielens_id=number, title=str(number), original_title=str(number))


@pytest.fixture
def ann(films):
    user = User.objects.create_user("ann", age=30)
    rate_movie(user=user, movie_id=1, stars=5)
    hide_movie(user=user, movie_id=2)
    return user


def test_my_list_is_made_of_what_i_said(client, ranking, ann):
    client.force_login(ann)
    response = client.get(f"{URL}me/", {"k": "4", "discovery": "0.5"})
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    person = Person(demographics=Demographics(age=30), ratings=(RatedMovie(1, 5),), hidden=frozenset({2}))
    assert ranking.asked == [(person, 4)]
    assert ranking.dials == [Dials(discovery=0.5)]
    assert Rating.objects.count() == HiddenMovie.objects.count() == 1


def test_nobody_has_no_list_of_their_own(client, ranking, db):
    response = client.get(f"{URL}me/")
    assert response.status_code == 401
    problem(response)
    assert not ranking.asked


def test_dials_in_the_address(client, ranking, db):
    query = {"user": "1", "genres": "Comedy:0.5,Film-Noir:-1", "decade": "1990", "diversity": "1e-1"}
    assert client.get(URL, query).status_code == 200
    assert ranking.dials == [Dials(genres={"Comedy": 0.5, "Film-Noir": -1.0}, decade=1990, diversity=0.1)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("genres", "Comedy"),
        ("genres", "Cooking:1"),
        ("genres", "Comedy:2"),
        ("genres", "Comedy:nan"),
        ("genres", ""),
        ("discovery", "nan"),
        ("discovery", "2"),
        ("discovery", "0" * 500),
        ("diversity", "-1"),
        ("decade", "1985"),
        ("explain", "yes"),
    ],
)
def test_a_dial_that_does_not_fit_is_named(client, ranking, db, name, value):
    response = client.get(URL, {"user": "1", name: value})
    assert response.status_code == 400
    assert [error["field"] for error in problem(response)["errors"]] == [name]


def test_several_people_at_once(client, ranking, films):
    people = [
        {"id": "a", "user": 196, "ratings": [{"movie_id": 1, "stars": 5}]},
        {"age": 30, "hidden": [2]},
    ]
    response = client.post(f"{URL}batch/", {"people": people, "k": 3}, format="json")
    assert response.status_code == 200
    lists = response.json()["lists"]
    assert [told["id"] for told in lists] == ["a", None]
    assert lists[0]["items"][0]["movie_id"] == 50
    assert ranking.asked == [
        (Person(movielens_user=196, ratings=(RatedMovie(1, 5),)), 3),
        (Person(demographics=Demographics(age=30), hidden=frozenset({2})), 3),
    ]


def test_of_several_people_the_wrong_one_is_named(client, ranking, films):
    people = [{"age": 30}, {"ratings": [{"movie_id": 9, "stars": 1}]}]
    response = client.post(f"{URL}batch/", {"people": people}, format="json")
    assert [error["field"] for error in problem(response)["errors"]] == ["people[1].ratings[0].movie_id"]
    ranking.error = UnknownPersonError("There is no person with number 999.")
    response = client.post(f"{URL}batch/", {"people": [{"user": 999}]}, format="json")
    assert response.status_code == 400
    assert problem(response)["errors"][0]["field"] == "people[0].user"


@pytest.mark.parametrize("people", [[], [{}] * 51, None, "x"])
def test_not_nobody_and_not_everybody(client, ranking, films, people):
    response = client.post(f"{URL}batch/", {"people": people}, format="json")
    assert response.status_code == 400
    assert problem(response)["errors"][0]["field"] == "people"


def test_explanations_of_many_people_have_a_bound_together(client, ranking, films):
    body = {"people": [{"user": number} for number in range(1, 51)], "k": 100, "explain": True}
    response = client.post(f"{URL}batch/", body, format="json")
    assert response.status_code == 400
    told = problem(response)
    assert [error["field"] for error in told["errors"]] == ["explain_limit"]
    assert "may have 50000 parts; 10000 is the most" in told["detail"]
    assert not ranking.asked
    without = client.post(f"{URL}batch/", {**body, "explain": False}, format="json")
    assert without.status_code == 200
