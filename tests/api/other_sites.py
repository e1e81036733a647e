"""A shop with a token of its own, films that a made-up model knows, and clients that speak for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import OPERATOR
from recommendations.models import Genre, Movie
from recommendations.services.account.tokens import create_token
from tests.selectors.versions import registered

LINES = "application/x-ndjson"
SCOPES = ("people:read", "people:write")


def operator(name: str = "olga") -> User:
    """Somebody who may make tokens for other sites."""
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get(name=OPERATOR))
    return user


def shop(user: User, name: str = "shop", scopes: Iterable[str] = SCOPES) -> APIClient:
    """A program of the other site of this name."""
    _token, text = create_token(user=user, name=name, scopes=tuple(scopes), lifetime=timedelta(days=1))
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def send_lines(client: APIClient, what: str, lines: Iterable[Any]) -> Any:
    """The answer to these lines; text is sent as it is."""
    body = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return client.post(f"/api/v1/bulk/{what}/", body.encode(), content_type=LINES)


def a_model_and_films(settings: Any, home: Path) -> list[int]:
    """Registers a made-up champion without indices; returns the numbers of its films, which alternate between genres."""
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = home, ""
    registered(home, 0, "champion")
    genres = [Genre.objects.get_or_create(name=name)[0] for name in ("Comedy", "Horror")]
    numbers = list(range(3, 3 + 2 * 60, 2))
    for place, number in enumerate(numbers):
        film = Movie.objects.create(
            movielens_id=number, title=f"Film {number}", original_title=str(number), year=1950 + place
        )
        film.genres.add(genres[place % 2])
    return numbers
