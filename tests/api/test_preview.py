"""``POST /api/v1/recommendations/preview/``: somebody who is not in the data."""

import pytest

from recommendations.api.parsers import MAX_BODY_BYTES
from recommendations.models import Movie
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.selectors.lists.person import Person, RatedMovie
from tests.api.problem_checks import problem

URL = "/api/v1/recommendations/preview/"
JSON = "application/json"


@pytest.fixture(autouse=True)
def catalogue(db):
    for number in (50, 181):
        Movie.objects.create(movielens_id=number, title=f"Film {number}", original_title=f"Film {number}")


def test_everything_reaches_the_ranking(client, ranking):
    body = {
        "age": 30,
        "gender": "F",
        "occupation": "artist",
        "ratings": [{"movie_id": 50, "stars": 4}, {"movie_id": 181, "stars": 1}],
        "k": 3,
    }
    response = client.post(URL, body, format="json")
    assert response.status_code == 200
    assert response.json()["items"][0]["movie_id"] == 50
    person = Person(
        demographics=Demographics(age=30, gender="F", occupation="artist"),
        ratings=(RatedMovie(50, 4), RatedMovie(181, 1)),
    )
    assert ranking.asked == [(person, 3)]


@pytest.mark.parametrize("body", [{}, {"age": None, "gender": None, "occupation": None, "ratings": []}])
def test_every_part_may_be_left_out(client, ranking, body):
    assert client.post(URL, body, format="json").status_code == 200
    assert ranking.asked == [(Person(), 10)]


def test_no_body_at_all_is_nobody_in_particular(client, ranking):
    assert client.post(URL).status_code == 200
    assert ranking.asked == [(Person(), 10)]


def test_of_two_ratings_of_a_film_the_later_counts(client, ranking):
    ratings = [
        {"movie_id": 50, "stars": 1},
        {"movie_id": 181, "stars": 3},
        {"movie_id": 50, "stars": 5},
    ]
    client.post(URL, {"ratings": ratings}, format="json")
    assert ranking.asked[0][0].ratings == (RatedMovie(181, 3), RatedMovie(50, 5))


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"age": 0}, "age", "age is 0; expected a whole number from 5 to 110."),
        ({"age": 200}, "age", "age is 200; expected a whole number from 5 to 110."),
        ({"age": "30"}, "age", "age is '30'"),
        ({"age": 30.0}, "age", "age is 30.0"),
        ({"age": True}, "age", "age is True"),
        ({"age": [30]}, "age", "age is [30]"),
        ({"gender": "X"}, "gender", "gender is 'X'; expected one of F, M."),
        ({"gender": {"a": 1}}, "gender", "expected one of F, M"),
        ({"occupation": "wizard"}, "occupation", "expected one of administrator, artist"),
        ({"occupation": "artist\x00"}, "occupation", r"'artist\x00'"),
        ({"k": 0}, "k", "k is 0; expected a whole number from 1 to 100."),
        ({"k": 100000}, "k", "from 1 to 100"),
        ({"k": None}, "k", "k"),
        ({"ratings": {}}, "ratings", "ratings: "),
        ({"ratings": [{"movie_id": 1}] * 2001}, "ratings", "2000"),
        ({"ratings": [7]}, "ratings[0]", "Expected a JSON object, got 7."),
        ({"ratings": [{"movie_id": 50}]}, "ratings[0].stars", "stars is missing"),
        (
            {"ratings": [{"movie_id": 50, "stars": 3}, {"movie_id": 50, "stars": 6}]},
            "ratings[1].stars",
            "stars is 6; expected a whole number from 1 to 5.",
        ),
        (
            {"ratings": [{"movie_id": 50, "stars": 3, "when": "now"}]},
            "ratings[0].when",
            "the fields are movie_id, stars",
        ),
        (
            {"ratings": [{"movie_id": 50, "stars": 3}, {"movie_id": 9999, "stars": 3}]},
            "ratings[1].movie_id",
            "movie_id is 9999; no film of the catalogue has this number.",
        ),
        ({"hidden": 5}, "hidden", "hidden: "),
        ({"hidden": [0]}, "hidden[0]", "0"),
        ({"explain": "yes"}, "explain", "explain is 'yes'; expected true or false."),
        ({"explain": 1}, "explain", "expected true or false"),
        ({"dials": []}, "dials", "Expected a JSON object"),
        (
            {"dials": {"diversity": 1.1}},
            "dials.diversity",
            "diversity is 1.1; expected a number from 0 to 1.",
        ),
        ({"dials": {"diversity": -0.1}}, "dials.diversity", "from 0 to 1"),
        ({"dials": {"discovery": 2}}, "dials.discovery", "discovery is 2; expected a number from -1 to 1."),
        ({"dials": {"discovery": True}}, "dials.discovery", "discovery is True"),
        ({"dials": {"discovery": "0"}}, "dials.discovery", "discovery is '0'"),
        ({"dials": {"decade": 1985}}, "dials.decade", "decade is 1985; expected the first year of a decade"),
        ({"dials": {"decade": 1700}}, "dials.decade", "from 1880 to 2090"),
        ({"dials": {"genres": 3}}, "dials.genres", 'expected an object such as {"Comedy": 0.5}'),
        (
            {"dials": {"genres": {"Comedy": 2}}},
            "dials.genres.Comedy",
            "Comedy is 2; expected a number from -1 to 1",
        ),
        (
            {"dials": {"genres": {"Cooking": 1}}},
            "dials.genres.Cooking",
            "'Cooking' is not a genre; expected one of",
        ),
        ({"dials": {"volume": 11}}, "dials.volume", "the fields are genres, discovery, decade, diversity."),
        (
            {"name": "Eve"},
            "name",
            "the fields are age, gender, occupation, ratings, hidden, seen, less_like, dials, filter, explain, explain_limit, k, kind.",
        ),
    ],
)
def test_names_the_field_and_what_is_allowed(client, ranking, body, field, said):
    response = client.post(URL, body, format="json")
    assert response.status_code == 400
    told = problem(response)
    assert [error["field"] for error in told["errors"]] == [field]
    assert said in told["detail"]
    assert not ranking.asked


def test_a_rating_of_any_film_passes_while_there_is_no_catalogue(client, ranking):
    Movie.objects.all().delete()
    assert client.post(URL, {"ratings": [{"movie_id": 9, "stars": 3}]}, format="json").status_code == 200


def test_a_flood_of_errors_is_cut(client, ranking):
    told = problem(client.post(URL, {"ratings": [{}] * 500}, format="json"))
    assert len(told["errors"]) == 20
    assert "not listed: 980" in told["detail"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"age": 30', "not valid JSON at line 1"),
        (b'{"age": NaN}', "NaN"),
        (b'{"age": 30, "age": 31}', "same name twice"),
        (b'{"gender": "\xff"}', "not valid UTF-8 at byte 12"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"ratings":' * 50_000, "nested too deeply"),
        (b'{"age": ' + b"9" * 5000 + b"}", "too long"),
        (b"\x00", "not valid JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'"age"', "not a JSON object"),
    ],
)
def test_bodies_that_are_no_json_object(client, ranking, raw, said):
    response = client.post(URL, raw, content_type=JSON)
    assert response.status_code == 400
    assert said in problem(response)["detail"]


def test_a_huge_number_is_out_of_range(client, ranking):
    response = client.post(URL, b'{"age": 1e999}', content_type=JSON)
    assert response.status_code == 400
    assert problem(response)["errors"][0]["field"] == "age"


@pytest.mark.parametrize("raw", [b'{"dials": {"discovery": 1e999}}', b'{"dials": {"discovery": -1e999}}'])
def test_an_infinite_dial_is_out_of_range(client, ranking, raw):
    response = client.post(URL, raw, content_type=JSON)
    assert response.status_code == 400
    assert problem(response)["errors"][0]["field"] == "dials.discovery"


def test_a_dial_that_is_not_a_number_is_refused(client, ranking):
    response = client.post(URL, b'{"dials": {"discovery": NaN}}', content_type=JSON)
    assert response.status_code == 400
    assert "NaN" in problem(response)["detail"]


def test_dials_and_hidden_films_reach_the_ranking(client, ranking):
    dials = {"genres": {"Comedy": 0.5, "War": -1}, "discovery": 0, "decade": 1990, "diversity": 0.25}
    response = client.post(URL, {"dials": dials, "hidden": [50, 7, 7]}, format="json")
    assert response.status_code == 200
    assert ranking.asked == [(Person(hidden=frozenset({7, 50})), 10)]
    assert ranking.dials == [Dials({"Comedy": 0.5, "War": -1.0}, 0.0, 1990, 0.25)]
    assert "explanation" not in response.json()["items"][0]


@pytest.mark.parametrize("dials", [{}, {"genres": {}}, {"decade": None, "diversity": 0}])
def test_dials_that_are_not_turned_are_neutral(client, ranking, dials):
    assert client.post(URL, {"dials": dials}, format="json").status_code == 200
    assert ranking.dials[0].is_neutral


def test_a_long_body_is_413(client, ranking):
    response = client.post(URL, b" " * (MAX_BODY_BYTES + 1), content_type=JSON)
    assert response.status_code == 413
    problem(response)


def test_a_body_in_chunks_is_not_taken_for_an_empty_one(client, ranking):
    response = client.post(URL, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert response.status_code == 411
    problem(response)
    assert not ranking.asked


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/xml", "application/json; charset=zlib"],
)
def test_other_content_types_are_415(client, ranking, content_type):
    response = client.post(URL, b"age=30", content_type=content_type)
    assert response.status_code == 415
    problem(response)


def test_query_parameters_belong_into_the_body(client, ranking):
    response = client.post(f"{URL}?k=5", {}, format="json")
    assert response.status_code == 400
    assert problem(response)["errors"][0]["field"] == "k"


def test_reading_it_is_405(client):
    response = client.get(URL)
    assert response.status_code == 405
    problem(response)
