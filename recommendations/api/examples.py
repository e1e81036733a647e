"""Examples and failure answers of the OpenAPI schema."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from recommendations.api.problems import CONTENT_TYPE, TYPE_PREFIX
from recommendations.api.serializers import ProblemSerializer

RANKED_LIST = OpenApiExample(
    "A list of one film",
    value={
        "engine": "elasticsearch",
        "degraded": False,
        "model_version": "20260101-120000-1a2b3c4d",
        "profile_weight": 0.0,
        "items": [
            {
                "rank": 1,
                "movie_id": 318,
                "title": "Schindler's List",
                "year": 1993,
                "genres": ["Drama", "War"],
                "score": 3.217,
                "reason": "Because you loved The Godfather.",
            }
        ],
    },
    response_only=True,
    status_codes=["200"],
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
        },
        request_only=True,
    ),
)


def _problem(name: str, status: int, kind: str, title: str, detail: str, field: str = "") -> OpenApiExample:
    return OpenApiExample(
        name,
        value={
            "type": TYPE_PREFIX + kind,
            "title": title,
            "status": status,
            "detail": detail,
            "errors": [{"field": field, "message": detail}] if field else [],
        },
        media_type=CONTENT_TYPE,
        response_only=True,
        status_codes=[str(status)],
    )


PROBLEMS = (
    _problem(
        "A value out of range",
        400,
        "invalid-request",
        "Something in the request does not fit",
        "k is 0; expected a whole number from 1 to 100.",
        "k",
    ),
    _problem(
        "No such person",
        404,
        "unknown-person",
        "Unknown person",
        "Nobody in the data has this number.",
        "user",
    ),
    _problem(
        "Nothing trained",
        503,
        "no-model",
        "No model yet",
        "No model has been trained and published yet. Run the pipeline, then ask again.",
    ),
)

_MEANINGS = {
    400: "A field or parameter does not fit; `errors` names it.",
    404: "Nobody in the data has this number.",
    406: "The answer exists only as JSON.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    503: "There is no model yet; `Retry-After` says when to ask again.",
}


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """The failure answers of an operation, for ``extend_schema``."""
    return {
        (status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, description=_MEANINGS[status])
        for status in statuses
    }
