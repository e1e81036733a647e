"""What an answer says beside its body: how long it may be kept, its state, and how much the client may still ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import User
from recommendations.api import views
from recommendations.models import MadeList, Movie
from recommendations.selectors.lists import recommendations, similar, world
from recommendations.selectors.lists.person import UnknownPersonError
from recommendations.selectors.lists.similar import SimilarFilm
from tests.api.problem_checks import problem

LISTS, SIMILAR, ME = "/api/v1/recommendations/", "/api/v1/films/1/similar/", "/api/v1/recommendations/me/"


@pytest.fixture
def asked(ranking, monkeypatch, db) -> list[int]:
    """Films for which similar ones were looked up."""
    Movie.objects.create(movielens_id=1, title="Star Wars", original_title="Star Wars (1977)")
    looked_up: list[int] = []

    def similar_to(champion: object, *, movie_id: int, k: int) -> tuple[SimilarFilm, ...]:
        looked_up.append(movie_id)
        return (SimilarFilm(2, "The Empire Strikes Back", 1980, ("Action",), 0.3, "Who likes it."),)

    monkeypatch.setattr(similar, "similar_to", similar_to)
    return looked_up


@pytest.mark.parametrize(
    "address", [f"{LISTS}?user=196&k=5", SIMILAR, "/api/v1/films/?q=star", "/api/v1/films/1/"]
)
def test_what_is_the_same_for_everybody_may_be_kept_and_is_not_sent_twice(client, asked, address):
    first = client.get(address)
    assert first.status_code == 200
    assert first["Cache-Control"] == "public, max-age=60"
    assert {"Accept-Language", "Cookie"} <= set(first["Vary"].replace(" ", "").split(","))
    again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], first["Cache-Control"])
    french = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"], HTTP_ACCEPT_LANGUAGE="fr")
    assert french.status_code == 200
    other = client.get(address + ("&" if "?" in address else "?") + "k=7", HTTP_IF_NONE_MATCH=first["ETag"])
    assert other.status_code != 304


def test_an_unchanged_list_is_not_even_made(client, ranking, asked):
    tags = [client.get(address)["ETag"] for address in (f"{LISTS}?user=196", SIMILAR)]
    assert (len(ranking.asked), len(asked)) == (1, 1)
    for address, tag in zip((f"{LISTS}?user=196", SIMILAR), tags, strict=True):
        assert client.get(address, HTTP_IF_NONE_MATCH=f'"other", {tag}').status_code == 304
    assert (len(ranking.asked), len(asked)) == (1, 1)


def test_another_version_of_the_model_is_another_state(client, asked, monkeypatch):
    tags = [client.get(address)["ETag"] for address in (f"{LISTS}?user=196", SIMILAR)]
    monkeypatch.setattr(
        world, "require_champion", lambda: SimpleNamespace(version="v2", state=("v2", 0, 0.0))
    )
    for address, tag in zip((f"{LISTS}?user=196", SIMILAR), tags, strict=True):
        answer = client.get(address, HTTP_IF_NONE_MATCH=tag)
        assert answer.status_code == 200
        assert answer["ETag"] != tag


def test_a_list_made_in_need_is_kept_by_nobody(client, ranking, monkeypatch):
    usual = recommendations.recommendations_for
    monkeypatch.setattr(
        recommendations,
        "recommendations_for",
        lambda look, *, k: replace(usual(look, k=k), degraded=True, engine="numpy"),
    )
    answer = client.get(LISTS, {"user": "196"})
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer


def test_my_list_is_mine_and_its_state_follows_what_it_says(client, ranking, monkeypatch, db):
    client.force_login(User.objects.create_user("ann"))
    first = client.get(ME)
    assert "private" in first["Cache-Control"]
    assert client.get(ME, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    client.force_login(User.objects.create_user("bob"))
    assert client.get(ME, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


@pytest.mark.parametrize("address", [f"{LISTS}?user=196", ME])
def test_a_list_that_the_client_has_is_not_recorded_once_more(client, ranking, db, address):
    client.force_login(User.objects.create_user("ann"))
    first = client.get(address)
    assert client.get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert [str(made.pk) for made in MadeList.objects.all()] == [first.json()["list_id"]]
    again = client.get(address)
    assert again["ETag"] == first["ETag"]
    assert again.json()["list_id"] != first.json()["list_id"]


@pytest.mark.parametrize("address", [f"{LISTS}?user=196", ME])
def test_no_copy_outlives_the_number_of_its_list(client, ranking, db, monkeypatch, address):
    client.force_login(User.objects.create_user("ann"))
    first = client.get(address)
    monkeypatch.setattr(views, "_today", lambda: timezone.now().date() + timedelta(days=1))
    answer = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (answer.status_code, MadeList.objects.count()) == (200, 2)


@pytest.mark.parametrize("address", [f"{LISTS}?user=196", ME])
def test_a_list_that_could_not_be_recorded_is_kept_by_nobody(client, ranking, db, monkeypatch, address):
    client.force_login(User.objects.create_user("ann"))
    monkeypatch.setattr(views, "record_list", lambda ranked, **_told: None)
    answer = client.get(address)
    assert (answer.status_code, answer.json()["list_id"], answer["Cache-Control"]) == (200, None, "no-store")
    assert "ETag" not in answer


def test_my_list_from_another_arm_is_another_state(client, ranking, db, monkeypatch):
    client.force_login(User.objects.create_user("ann"))
    first = client.get(ME)
    usual = recommendations.recommendations_for
    monkeypatch.setattr(
        recommendations,
        "recommendations_for",
        lambda look, *, k: replace(usual(look, k=k), experiment=1, arm="b"),
    )
    assert client.get(ME, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_a_star_does_not_find_what_is_not_there(client, ranking):
    assert client.get(LISTS, {"user": "196"}, HTTP_IF_NONE_MATCH="*").status_code == 200
    ranking.error = UnknownPersonError("There is no person with number 5.")
    assert client.get(LISTS, {"user": "5"}, HTTP_IF_NONE_MATCH="*").status_code == 404


def test_every_answer_tells_the_quota(client, asked, settings):
    settings.API_THROTTLE_RATES = {"any-address": "5/hour", "expensive-address": "2/hour"}
    answers = [
        client.get(LISTS, {"user": "196"}),
        client.get(LISTS, {"user": "196"}, HTTP_IF_NONE_MATCH=client.get(LISTS, {"user": "196"})["ETag"]),
        client.get(LISTS, {"user": "x"}),
        client.get("/api/v1/films/99/"),
        client.get(SIMILAR),
        client.get("/api/v1/me/"),
        client.get(LISTS, {"user": "1"}, HTTP_AUTHORIZATION="Bearer wrong"),
    ]
    assert [answer.status_code for answer in answers] == [200, 304, 400, 404, 429, 401, 401]
    left = [int(answer["RateLimit-Remaining"]) for answer in answers]
    # The second request is the one that asks for the state; who is not let in is not counted.
    assert left == [4, 2, 1, 0, 0, 0, 0]
    for answer in answers:
        assert answer["RateLimit-Limit"] == "5"
        assert 1 <= int(answer["RateLimit-Reset"]) <= 3600
    assert int(answers[4]["Retry-After"]) == int(answers[4]["RateLimit-Reset"])


def test_the_scarcest_of_several_quotas_is_told(client, ranking, settings, db):
    settings.API_THROTTLE_RATES = {"any-address": "50/hour", "expensive-address": "2/hour"}
    answer = client.post(f"{LISTS}preview/", {}, format="json")
    assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("2", "1")
    assert client.get(LISTS, {"user": "1"})["RateLimit-Limit"] == "50"


def test_too_many_passwords_tell_their_quota_as_well(client, settings, db):
    settings.API_THROTTLE_RATES = {"sign-in-address": "1/hour"}
    body = {"username": "ann", "password": "wrong"}
    answers = [client.post("/api/v1/tokens/", body, format="json") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [401, 429]
    assert (answers[1]["RateLimit-Limit"], answers[1]["RateLimit-Remaining"]) == ("1", "0")
    problem(answers[1])


def test_without_a_limit_there_is_no_quota(client, ranking, settings):
    settings.API_THROTTLE_RATES = {}
    assert "RateLimit-Limit" not in client.get(LISTS, {"user": "1"})


PREFLIGHT = {
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT",
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "authorization",
}
PARTNER = "https://partner.example.org"


def test_pages_of_other_sites_are_let_in_by_name(client, ranking, settings):
    settings.CORS_ALLOWED_ORIGINS = [PARTNER]
    asked = client.options("/api/v1/me/ratings/1/", HTTP_ORIGIN=PARTNER, **PREFLIGHT)
    assert asked.status_code == 200
    assert asked["Access-Control-Allow-Origin"] == PARTNER
    assert "PUT" in asked["Access-Control-Allow-Methods"]
    assert {"authorization", "if-match"} <= set(asked["Access-Control-Allow-Headers"].split(", "))
    answer = client.get(LISTS, {"user": "1"}, HTTP_ORIGIN=PARTNER)
    assert answer["Access-Control-Allow-Origin"] == PARTNER
    assert {"ETag", "RateLimit-Remaining", "Retry-After"} <= set(
        answer["Access-Control-Expose-Headers"].split(", ")
    )
    # The cookie of this site is never for them.
    assert "Access-Control-Allow-Credentials" not in answer
    failed = client.get(LISTS, {"user": "0"}, HTTP_ORIGIN=PARTNER)
    assert (failed.status_code, failed["Access-Control-Allow-Origin"]) == (400, PARTNER)


@pytest.mark.parametrize("allowed", [[], [PARTNER]])
def test_others_are_not(client, ranking, settings, db, allowed):
    settings.CORS_ALLOWED_ORIGINS = allowed
    foreign = {"HTTP_ORIGIN": "https://evil.example.org"}
    assert "Access-Control-Allow-Origin" not in client.get(LISTS, {"user": "1"}, **foreign)
    assert "Access-Control-Allow-Origin" not in client.options("/api/v1/me/", **foreign, **PREFLIGHT)
    assert "Access-Control-Allow-Origin" not in client.get("/", HTTP_ORIGIN=PARTNER)
