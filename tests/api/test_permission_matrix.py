"""Who may call what: every operation of the API, as the URL configuration lists them, for six kinds of people.

A new route without a row here fails the test.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import URLPattern, reverse
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from accounts.roles import ADMIN, OPERATOR, VIEWER, may_operate
from recommendations.api.urls import v1_patterns
from recommendations.models import Job, Movie
from recommendations.services.account.tokens import create_token
from tests.actors import ACTORS, ALLOWED, OPEN, OPERATE, OWN, SEE, SIGNED_IN, make_people
from tests.api.problem_checks import problem

MATRIX: dict[tuple[str, str], str] = {
    ("recommendations", "GET"): OPEN,
    ("my_recommendations", "GET"): SIGNED_IN,
    ("preview", "POST"): OPEN,
    ("batch", "POST"): OPEN,
    ("films", "GET"): OPEN,
    ("suggest", "GET"): OPEN,
    ("described", "GET"): OPEN,
    ("film", "GET"): OPEN,
    ("similar", "GET"): OPEN,
    ("me", "GET"): SIGNED_IN,
    ("me", "PATCH"): SIGNED_IN,
    ("my_taste", "GET"): SIGNED_IN,
    ("my_ratings", "GET"): SIGNED_IN,
    ("my_ratings", "POST"): SIGNED_IN,
    ("my_rating", "GET"): SIGNED_IN,
    ("my_rating", "PUT"): SIGNED_IN,
    ("my_rating", "DELETE"): SIGNED_IN,
    ("my_watchlist", "GET"): SIGNED_IN,
    ("my_watchlist_item", "PUT"): SIGNED_IN,
    ("my_watchlist_item", "DELETE"): SIGNED_IN,
    ("my_hidden", "GET"): SIGNED_IN,
    ("my_hidden_item", "PUT"): SIGNED_IN,
    ("my_hidden_item", "DELETE"): SIGNED_IN,
    ("my_seen", "GET"): SIGNED_IN,
    ("my_seen_item", "PUT"): SIGNED_IN,
    ("my_seen_item", "DELETE"): SIGNED_IN,
    ("my_unwanted", "GET"): SIGNED_IN,
    ("my_unwanted_item", "PUT"): SIGNED_IN,
    ("my_unwanted_item", "DELETE"): SIGNED_IN,
    ("my_paused", "GET"): SIGNED_IN,
    ("my_paused_item", "PUT"): SIGNED_IN,
    ("my_paused_item", "DELETE"): SIGNED_IN,
    ("import_preview", "POST"): SIGNED_IN,
    ("import", "POST"): SIGNED_IN,
    ("export", "GET"): SIGNED_IN,
    ("delete_me", "POST"): SIGNED_IN,
    ("accounts", "POST"): OPEN,
    ("account", "GET"): OWN,
    ("events", "POST"): OPEN,
    ("person", "GET"): OPERATE,
    ("person", "PUT"): OPERATE,
    ("person", "DELETE"): OPERATE,
    ("persons_list", "GET"): OPERATE,
    ("persons_list", "POST"): OPERATE,
    ("bulk_people", "POST"): OPERATE,
    ("bulk_ratings", "POST"): OPERATE,
    ("list_batches", "POST"): OPERATE,
    ("list_batch", "GET"): OPERATE,
    ("list_batch", "DELETE"): OPERATE,
    ("list_batch_lines", "GET"): OPERATE,
    ("tokens", "GET"): SIGNED_IN,
    ("tokens", "POST"): OPEN,
    ("token", "DELETE"): SIGNED_IN,
    ("jobs", "GET"): SEE,
    ("jobs", "POST"): OPERATE,
    ("job", "GET"): SEE,
    ("job_log", "GET"): SEE,
    ("cancel_job", "POST"): OPERATE,
    ("retry_job", "POST"): OPERATE,
    ("schedules", "GET"): OPERATE,
    ("schedule", "GET"): OPERATE,
    ("schedule", "PATCH"): OPERATE,
    ("models", "GET"): SEE,
    ("compare_models", "GET"): SEE,
    ("roll_back", "POST"): OPERATE,
    ("model", "GET"): SEE,
    ("promote", "POST"): OPERATE,
    ("new_films", "GET"): SEE,
    ("new_films", "PUT"): OPERATE,
    ("new_film", "GET"): SEE,
    ("new_film", "PUT"): OPERATE,
    ("new_film", "DELETE"): OPERATE,
    ("exposure", "GET"): SEE,
    ("exposure", "PUT"): OPERATE,
    ("indices", "GET"): SEE,
    ("model_card", "GET"): OPEN,
    ("schema", "GET"): OPEN,
    ("docs", "GET"): OPEN,
    ("redoc", "GET"): OPEN,
}
SCOPES = tuple(ApiToken.Scope.values)
FOR_OTHER_SITES = (
    "person",
    "persons_list",
    "bulk_people",
    "bulk_ratings",
    "list_batches",
    "list_batch",
    "list_batch_lines",
)
# They change nothing.
READING_POSTS = ("persons_list", "list_batches")


def methods_of(pattern: URLPattern) -> list[str]:
    """The methods that the view of a route answers, without HEAD."""
    view = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
    if view is None:  # wrapped by a decorator
        return ["GET"]
    return [
        method.upper()
        for method in view.http_method_names
        if method != "head" and method != "options" and hasattr(view, method)
    ]


def routes() -> list[tuple[str, str]]:
    return [(pattern.name, method) for pattern in v1_patterns for method in methods_of(pattern)]


def test_every_route_is_in_the_matrix():
    assert sorted(routes()) == sorted(MATRIX)


@pytest.fixture
def world(db):
    """The people, and a film."""
    Movie.objects.create(movielens_id=1, title="Film", original_title="Film")
    return make_people()


def token_of(user: User, *scopes: str) -> str:
    """With these scopes, or every one; speaking for another site's people only where the account may."""
    own = [scope for scope in SCOPES if may_operate(user) or not scope.startswith("people:")]
    return create_token(user=user, name="t", scopes=scopes or own, lifetime=timedelta(days=1))[1]


def address(name: str, people: dict[str, User]) -> str:
    """The route for the object that belongs to ``user``, or one that does not exist."""
    arguments = {
        "film": [1],
        "similar": [1],
        "my_rating": [1],
        "my_watchlist_item": [1],
        "my_hidden_item": [1],
        **dict.fromkeys((f"my_{kind}_item" for kind in ("seen", "unwanted", "paused")), [1]),
        "account": [people["user"].pk],
        "person": ["customer-7"],
        "persons_list": ["customer-7"],
        "list_batch": [uuid.uuid4()],
        "list_batch_lines": [uuid.uuid4()],
        "token": [uuid.uuid4()],
        "schedule": [10**6],
        "new_film": ["snow-2026"],
        "model": ["none"],
        "promote": ["none"],
    }
    if name in ("job", "job_log", "cancel_job", "retry_job"):
        return reverse(f"api:{name}", args=[Job.objects.get_or_create(kind="train", state="lost")[0].pk])
    return reverse(f"api:{name}", args=arguments.get(name, []))


def ask(method: str, path: str, token: str | None = None):
    client = APIClient(raise_request_exception=False)
    if token:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client.generic(method, path, b"{}", content_type="application/json")


@pytest.mark.parametrize(("name", "method"), sorted(MATRIX))
def test_who_may(world, name, method, monkeypatch):
    monkeypatch.setattr("recommendations.services.jobs.requests.send_job", lambda *, job: None)
    level = MATRIX[name, method]
    path = address(name, world)
    for actor in ACTORS:
        token = None if actor == "anonymous" else token_of(world[actor])
        response = ask(method, path, token)
        told = f"{actor}: {response.status_code} {response.content[:200]!r}"
        if (name, method) == ("tokens", "POST"):
            assert response.status_code == 400, told  # a password is what it takes
        elif actor in ALLOWED[level]:
            assert response.status_code not in (401, 403), told
            assert response.status_code < 500 or response.status_code == 503, told
        elif actor == "anonymous":
            assert response.status_code == 401, told
            problem(response)
        else:
            # What belongs to somebody else is as if it did not exist.
            assert response.status_code == (404 if level == OWN else 403), told
            problem(response)


@pytest.mark.parametrize(("name", "method"), sorted(key for key, level in MATRIX.items() if level != OPEN))
def test_a_token_opens_no_more_than_its_scopes(world, name, method, monkeypatch):
    monkeypatch.setattr("recommendations.services.jobs.requests.send_job", lambda *, job: None)
    level = MATRIX[name, method]
    needed = "operate" if level in (SEE, OPERATE) else "read" if method == "GET" else "write"
    if name in FOR_OTHER_SITES:
        needed = "people:read" if method == "GET" or name in READING_POSTS else "people:write"
    path = address(name, world)
    for scope in SCOPES:
        response = ask(method, path, token_of(world[ADMIN], scope))
        assert (response.status_code != 403) == (scope == needed), (scope, response.status_code)


@pytest.mark.parametrize(
    ("name", "method"), sorted(key for key, level in MATRIX.items() if level != OPEN and key[1] != "GET")
)
def test_a_session_alone_changes_nothing(world, name, method):
    """Another site's page may send a request with the cookies, but not with the CSRF token."""
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(world[ADMIN], backend="accounts.backends.NameOrEmailBackend")
    response = browser.generic(method, address(name, world), b"{}", content_type="application/json")
    assert response.status_code == 403
    problem(response)


def test_a_token_of_somebody_is_not_revoked_by_others(world):
    create_token(user=world["user"], name="mine", scopes=SCOPES, lifetime=timedelta(days=1))
    reference = ApiToken.objects.get(name="mine").reference
    path = reverse("api:token", args=[reference])
    for actor in ("other", VIEWER, OPERATOR, ADMIN):
        assert ask("DELETE", path, token_of(world[actor])).status_code == 404
    assert ask("DELETE", path, token_of(world["user"])).status_code == 204
