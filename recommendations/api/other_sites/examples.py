"""Examples of the operations on other sites' people."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from recommendations.api.examples import RANKED_LIST
from recommendations.api.schema import answer_example, request_example

LINES = "application/x-ndjson"
_REFERENCE = "5f0c1c1e-6c4d-4f0a-9d2e-0c5b7a9f3b11"
_PERSON = {
    "key": "customer-7",
    "age": 30,
    "gender": "F",
    "occupation": None,
    "created_at": "2026-01-01T12:00:00Z",
    "updated_at": "2026-01-01T12:00:00Z",
    "counts": {"ratings": 12, "seen": 3, "hide": 0, "watchlist": 1},
}
_BATCH = {
    "reference": _REFERENCE,
    "state": "running",
    "total": 20000,
    "done": 4500,
    "message": "",
    "created_at": "2026-01-01T12:00:00Z",
    "ended_at": None,
}
PERSON_BODY = request_example("An age", {"age": 30, "gender": "F"})
PERSON = answer_example("Somebody", _PERSON)
NEW_PERSON = answer_example("Somebody new", _PERSON, 201)


def line_example(name: str, value: Any, *, status: int | None = None) -> OpenApiExample:
    """A line of a body, or with a status of an answer."""
    return OpenApiExample(
        name,
        value=value,
        media_type=LINES,
        request_only=status is None,
        response_only=status is not None,
        status_codes=None if status is None else [str(status)],
    )


PERSON_LINE = line_example("A line about somebody", {"key": "customer-7", "age": 30})
RATING_LINE = line_example(
    "A line about a rating",
    {"person": "customer-7", "movie_id": 50, "stars": 5, "rated_at": "2026-01-01T12:00:00Z"},
)
REPORT = answer_example(
    "Two lines of three",
    {
        "accepted": 2,
        "refused": 1,
        "errors": [{"line": 3, "message": "movie_id is 999999; no film of the catalogue has this number."}],
    },
)
LIST_BODY = request_example(
    "Dramas that are in stock",
    {"k": 5, "filter": ["Drama"], "include": [50, 181, 318, 1], "exclude": [1]},
)
BATCH_BODY = request_example("Two people", {"people": ["customer-7", "customer-8"], "k": 20})
MADE_BATCH = answer_example("A batch", {**_BATCH, "state": "queued", "done": 0}, 202)
BATCH = answer_example("Under way", _BATCH)
BATCH_LINE = line_example("A line", {**RANKED_LIST.value, "key": "customer-7"}, status=200)
