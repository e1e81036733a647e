"""Two small servers to compare the site with, each one process on the same Elasticsearch node.

``/by-id/?user=N``   one search that fetches ten films by number: what any answer from Elasticsearch costs at least.
``/genres/?user=N``  the plain recommender: read the person's profile, ``function_score`` over its 19 genres, no cache.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movierec_site.settings.demo")
django.setup()

from recommendations.search.benchmarks import genre_search, profile_genres, search_by_ids  # noqa: E402
from recommendations.search.client import get_client  # noqa: E402
from recommendations.search.mappings import MOVIES, USER_PROFILES  # noqa: E402

FILMS = 10


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application of both."""
    user = int(parse_qs(environ["QUERY_STRING"])["user"][0])
    client = get_client()
    if environ["PATH_INFO"] == "/by-id/":
        found = search_by_ids(client, MOVIES, range(user, user + FILMS))
    else:
        found = genre_search(client, MOVIES, profile_genres(client, USER_PROFILES, str(user)), FILMS)
    body = json.dumps({"films": found}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
