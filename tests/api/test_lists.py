"""Lists for whoever asks, for several people, and with dials in the address."""

import json

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


def test_dials_are_written_in_an_address_as_in_a_body(client, ranking, films):
    dials = {"genres": {"Comedy": 0.5, "Film-Noir": -1}, "discovery": 0.25, "decade": 1990, "diversity": 0.1}
    in_address = client.get(URL, {"user": "1", "dials": json.dumps(dials)})
    in_body = client.post(f"{URL}preview/", {"dials": dials}, format="json")
    assert (in_address.status_code, in_body.status_code) == (200, 200)
    expected = Dials(genres={"Comedy": 0.5, "Film-Noir": -1.0}, discovery=0.25, decade=1990, diversity=0.1)
    assert ranking.dials == [expected, expected]
    assert "Deprecation" not in in_address


def test_dials_one_by_one_work_and_are_told_to_go(client, ranking, db):
    answer = client.get(URL, {"user": "1", "discovery": "0.5"})
    assert answer["Deprecation"].startswith("@")
    assert answer["Sunset"].endswith(" GMT")
    assert "Deprecation" not in client.get(URL, {"user": "1"})
    both = client.get(URL, {"user": "1", "discovery": "0.5", "dials": "{}"})
    assert both.status_code == 400
    assert [error["field"] for error in problem(both)["errors"]] == ["discovery"]


@pytest.mark.parametrize(
    ("dials", "field", "said"),
    [
        ("", "dials", "expected a JSON object"),
        ("Comedy:0.5", "dials", "expected a JSON object"),
        ("[]", "dials", "expected a JSON object"),
        ("{" * 3000, "dials", "expected a JSON object"),
        ('{"discovery": NaN}', "dials", "expected a JSON object"),
        ('{"discovery": 2}', "dials.discovery", "discovery is 2; expected a number from -1 to 1."),
        ('{"discovery": "0"}', "dials.discovery", "discovery is '0'"),
        ('{"genres": {"Cooking": 1}}', "dials.genres.Cooking", "is not a genre"),
        ('{"volume": 11}', "dials.volume", "There is no field 'volume'"),
        ('{"decade": 1985}', "dials.decade", "expected the first year of a decade"),
    ],
)
def test_dials_that_do_not_fit_are_named_as_in_a_body(client, ranking, db, dials, field, said):
    response = client.get(URL, {"user": "1", "dials": dials})
    assert response.status_code == 400
    [error] = problem(response)["errors"]
    assert error["field"] == field
    assert said in error["message"]


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


def test_an_id_is_for_one_person(client, ranking, films):
    people = [{"id": "a", "user": 1}, {"id": "b"}, {"id": "a", "age": 30}, {"age": 31}, {"age": 32}]
    response = client.post(f"{URL}batch/", {"people": people}, format="json")
    assert response.status_code == 400
    [error] = problem(response)["errors"]
    assert error["field"] == "people[2].id"
    assert "as that of people[0]" in error["message"]
    assert not ranking.asked


def test_what_the_data_tell_is_not_told_beside_the_number(client, ranking, films):
    people = [
        {"user": 1, "age": 30, "gender": "F"},
        {"user": 2, "age": None, "ratings": [{"movie_id": 1, "stars": 5}]},
    ]
    response = client.post(f"{URL}batch/", {"people": people}, format="json")
    assert response.status_code == 400
    assert [error["field"] for error in problem(response)["errors"]] == ["people[0].age", "people[0].gender"]
    assert client.post(f"{URL}batch/", {"people": people[1:]}, format="json").status_code == 200


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
