"""Examples and failure answers of the OpenAPI schema."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from recommendations.api.serializers import ProblemSerializer
from recommendations.web.problems import CONTENT_TYPE, SENTENCES, TITLES, TYPE_PREFIX

_LIST: dict[str, Any] = {
    "list_id": "0b1e0f5e-77ab-4f0c-9d8e-3d5f0a6b7c21",
    "engine": "elasticsearch",
    "degraded": False,
    "kind": "next",
    "model_version": "20260101-120000-1a2b3c4d",
    "profile_weight": 0.0,
    "loosen": [],
    "items": [
        {
            "rank": 1,
            "movie_id": 318,
            "key": "318",
            "title": "Schindler's List",
            "year": 1993,
            "genres": ["Drama", "War"],
            "score": 3.217,
            "predicted_stars": 4.62,
            "match": 99,
            "reason": "Because you loved The Godfather.",
        }
    ],
}
RANKED_LIST = OpenApiExample("A list of one film", value=_LIST, response_only=True, status_codes=["200"])
BATCH = OpenApiExample(
    "One list", value={"lists": [{**_LIST, "id": "a"}]}, response_only=True, status_codes=["200"]
)
BATCH_REQUEST = OpenApiExample(
    "A person of the data and somebody new",
    value={"people": [{"id": "a", "user": 196}, {"id": "b", "age": 30, "gender": "F"}], "k": 5},
    request_only=True,
)

PREVIEW_REQUESTS = (
    OpenApiExample(
        "Demographics only",
        value={"age": 30, "gender": "F", "occupation": "artist", "k": 5},
        request_only=True,
    ),
    OpenApiExample(
        "With first ratings",
        value={"age": 30, "ratings": [{"movie_id": 50, "stars": 5}, {"movie_id": 181, "stars": 2}]},
        request_only=True,
    ),
    OpenApiExample(
        "With dials and explanations",
        value={
            "age": 30,
            "ratings": [{"movie_id": 50, "stars": 5}],
            "hidden": [181],
            "dials": {"genres": {"Comedy": 0.5}, "discovery": 0.2, "decade": 1990, "diversity": 0.3},
            "explain": True,
            "kind": "bold",
        },
        request_only=True,
    ),
)


def _problem(name: str, status: int, kind: str, detail: str, field: str = "") -> OpenApiExample:
    return OpenApiExample(
        name,
        value={
            "type": TYPE_PREFIX + kind,
            "title": TITLES[kind],
            "status": status,
            "detail": detail,
            "errors": [{"field": field, "message": detail}] if field else [],
        },
        media_type=CONTENT_TYPE,
        response_only=True,
        status_codes=[str(status)],
    )


UNKNOWN_PERSON = _problem(
    "No such person",
    404,
    "unknown-person",
    "There is no person with number 944; numbers go from 1 to 943.",
    "user",
)
NO_SUCH_FILM = _problem(
    "No such film",
    404,
    "unknown-film",
    "There is no film with the number 999999.",
    "movie_id",
)
# One example of each failure that an operation does not tell better by itself.
_USUAL = {
    400: _problem(
        "A value out of range",
        400,
        "invalid-request",
        "k is 0; expected a whole number from 1 to 100.",
        "k",
    ),
    401: _problem(
        "An old token",
        401,
        "not-signed-in",
        "The token is unknown, expired or revoked. Make another one.",
    ),
    403: _problem("A narrow token", 403, "not-allowed", "This token lacks the scope write."),
    404: _problem("Not there", 404, "not-found", "There is nothing with this number."),
    406: _problem(
        "Another format",
        406,
        "not-acceptable",
        "Could not satisfy the request Accept header.",
    ),
    409: _problem("In the way", 409, "conflict", "The job has ended already."),
    412: _problem(
        "Changed meanwhile",
        412,
        "changed-meanwhile",
        "It is no longer what If-Match names. Read it again.",
    ),
    413: _problem(
        "A long body",
        413,
        "body-too-large",
        "The body is longer than 1000000 bytes.",
    ),
    415: _problem(
        "Not JSON",
        415,
        "unsupported-media-type",
        'Unsupported media type "text/plain" in request.',
    ),
    422: _problem(
        "A key used twice",
        422,
        "key-reused",
        "The Idempotency-Key stands for another request. Send a new key.",
    ),
    429: _problem(
        "Too often",
        429,
        "too-many-requests",
        "Request was throttled. Expected available in 12 seconds.",
    ),
    503: _problem(
        "Nothing trained",
        503,
        "no-model",
        SENTENCES["no-model"],
    ),
}

_MEANINGS = {
    400: "A field or parameter does not fit; `errors` names it.",
    401: "No token or session, or one that no longer works.",
    403: "The token lacks the scope, the account lacks the role, or the session's CSRF token is missing.",
    404: "There is nothing with this number or name.",
    406: "The answer exists only as JSON.",
    409: "Not possible as things stand.",
    412: "What `If-Match` names is no longer the state.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "The `Idempotency-Key` was used for another request.",
    429: "Too many requests; `Retry-After` says when to go on.",
    503: "Something that is needed is away, or there is no model yet; `Retry-After` says when to ask again.",
}


def problem_answers(statuses: Iterable[int]) -> dict[tuple[int, str], OpenApiResponse]:
    """The failure answers of an operation, for ``extend_schema``."""
    return {
        (status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description=_MEANINGS[status])
        for status in statuses
    }


def problem_examples(statuses: Iterable[int], own: Iterable[OpenApiExample]) -> list[OpenApiExample]:
    """An example for each failure that ``own`` has none for."""
    covered = {status for example in own for status in example.status_codes or ()}
    return [_USUAL[status] for status in statuses if str(status) not in covered]
