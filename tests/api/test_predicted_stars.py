"""Predicted stars, match and kinds of list in the API."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from recommendations.models import Movie
from recommendations.ranking.blocks.stars import Stars
from recommendations.selectors.lists import champion
from recommendations.services.feedback import rate_movie
from tests.api.problem_checks import problem
from tests.ranking.factories import make_artefact, without_block
from tests.selectors.versions import registered

pytestmark = pytest.mark.django_db
LISTS = "/api/v1/recommendations"
RATED = [{"movie_id": 5, "stars": 5}, {"movie_id": 7, "stars": 2}]


@pytest.fixture
def home(settings, tmp_path):
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path, ""
    registered(tmp_path, 0, "champion")
    Movie.objects.bulk_create(
        Movie(movielens_id=number, title=f"Film {number}", original_title=str(number))
        for number in make_artefact().movie_ids.tolist()
    )


@pytest.fixture
def ann(client, home) -> User:
    user = User.objects.create_user("ann", password="x")
    client.force_authenticate(user)
    rate_movie(user=user, movie_id=5, stars=5)
    return user


def items(answer) -> list[dict]:
    assert answer.status_code == 200, answer.json()
    return answer.json()["items"]


def ask(client: APIClient, way: str, **told) -> list[dict]:
    if way == "preview":
        return items(client.post(f"{LISTS}/preview/", {"ratings": RATED, **told}, format="json"))
    if way == "batch":
        body = {"people": [{"ratings": RATED}], **told}
        [found] = client.post(f"{LISTS}/batch/", body, format="json").json()["lists"]
        return found["items"]
    return items(client.get(f"{LISTS}/", {"user": 21, **told}))


@pytest.mark.parametrize("way", ["preview", "batch", "known"])
def test_every_film_has_stars_and_a_match_beside_its_score(client, home, way):
    found = ask(client, way)
    assert len(found) == 10
    for item in found:
        assert 1 <= item["predicted_stars"] <= 5
        assert type(item["match"]) is int
        assert 0 <= item["match"] <= 100
        assert isinstance(item["score"], float)


@pytest.mark.parametrize("way", ["preview", "batch", "known"])
def test_the_kind_of_list_is_a_parameter(client, home, way):
    liked = [item["predicted_stars"] for item in ask(client, way, kind="like")]
    assert liked == sorted(liked, reverse=True)
    usual, named = ask(client, way), ask(client, way, kind="next")
    assert usual == named
    assert [item["movie_id"] for item in ask(client, way, kind="bold")] != [
        item["movie_id"] for item in usual
    ]


def test_a_kind_that_is_none_is_named(client, home):
    found = problem(client.get(f"{LISTS}/", {"user": 21, "kind": "best"}))
    assert found["errors"][0]["field"] == "kind"
    assert "expected one of like, next, bold" in found["detail"]


def test_the_answer_says_which_kind_it_is(client, home):
    assert client.get(f"{LISTS}/", {"user": 21, "kind": "bold"}).json()["kind"] == "bold"


def test_who_hides_predictions_gets_null(client, ann):
    assert items(client.get(f"{LISTS}/me/"))[0]["predicted_stars"] is not None
    changed = client.patch("/api/v1/me/", {"hides_predicted_stars": True, "list_kind": "bold"}, format="json")
    assert (changed.json()["hides_predicted_stars"], changed.json()["list_kind"]) == (True, "bold")
    hidden = items(client.get(f"{LISTS}/me/"))
    assert {(item["predicted_stars"], item["match"]) for item in hidden} == {(None, None)}
    # What is left out stays.
    assert client.patch("/api/v1/me/", {"age": 30}, format="json").json()["hides_predicted_stars"] is True


def test_a_version_from_before_gives_null_and_the_usual_list(client, home, monkeypatch):
    older = champion.current_champion()
    older = champion.Champion(
        older.version, older.index_label, without_block(older.artefact, Stars), older.people
    )
    monkeypatch.setattr("recommendations.selectors.lists.world.current_champion", lambda: older)
    answer = client.get(f"{LISTS}/", {"user": 21, "kind": "like"})
    assert answer.json()["kind"] == "next"
    assert {(item["predicted_stars"], item["match"]) for item in items(answer)} == {(None, None)}
