"""``POST /recommend_session`` for clients that ask for JSON."""

import json

import pytest
from django.test import Client

from recommendations.ranking.demographics import Demographics
from recommendations.selectors.lists.person import NoModelError, Person, SearchUnavailableError

pytestmark = pytest.mark.django_db
JSON = "application/json"


def post(client, body, **headers):
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post("/recommend_session", text, content_type=JSON, **headers)


def test_json_body_gets_the_list_and_is_remembered(client, engine):
    response = post(client, {"user": 2, "k": 2})
    assert response.status_code == 200
    answer = response.json()
    assert [film["title"] for film in answer["items"]] == ["Star Wars", "unknown"]
    assert answer["items"][0] == {
        "rank": 1, "movie_id": 50, "key": "", "title": "Star Wars", "year": 1977, "genres": ["Action", "Sci-Fi"],
        "score": 4.0, "reason": "Because you rated <b>Fargo</b> highly.", "predicted_stars": None, "match": None,
    }  # fmt: skip
    assert (answer["for"], answer["profile_weight"]) == ("MovieLens user 2", 0.125)
    assert client.get("/results").status_code == 200


def test_form_that_prefers_json_gets_json_and_a_browser_gets_html(client, engine):
    fields = {"age": "30", "occupation": "artist"}
    assert client.post("/recommend_session", fields, HTTP_ACCEPT=JSON).json()["items"]
    assert engine.asked == [(Person(demographics=Demographics(age=30, occupation="artist")), 10)]
    for accept in ("text/html,application/xhtml+xml,application/json;q=0.1,*/*;q=0.8", "*/*"):
        assert client.post("/recommend_session", fields, HTTP_ACCEPT=accept).status_code == 303


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({"user": 999999}, 404, ["user"]),
        ({"user": "abc"}, 400, ["user"]),
        ({"user": 0}, 400, ["user"]),
        ({"user": [2]}, 400, ["user"]),
        ({"user": True}, 400, ["user"]),
        ({"user": 2, "age": 30}, 400, ["age"]),
        ({"user": 2, "gender": "F", "occupation": "artist"}, 400, ["gender", "occupation"]),
        ({"age": 0, "occupation": "wizard"}, 400, ["age", "occupation"]),
        ({"age": 30.5}, 400, ["age"]),
        ({"gender": {"a": 1}}, 400, ["gender"]),
        ({"age": 30, "k": 0}, 400, ["k"]),
        ({"age": 30, "k": 100000}, 400, ["k"]),
        ("[1]", 400, []),
        ("{", 400, []),
        ("[" * 200_000, 400, []),
        ("\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), 400, []),
    ],
)
def test_bad_input_is_a_problem_with_field_names(client, engine, body, status, fields):
    response = post(client, body)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:movierec:problem:")
    assert [error["field"] for error in problem["errors"]] == fields
    assert problem["detail"]
    assert "person" not in client.session


@pytest.mark.parametrize("error", [NoModelError("x"), SearchUnavailableError("x")])
def test_missing_engine_is_503(client, engine, error):
    engine.error = error
    response = post(client, {"age": 30})
    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")


def test_problem_speaks_french(client, engine):
    detail = post(client, {"age": 200}, HTTP_ACCEPT_LANGUAGE="fr").json()["detail"]
    assert detail.startswith("Âge\N{NO-BREAK SPACE}: 200 est trop grand.")


def test_token_is_needed_only_where_another_site_could_ride_on_a_session(engine):
    strict = Client(enforce_csrf_checks=True)
    fields = {"user": "2"}
    assert strict.post("/recommend_session", fields, HTTP_ACCEPT=JSON).status_code == 200  # no cookies yet
    refused = strict.post("/recommend_session", fields, HTTP_ACCEPT=JSON)
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert post(strict, fields).status_code == 200
    assert post(strict, fields, HTTP_ORIGIN="http://testserver").status_code == 200
    assert post(strict, fields, HTTP_ORIGIN="https://evil.example").status_code == 403
    strict.get("/")
    token = strict.cookies["csrftoken"].value
    allowed = strict.post("/recommend_session", fields, HTTP_ACCEPT=JSON, HTTP_X_CSRFTOKEN=token)
    assert allowed.status_code == 200
