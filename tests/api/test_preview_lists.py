"""``POST /api/v1/recommendations/preview/`` on the model that the real pipeline has trained."""

from __future__ import annotations

import pytest

from tests.trained_home import TrainedHome, first_run, trained

__all__ = ["first_run", "trained"]
pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]
URL = "/api/v1/recommendations/preview/"
BODY = {
    "age": 22,
    "gender": "M",
    "ratings": [{"movie_id": 3, "stars": 5}, {"movie_id": 8, "stars": 1}],
    "dials": {"genres": {"War": 0.5, "Comedy": -0.25}, "discovery": 0.1, "decade": 1990, "diversity": 0.3},
    "hidden": [5, 6],
    "k": 10,
}


def ask(client, body: dict, **headers) -> dict:
    response = client.post(URL, body, format="json", **headers)
    assert response.status_code == 200, response.content
    return response.json()


def test_explanations_come_with_each_film_and_add_up(client, trained: TrainedHome):
    found = ask(client, {**BODY, "explain": True})
    assert (found["engine"], found["degraded"], len(found["items"])) == ("elasticsearch", False, 10)
    for item in found["items"]:
        total = sum(part["value"] for part in item["explanation"])
        assert total == pytest.approx(item["score"], rel=1e-4, abs=2e-5)
        rated = {part["movie_id"] for part in item["explanation"] if part["kind"] == "rating"}
        assert rated == {3, 8}
        assert item["movie_id"] not in {3, 5, 6, 8}
    without = ask(client, BODY)
    assert "explanation" not in without["items"][0]
    assert [item["movie_id"] for item in without["items"]] == [item["movie_id"] for item in found["items"]]
    in_french = ask(client, {**BODY, "explain": True}, HTTP_ACCEPT_LANGUAGE="fr")
    assert "Votre profil" in {part["label"] for part in in_french["items"][0]["explanation"]}


def test_an_explanation_names_the_strongest_parts_and_one_remainder(client, trained: TrainedHome):
    ratings = [{"movie_id": number, "stars": 1 + number % 5} for number in range(1, 61)]
    body = {"ratings": ratings, "explain": True}
    for sent, most in ((body, 10), ({**body, "explain_limit": 3}, 3), ({**body, "explain_limit": 100}, 100)):
        for item in ask(client, sent)["items"]:
            parts = item["explanation"]
            named = [part for part in parts if part["kind"] != "rest"]
            assert len(named) <= most
            assert [part["kind"] for part in parts[len(named) :]] == (["rest"] if most < 60 else [])
            assert sum(part["value"] for part in parts) == pytest.approx(item["score"], rel=1e-4, abs=2e-5)
            if most == 3:
                assert parts[-1]["label"].endswith("smaller parts together")


def test_while_elasticsearch_is_away_the_same_list_comes_degraded(client, trained: TrainedHome, settings):
    before = ask(client, {**BODY, "dials": {}})
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    during = ask(client, {**BODY, "dials": {}})
    assert (during["engine"], during["degraded"]) == ("numpy", True)
    assert [item["movie_id"] for item in during["items"]] == [item["movie_id"] for item in before["items"]]


def test_all_films_rated_is_an_empty_list(client, trained: TrainedHome):
    ratings = [{"movie_id": number, "stars": 1} for number in range(1, 81)]
    assert ask(client, {"ratings": ratings, "explain": True})["items"] == []
