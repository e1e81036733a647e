"""Tokens over the API: made with a password, kept hashed, narrow, expiring and revocable."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from recommendations.services.account.tokens import MOST_TOKENS, create_token
from tests.api.problem_checks import problem

URL = "/api/v1/tokens/"
PASSWORD = "correct horse battery"


@pytest.fixture
def ann(db):
    return User.objects.create_user("ann", password=PASSWORD)


def make(user, *scopes, days=1):
    token, text = create_token(user=user, name="t", scopes=scopes or ("read",), lifetime=timedelta(days=days))
    return token, {"HTTP_AUTHORIZATION": f"Bearer {text}"}


def test_a_password_becomes_a_token_that_works(client, ann):
    body = {
        "username": "ann",
        "password": PASSWORD,
        "name": "my script",
        "scopes": ["write", "read"],
        "days": 2,
    }
    response = client.post(URL, body, format="json")
    assert response.status_code == 201
    made = response.json()
    assert made["scopes"] == ["read", "write"]
    kept = ApiToken.objects.get()
    assert made["token"] not in (kept.digest, kept.token_key)
    assert timedelta(days=1) < kept.expiry - timezone.now() <= timedelta(days=2)
    listed = client.get(URL, HTTP_AUTHORIZATION=f"Bearer {made['token']}")
    assert [token["reference"] for token in listed.json()["items"]] == [made["reference"]]
    assert "token" not in listed.json()["items"][0]
    assert "private" in listed["Cache-Control"]


def test_a_wrong_password_is_not_told_apart_from_an_unknown_name(client, ann):
    bodies = [{"username": name, "password": "wrong", "name": "x"} for name in ("ann", "nobody")]
    answers = [client.post(URL, body, format="json") for body in bodies]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert problem(answers[0]) == problem(answers[1])


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ({"scopes": ["root"]}, "scopes[0]"),
        ({"scopes": []}, "scopes"),
        ({"scopes": "read"}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 366}, "days"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": 5}, "name"),
        ({"password": ["x"]}, "password"),
        ({"password": "p\x00"}, "password"),
        ({"username": "x" * 151}, "username"),
    ],
)
def test_names_the_field_and_never_quotes_the_password(client, ann, part, field):
    body = {"username": "ann", "password": PASSWORD, "name": "x", **part}
    response = client.post(URL, json.dumps(body), content_type="application/json")
    assert response.status_code == 400
    told = problem(response)
    assert [error["field"] for error in told["errors"]] == [field]
    assert PASSWORD not in response.content.decode()


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer x",
        "Bearer mrec_" + "0" * 63,
        "Bearer mrec_" + "0" * 64,
        "Bearer mrec_" + "0" * 64 + " x",
        "Token mrec_" + "0" * 64,
        "Basic YTpi",
        "Bearer \xff\xfe",
        "Bearer mrec_\x00" + "0" * 63,
        "Bearer " + "é" * 5000,
    ],
)
@pytest.mark.parametrize("path", [URL, "/api/v1/recommendations/?user=196"])
def test_a_header_that_is_no_token_is_401(client, db, path, header):
    response = client.get(path, HTTP_AUTHORIZATION=header)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    problem(response)


def test_an_expired_token_is_401_and_gone(client, ann):
    token, header = make(ann)
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert client.get(URL, **header).status_code == 401
    assert not ApiToken.objects.exists()


def test_a_token_of_somebody_inactive_is_401(client, ann):
    _token, header = make(ann)
    User.objects.update(is_active=False)
    assert client.get(URL, **header).status_code == 401


def test_revoking_ends_it_at_once(client, ann):
    token, header = make(ann, "read", "write")
    assert client.delete(f"{URL}{token.reference}/", **header).status_code == 204
    assert client.get(URL, **header).status_code == 401


def test_a_token_may_only_read_if_it_says_so(client, ann):
    token, header = make(ann, "read")
    refused = client.delete(f"{URL}{token.reference}/", **header)
    assert refused.status_code == 403
    assert "write" in problem(refused)["detail"]
    _token, writing = make(ann, "write")
    assert client.get(URL, **writing).status_code == 403


def test_nobody_revokes_a_token_of_somebody_else(client, ann):
    token, _header = make(ann)
    _own, header = make(User.objects.create_user("bob"), "read", "write")
    response = client.delete(f"{URL}{token.reference}/", **header)
    assert response.status_code == 404
    problem(response)
    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_a_session_needs_its_csrf_token(ann):
    token, _header = make(ann)
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(ann)
    assert browser.get(URL).status_code == 200
    refused = browser.delete(f"{URL}{token.reference}/")
    assert refused.status_code == 403
    problem(refused)


def test_nobody_has_tokens_without_end(client, ann):
    for _number in range(MOST_TOKENS):
        make(ann)
    response = client.post(URL, {"username": "ann", "password": PASSWORD, "name": "one more"}, format="json")
    assert response.status_code == 409
    assert problem(response)["type"].endswith("conflict")


def test_guessing_is_slowed_down(client, ann, settings):
    cache.clear()
    settings.API_THROTTLE_RATES = {"sign-in-address": "2/hour", "any-address": "3/hour"}
    body = {"username": "ann", "password": "wrong", "name": "x"}
    answers = [client.post(URL, body, format="json") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 3600
    problem(answers[2])
    other = client.post(URL, body, format="json", REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR="1.1.1.1")
    assert other.status_code == 401
    cache.clear()


@pytest.mark.parametrize(
    ("role", "status"), [(None, 400), ("viewer", 400), ("operator", 201), ("admin", 201)]
)
def test_the_scope_operate_is_for_operators(client, ann, role, status):
    if role:
        ann.groups.add(Group.objects.get(name=role))
    body = {"username": "ann", "password": PASSWORD, "name": "x", "scopes": ["read", "operate"]}
    answer = client.post(URL, body, format="json")
    assert answer.status_code == status
    if status == 400:
        assert [error["field"] for error in problem(answer)["errors"]] == ["scopes"]
    browser = Client()
    browser.force_login(ann)
    assert ('value="operate"' in browser.get("/account/api-access/").content.decode()) == (status == 201)
    form = {"name": "page", "scopes": ["operate"], "days": "7"}
    browser.post("/account/api-access/", form)
    assert ApiToken.objects.filter(name="page").exists() == (status == 201)


def test_a_viewer_looks_with_the_scope_read_and_an_operator_does_not(client, ann):
    _token, header = make(ann, "read")
    ann.groups.add(Group.objects.get(name="viewer"))
    assert client.get("/api/v1/jobs/", **header).status_code == 200
    assert client.post("/api/v1/jobs/", {"kind": "train"}, format="json", **header).status_code == 403
    ann.groups.add(Group.objects.get(name="operator"))
    assert client.get("/api/v1/jobs/", **header).status_code == 403
