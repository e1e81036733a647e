"""Who may open and press what, outside the API: every named route of the URL configuration, for six kinds of people.

A new route without a row in :mod:`tests.page_matrix` fails the test. (``tests/api/test_permission_matrix.py`` is the
same for the API.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from accounts.models import User
from recommendations.models import (
    Experiment,
    Genre,
    HiddenMovie,
    HouseRule,
    HouseTag,
    Job,
    ModelVersion,
    Movie,
    NewFilm,
    NewFilmsState,
    PausedMovie,
    PickedMovie,
    PromotionEvent,
    Rating,
    SeenMovie,
    UnwantedMovie,
    WatchlistItem,
)
from recommendations.services.jobs.schedules import TASK
from tests.actors import ACTORS, ALLOWED, ROLES, SIGNED_IN, make_people
from tests.page_matrix import MATRIX, MISSING, SENT, UNANSWERED, VISIT
from tests.site_addresses import named_addresses

GET, POST = 0, 1
NOW = datetime(2026, 1, 1, tzinfo=UTC)
WRITES = ("INSERT", "UPDATE", "DELETE")


def named_routes(patterns: Sequence[Any], namespace: str = "") -> Iterator[str]:
    """Names with their namespaces."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}"


def test_every_route_is_in_the_matrix():
    routes = [name for name in named_routes(get_resolver().url_patterns) if not name.startswith("api:")]
    assert sorted(routes) == sorted(MATRIX)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[dict[str, Any]]:
    """The sessions of people, the addresses, and a row of everything; made once, forgotten after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = make_people()
        sessions = {"anonymous": ""} | {name: session_of(user) for name, user in people.items()}
        made = {row._meta.label_lower.replace(".", "_"): row for row in rows(people)}
        yield {"sessions": sessions, "addresses": dict(named_addresses()), **made}
        transaction.set_rollback(True)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="accounts.backends.NameOrEmailBackend")
    return client.session.session_key


def rows(people: dict[str, User]) -> list[Model]:
    """One row of each model that the admin shows."""
    user = people["user"]
    film = Movie.objects.create(movielens_id=1, title="Film", original_title="Film")
    first = ModelVersion.objects.create(version="first", state="retired")
    champion = ModelVersion.objects.create(version="champion", state="champion", parent=first)
    attempt = {"username": "user", "ip_address": "127.0.0.1", "user_agent": "", "path_info": "/"}
    return [
        user,
        film,
        first,
        LogEntry.objects.create(
            user=people["operator"], content_type=ContentType.objects.get_for_model(Movie), action_flag=CHANGE
        ),
        Group.objects.get(name="viewer"),
        AccessAttempt.objects.create(**attempt, get_data="", post_data="", failures_since_start=1),
        AccessFailureLog.objects.create(**attempt),
        AccessLog.objects.create(**attempt),
        PeriodicTask.objects.create(
            name="task", task=TASK, crontab=CrontabSchedule.objects.create(), kwargs='{"kind": "train"}'
        ),
        Genre.objects.create(name="Comedy"),
        HiddenMovie.objects.create(user=user, movie=film),
        PausedMovie.objects.create(user=user, movie=film, until=NOW),
        PickedMovie.objects.create(user=user, movie=film),
        SeenMovie.objects.create(user=user, movie=film),
        UnwantedMovie.objects.create(user=user, movie=film),
        WatchlistItem.objects.create(user=user, movie=film),
        Rating.objects.create(user=user, movie=film, stars=4, rated_at=NOW),
        Job.objects.create(kind="train", state="failed"),
        PromotionEvent.objects.create(version=champion, previous=first, reason="test"),
        Experiment.objects.create(name="test", champion=champion, challenger=first),
        HouseRule.objects.create(name="test", act="pin", field="genre", value="Comedy"),
        HouseTag.objects.create(name="test"),
        NewFilm.objects.create(key="new", facts={"title": "New", "genres": []}),
        NewFilmsState.objects.create(pk=1),
    ]


def address(name: str, world: dict[str, Any]) -> str:
    """The route for the row that there is."""
    namespace, _, route = name.rpartition(":")
    if namespace == "admin":
        model, _, action = route.rpartition("_")
        if route == "auth_user_password_change":
            return reverse(name, args=[world["accounts_user"].pk])
        if route == "view_on_site":
            return reverse(name, args=[ContentType.objects.get_for_model(Movie).pk, 1])
        if route == "app_list":
            return reverse(name, args=["recommendations"])
        if route == "autocomplete":
            return reverse(name) + "?app_label=recommendations&model_name=rating&field_name=user"
        if model in world and action not in (
            "add",
            "changelist",
            "compare",
            "lists",
            "indices",
            "start",
            "insights",
            "make",
            "rows",
            "randomised",
        ):
            return reverse(name, args=[world[model].pk])
        return reverse(name)
    return world["addresses"].get(name) or reverse(name)


def outcome(response: Any) -> str:
    """What an answer comes to: a place that it sends to, a refusal, or ``allowed``."""
    if response.status_code in (401, 403, 404, 405):
        return str(response.status_code)
    assert response.status_code < 500 or response.status_code == 503, response.content[:500]
    path = urlsplit(response.get("Location", "")).path
    places = {
        "accounts:sign_in": "sign in",
        "admin:login": "sign in",
        "pages:home": "home",
        "admin:index": "home",
    }
    return {reverse(route): place for route, place in places.items()}.get(path, "allowed")


def permits(level: str, actor: str) -> bool:
    """Whether the level lets the actor do what the method does."""
    return actor in ALLOWED.get(SIGNED_IN if level == VISIT else level, ())


def expected(name: str, level: str, actor: str) -> set[str]:
    """The outcomes that are right."""
    outside = name.startswith("admin:") and actor not in ROLES
    if permits(level, actor):
        return {"allowed", "home"} if level != VISIT else {"allowed"}
    if level == VISIT:
        return {"home"}
    if level == UNANSWERED:
        # Who may not come in, or has to say first who they are, need not hear which methods there are.
        return {"405"} | ({"sign in", "home"} if outside else {"sign in"} if actor == "anonymous" else set())
    if name == "metrics":
        return {"401"}
    if level == MISSING and not name.startswith("admin:"):
        return {"404"}
    if outside or actor == "anonymous":
        return {"sign in"}
    return {"404"} if level == MISSING else {"403"}


def ask(world: dict[str, Any], actor: str, name: str, method: int, **options: Any) -> tuple[str, list[str]]:
    """What the request comes to, and what it writes, which is undone; sessions keep messages for anybody."""
    client = Client(**options)
    client.cookies[settings.SESSION_COOKIE_NAME] = world["sessions"][actor]
    path = address(name, world)
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        response = client.get(path) if method == GET else client.post(path, SENT.get(name, {}))
        result = outcome(response)
        response.close()
        transaction.set_rollback(True)
    written = [query["sql"] for query in queries if query["sql"].startswith(WRITES)]
    return result, [sql for sql in written if "django_session" not in sql]


@pytest.fixture(autouse=True)
def _nothing_listens(settings) -> None:
    """No Elasticsearch, which no page needs to refuse somebody; and ``/metrics`` is not open to this machine."""
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    settings.METRICS_FROM_LOOPBACK = False


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_who_may(world, name):
    for method, level in enumerate(MATRIX[name]):
        for actor in ACTORS:
            result, written = ask(world, actor, name, method)
            told = f"{'POST' if method else 'GET'} by {actor}: {result}, {written}"
            assert result in expected(name, level, actor), told
            assert permits(level, actor) or not written, told


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ACTORS)
def test_a_page_of_another_site_changes_nothing(world, actor):
    """It may send a form with the cookies, but not with the CSRF token."""
    for name, (_read, level) in MATRIX.items():
        if level != UNANSWERED:
            result, written = ask(world, actor, name, POST, enforce_csrf_checks=True)
            assert result in ("403", "sign in"), (name, result)
            assert not written, (name, written)
