"""Asks a running site for two lists, as any client would."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.core.management.base import CommandError

from recommendations.ranking.dataset import DataSet

LENGTH = 5
TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Questions:
    """Whom the lists are asked for: the number of a person of the data, and what a newcomer tells, as far as the data know
    such things."""

    user: int = 196
    newcomer: Mapping[str, Any] = field(
        default_factory=lambda: {"age": 30, "gender": "F", "occupation": "artist"}
    )

    @classmethod
    def fitting(cls, data: DataSet, example: int) -> Self:
        """Questions that can be asked about these data; ``example`` is the number of a person in them."""
        known = {
            "age": 30 if data.has_ages else None,
            "gender": _usual("F", data.genders),
            "occupation": _usual("artist", data.occupations),
        }
        return cls(example, {name: value for name, value in known.items() if value is not None})


def _usual(wanted: str, known: Sequence[str]) -> str | None:
    return wanted if wanted in known else next(iter(known), None)


USUAL = Questions()
# Loopback is asked directly, whatever proxy the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def check_site(address: str, tell: Callable[[str], None], questions: Questions = USUAL) -> None:
    """Ask for a known person (API) and a newcomer (the site's own address), and print what came.

    Raises
    ------
    CommandError
        If one of the lists does not come, is short, out of order, or did not come from Elasticsearch.
    """
    known = _ask(f"{address}/api/v1/recommendations/?user={questions.user}&k={LENGTH}")
    _show(f"Person {questions.user} of the data", known, tell)
    newcomer = _ask(f"{address}/recommend_session", {**questions.newcomer, "k": LENGTH})
    about = ", ".join(f"{name} {value}" for name, value in questions.newcomer.items())
    _show(f"Newcomer: {about}" if about else "Newcomer", newcomer, tell)


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
