"""``GET /api/v1/recommendations/``: a person of the data."""

import pytest

from recommendations.models import MadeList
from recommendations.selectors.lists.person import (
    NoModelError,
    Person,
    RecommendationError,
    SearchUnavailableError,
    UnknownPersonError,
)
from tests.api.problem_checks import problem

URL = "/api/v1/recommendations/"


def test_gives_the_ranked_list(client, ranking):
    response = client.get(URL, {"user": "196", "k": "5"})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "list_id": str(MadeList.objects.get().pk),
        "engine": "elasticsearch",
        "degraded": False,
        "kind": "next",
        "model_version": "v1",
        "profile_weight": 0.25,
        "items": [
            {
                "rank": 1,
                "movie_id": 50,
                "key": "",
                "title": "Star Wars",
                "year": 1977,
                "genres": ["Action", "Sci-Fi"],
                "score": 2.5,
                "predicted_stars": 4.31,
                "match": 93,
                "reason": "Because you like Sci-Fi",
            }
        ],
        "loosen": [],
    }
    assert ranking.asked == [(Person(movielens_user=196), 5)]


def test_ten_films_unless_told_otherwise(client, ranking):
    assert client.get(URL, {"user": "1"}).status_code == 200
    assert ranking.asked[0][1] == 10


@pytest.mark.parametrize("k", ["1", "100"])
def test_takes_the_ends_of_the_range(client, ranking, k):
    assert client.get(URL, {"user": "1", "k": k}).status_code == 200
    assert ranking.asked[0][1] == int(k)


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("user=196&k=0", "k", "k is '0'; expected a whole number from 1 to 100."),
        ("user=196&k=101", "k", "k is '101'; expected a whole number from 1 to 100."),
        ("user=196&k=100000", "k", "from 1 to 100"),
        ("user=196&k=ten", "k", "k is 'ten'"),
        ("user=196&k=1_0", "k", "k is '1_0'"),
        ("user=196&k=1.0", "k", "k is '1.0'"),
        ("user=196&k=%EF%BC%91", "k", "from 1 to 100"),
        ("user=196&k=", "k", "k is ''"),
        ("user=196&k=5&k=6", "k", "'k' is given 2 times"),
        ("user=0", "user", "user is '0'; expected a whole number from 1 to"),
        ("user=-196", "user", "user is '-196'"),
        ("user=" + "9" * 400, "user", "expected a whole number from 1 to"),
        ("user=1%00", "user", r"user is '1\x00'"),
        ("user=%FF%FE", "user", "expected a whole number"),
        ("user='; DROP TABLE x", "user", "expected a whole number"),
        (
            "",
            "user",
            "user is missing; the fields are dials, genres, discovery, decade, diversity, explain, explain_limit, filter, k, kind, user.",
        ),
        (
            "user=196&engine=numpy",
            "engine",
            "There is no field 'engine'; the fields are dials, genres, discovery, decade, diversity, explain, explain_limit, filter, k, kind, user.",
        ),
        ("user=196&format=xml", "format", "There is no field 'format'"),
        ("user=196&%00=1", "\x00", r"There is no field '\x00'"),
    ],
)
def test_names_the_field_and_the_range(client, ranking, query, field, said):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    body = problem(response)
    assert [error["field"] for error in body["errors"]] == [field]
    assert said in body["errors"][0]["message"]
    assert said in body["detail"]
    assert not ranking.asked


def test_tells_every_wrong_field_at_once(client, ranking):
    body = problem(client.get(URL, {"user": "x", "k": "0", "page": "2"}))
    assert {error["field"] for error in body["errors"]} == {"user", "k", "page"}


def test_unknown_person_is_404(client, ranking):
    ranking.error = UnknownPersonError("There is no MovieLens user 944; the numbers go from 1 to 943.")
    response = client.get(URL, {"user": "944"})
    assert response.status_code == 404
    body = problem(response)
    assert body["detail"] == "There is no MovieLens user 944; the numbers go from 1 to 943."
    assert body["errors"] == [{"field": "user", "message": body["detail"]}]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NoModelError(), "no-model"),
        (SearchUnavailableError(), "search-unavailable"),
        (RecommendationError(), "no-recommendations"),
    ],
)
def test_missing_parts_are_503_with_a_time_to_come_back(client, ranking, error, kind):
    ranking.error = error
    response = client.get(URL, {"user": "196"})
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert problem(response)["type"] == f"urn:movierec:problem:{kind}"


def test_unforeseen_error_is_a_500_that_tells_nothing(client, ranking):
    ranking.error = ZeroDivisionError("secret detail")
    response = client.get(URL, {"user": "196"})
    assert response.status_code == 500
    assert "secret" not in str(problem(response))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_405(client, ranking, method):
    response = getattr(client, method)(f"{URL}?user=196")
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    problem(response)


def test_head_answers_without_a_body(client, ranking):
    response = client.head(URL, {"user": "196"})
    assert (response.status_code, response.content) == (200, b"")


def test_only_json_is_given(client, ranking):
    response = client.get(URL, {"user": "196"}, HTTP_ACCEPT="application/xml")
    assert response.status_code == 406
    problem(response)


def test_a_browser_may_open_it(client, ranking):
    response = client.get(URL, {"user": "196"}, HTTP_ACCEPT="text/html,application/xhtml+xml,*/*;q=0.8")
    assert response.status_code == 200
