"""An answer of the API is made from one look, also when the champion changes while it is made."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from recommendations.models import Movie
from recommendations.services.feedback import rate_movie
from tests.selectors.versions import registered, switch_champion_at_every_look

pytestmark = pytest.mark.django_db
LISTS = "/api/v1/recommendations/"


@pytest.fixture(autouse=True)
def _two_versions(settings, tmp_path, monkeypatch):
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path, ""
    registered(tmp_path, 0, "champion")
    registered(tmp_path, 1, "candidate")
    Movie.objects.bulk_create(
        Movie(movielens_id=number, title=f"Film {number}", original_title=str(number))
        for number in range(1, 130)
    )
    switch_champion_at_every_look(monkeypatch)


def of_one_version(listed: dict) -> str:
    """The version of a list whose explanations add up to its scores; another version's would not."""
    assert len(listed["items"]) == 10
    for item in listed["items"]:
        total = sum(part["value"] for part in item["explanation"])
        assert total == pytest.approx(item["score"], abs=1e-4), item["title"]
    return listed["model_version"]


def test_a_list_with_explanations(client):
    asked = [client.get(LISTS, {"user": 21, "explain": "true"}).json() for _ in range(2)]
    assert [of_one_version(listed) for listed in asked] == ["test-60-0", "test-60-1"]


def test_a_preview_with_explanations(client):
    body = {"age": 30, "ratings": [{"movie_id": 5, "stars": 5}], "explain": True}
    assert of_one_version(client.post(f"{LISTS}preview/", body, format="json").json()) == "test-60-0"


def test_every_list_of_a_batch(client):
    body = {"people": [{"user": 21}, {"age": 30}, {"user": 31}], "explain": True}
    answer = client.post(f"{LISTS}batch/", body, format="json").json()
    assert "lists" in answer, answer
    assert [of_one_version(listed) for listed in answer["lists"]] == ["test-60-0"] * 3


def test_the_words_of_the_data_are_asked_for_once_however_many_people_are_in_a_batch(client):
    def asked(people: int) -> int:
        told = {
            "age": 30,
            "gender": "F",
            "occupation": "artist",
            "ratings": [{"movie_id": 5, "stars": 4.5}] * 3,
        }
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(f"{LISTS}batch/", {"people": [told] * people}, format="json")
        assert answer.status_code == 400  # these data have no half stars
        return sum("modelversion" in query["sql"] for query in queries)

    assert asked(1) == asked(20) > 0


def test_my_list_and_my_taste(client):
    ann = User.objects.create_user("ann")
    client.force_authenticate(ann)
    for number in (5, 7, 9):
        rate_movie(user=ann, movie_id=number, stars=4)
    assert of_one_version(client.get(f"{LISTS}me/", {"explain": "true"}).json()) == "test-60-0"
    assert client.get("/api/v1/me/taste/").json()["rating_count"] == 3
