"""Asks a running site for two lists, as any client would."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError

LENGTH = 5
KNOWN_USER = 196
NEWCOMER = {"age": 30, "gender": "F", "occupation": "artist", "k": LENGTH}
TIMEOUT_SECONDS = 30
# Loopback is asked directly, whatever proxy the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def check_site(address: str, tell: Callable[[str], None]) -> None:
    """Ask for a known person (API) and a newcomer (the site's own address), and print what came.

    Raises
    ------
    CommandError
        If one of the lists does not come, is short, out of order, or did not come from Elasticsearch.
    """
    known = _ask(f"{address}/api/v1/recommendations/?user={KNOWN_USER}&k={LENGTH}")
    _show(f"MovieLens user {KNOWN_USER}", known, tell)
    newcomer = _ask(f"{address}/recommend_session", NEWCOMER)
    _show("Newcomer: 30 years old, woman, artist", newcomer, tell)


def _ask(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"Accept": "application/json"})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        refusal = error.read(500).decode(errors="replace")
        raise CommandError(f"{url} answered {error.code}: {refusal}") from error
    except (OSError, ValueError) as error:
        raise CommandError(f"{url} gave no list: {error}") from error


def _show(whom: str, answer: dict[str, Any], tell: Callable[[str], None]) -> None:
    films = answer["items"]
    tell(f"{whom} (ranked by {answer['engine']}, model {answer['model_version']}):")
    for film in films:
        year = f" ({film['year']})" if film["year"] else ""
        tell(f"  {film['rank']}. {film['title']}{year}  {film['score']:.3f}  {film['reason']}")
    if answer["degraded"] or answer["engine"] != "elasticsearch":
        raise CommandError("The list did not come from Elasticsearch.")
    if len(films) != LENGTH:
        raise CommandError(f"Asked for {LENGTH} films, got {len(films)}.")
    scores = [film["score"] for film in films]
    if scores != sorted(scores, reverse=True):
        raise CommandError("The films are not ordered by their scores.")
