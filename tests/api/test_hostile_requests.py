"""Bodies, headers and texts that nobody sends by accident: a 4xx in the one format, on every writing operation."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from recommendations.api.parsers import MAX_BODY_BYTES
from recommendations.models import Movie
from recommendations.services.account.tokens import create_token
from tests.api.problem_checks import problem

WRITING = (
    ("post", "preview", []),
    ("post", "batch", []),
    ("patch", "me", []),
    ("post", "my_ratings", []),
    ("put", "my_rating", [1]),
    ("put", "my_watchlist_item", [1]),
    ("post", "import_preview", []),
    ("post", "import", []),
    ("post", "delete_me", []),
    ("post", "accounts", []),
    ("post", "tokens", []),
    ("post", "jobs", []),
    ("post", "promote", ["none"]),
    ("post", "roll_back", []),
)
BODIES = {
    "ten megabytes": (b" " * 10_000_000 + b"{}", 413),
    "just too long": (b"{}" + b" " * MAX_BODY_BYTES, 413),
    "nested deeply": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400),
    "invalid UTF-8": (b'{"a": "\xff\xfe"}', 400),
    "a NUL byte": (b'{"a": 1}\x00', 400),
    "not an object": (b"[1, 2]", 400),
    "half of an object": (b'{"a": ', 400),
    "NaN": (b'{"a": NaN}', 400),
    "the same name twice": (b'{"a": 1, "a": 2}', 400),
    "an unknown field": (b'{"__proto__": {"is_superuser": true}}', 400),
    "a number of 5,000 digits": (b'{"a": ' + b"9" * 5_000 + b"}", 400),
    "half of a surrogate pair": (b'{"\\ud800": "\\udfff"}', 400),
}


@pytest.fixture(autouse=True)
def root(client, db):
    Movie.objects.create(movielens_id=1, title="Film", original_title="Film")
    user = User.objects.create_superuser("root")
    _token, text = create_token(
        user=user, name="t", scopes=("read", "write", "operate"), lifetime=timedelta(days=1)
    )
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")


@pytest.mark.parametrize("kind", BODIES)
def test_bodies(client, kind):
    body, status = BODIES[kind]
    for method, name, arguments in WRITING:
        path = reverse(f"api:{name}", args=arguments)
        response = client.generic(method.upper(), path, body, content_type="application/json")
        assert response.status_code == status, (name, response.content[:200])
        assert len(json.dumps(problem(response))) < 20_000


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-7",
        "x",
    ],
)
def test_content_types(client, content_type):
    for method, name, arguments in WRITING:
        path = reverse(f"api:{name}", args=arguments)
        response = client.generic(method.upper(), path, b'{"a": 1}', content_type=content_type)
        assert response.status_code == 415, (name, response.content[:200])
        problem(response)


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE accounts_user; --",
        '{"query": {"match_all": {}}}',
        "title:* OR _exists_:secret",
        "../../../etc/passwd",
        "${jndi:ldap://x}",
        "<script>alert(1)</script>",
        "\u202e\u200bfilm\U0001f3ac",
        "a\x00b",
        "%00%ff",
    ],
)
def test_texts(client, text):
    """Each is a text like any other, or is refused as one."""
    asked = [
        client.get(reverse("api:films"), {"q": text}),
        client.get(reverse("api:suggest"), {"q": text}),
        client.get(reverse("api:films"), {"genre": text}),
        client.get(reverse("api:films"), {"cursor": text}),
        client.get(reverse("api:recommendations"), {"user": text}),
        client.get(reverse("api:compare_models"), {"versions": text}),
        client.get(f"/api/v1/models/{text}/".replace("\x00", "%00")),
        client.post(reverse("api:accounts"), {"username": text, "password": text}, format="json"),
        client.post(reverse("api:roll_back"), {"reason": text}, format="json"),
    ]
    for response in asked:
        assert response.status_code < 500, response.content
        if response.status_code >= 400:
            problem(response)
    assert User.objects.count() == 1
