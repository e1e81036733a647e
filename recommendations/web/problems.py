"""What pages and API answer when something fails. The API's format is RFC 9457, ``application/problem+json``.

``type`` is stable and made for programs, ``title`` and ``detail`` are sentences in the language of the request,
and ``errors`` names the fields at fault: ``[{"field": "ratings[2].stars", "message": "…"}]``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework import exceptions
from rest_framework.views import set_rollback

from recommendations.errors import InvalidError, MovierecError

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:movierec:problem:"
RETRY_AFTER_SECONDS = 30
MOST_ERRORS_LISTED = 20

# By the end of ``type``. What no request should meet is answered by ``error_views``.
TITLES = {
    "body-too-large": gettext_noop("The body is too large"),
    "changed-meanwhile": gettext_noop("It has changed meanwhile"),
    "conflict": gettext_noop("Not possible as things stand"),
    "internal-error": gettext_noop("Internal error"),
    "invalid-request": gettext_noop("Something does not fit"),
    "key-reused": gettext_noop("This key was used for something else"),
    "length-required": gettext_noop("The length of the body is missing"),
    "locked-out": gettext_noop("Too many failed sign-ins"),
    "malformed-request": gettext_noop("The request cannot be read"),
    "method-not-allowed": gettext_noop("This method does not work here"),
    "no-model": gettext_noop("No model yet"),
    "no-recommendations": gettext_noop("No list could be made"),
    "not-acceptable": gettext_noop("No answer in the wanted format"),
    "not-allowed": gettext_noop("Not allowed"),
    "not-found": gettext_noop("Not found"),
    "not-signed-in": gettext_noop("Not signed in"),
    "overloaded": gettext_noop("Too many requests at the moment"),
    "request-failed": gettext_noop("The request failed"),
    "search-unavailable": gettext_noop("Search unavailable"),
    "storage-busy": gettext_noop("Nothing can be saved"),
    "storage-full": gettext_noop("Nothing can be saved"),
    "storage-unavailable": gettext_noop("Nothing can be saved"),
    "too-many-requests": gettext_noop("Too many requests"),
    "unknown-film": gettext_noop("Unknown film"),
    "unknown-person": gettext_noop("Unknown person"),
    "unsupported-media-type": gettext_noop("This content type cannot be read"),
}
# What people get to read where an error's own message is meant for operators.
SENTENCES = {
    "no-model": gettext_noop(
        "No model has been trained and published yet. Run the pipeline, then try again."
    ),
    "no-recommendations": gettext_noop("Something is missing to make a list. Try again later."),
    "search-unavailable": gettext_noop(
        "The search engine does not answer at the moment. Try again in a minute."
    ),
}
_KINDS = {
    400: "malformed-request",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    411: "length-required",
    412: "changed-meanwhile",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "key-reused",
    429: "too-many-requests",
}


class BodyTooLargeError(exceptions.APIException):
    """The body is longer than the parser reads."""

    status_code = 413


class LengthRequiredError(exceptions.APIException):
    """The body comes in chunks, and Django would take it for an empty one."""

    status_code = 411


class ChangedError(exceptions.APIException):
    """It is no longer what the client's ``If-Match`` names."""

    status_code = 412


class KeyReusedError(exceptions.APIException):
    """The same ``Idempotency-Key`` came with another request."""

    status_code = 422


@dataclass(frozen=True)
class FieldError:
    """A field by its path in the request (``ratings[2].stars``) and what is wrong with it."""

    field: str
    message: str

    def sentence(self) -> str:
        """The message, with the field before it if it does not say which one it is about."""
        name = self.field.rpartition(".")[2]
        return self.message if not name or name in self.message else f"{self.field}: {self.message}"


@dataclass(frozen=True)
class Problem:
    """A failure as it is answered: the end of its ``type``, the HTTP status, one sentence, the fields at fault."""

    kind: str
    status: int
    sentence: str
    errors: tuple[FieldError, ...] = ()

    @property
    def title(self) -> str:
        return _(TITLES[self.kind])

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again, if something is only away."""
        return {"Retry-After": str(RETRY_AFTER_SECONDS)} if self.status == 503 else {}


def problem_of(error: MovierecError, sentence: str = "") -> Problem:
    """The one mapping of the project's errors to answers; ``sentence`` instead of the usual one."""
    usual = _(SENTENCES[error.kind]) if error.kind in SENTENCES else str(error)
    sentence = sentence or usual
    errors = (FieldError(error.field, sentence),) if error.field else ()
    return Problem(error.kind, error.status, sentence, errors)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The problem as problem details."""
    body = {
        "type": TYPE_PREFIX + problem.kind,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.sentence,
        "errors": [asdict(error) for error in problem.errors],
    }
    response = JsonResponse(
        body, status=problem.status, content_type=CONTENT_TYPE, headers={**problem.headers, **(headers or {})}
    )
    response["Cache-Control"] = "no-store"
    return response


def field_errors(detail: Any, path: str = "") -> Iterator[FieldError]:
    """Flatten the nested errors of a serializer into paths and messages."""
    if isinstance(detail, Mapping):
        for name, nested in detail.items():
            yield from field_errors(nested, _joined(path, name))
    elif isinstance(detail, list | tuple):
        for position, nested in enumerate(detail):
            inner = path if isinstance(nested, str) else _joined(path, position)
            yield from field_errors(nested, inner)
    else:
        yield FieldError(path, str(detail))


def _joined(path: str, part: str | int) -> str:
    if part == "non_field_errors":
        return path
    if isinstance(part, int):
        return f"{path}[{part}]"
    return f"{path}.{part}" if path else part


def problem_handler(exc: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """REST framework's exception handler; ``None`` leaves an unforeseen error to Django's 500 handler."""
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    elif isinstance(exc, InvalidError) and exc.field:
        exc = exceptions.ValidationError({exc.field: [str(exc)]})
    if isinstance(exc, exceptions.ValidationError):
        response = problem_response(_invalid(exc))
    elif isinstance(exc, exceptions.APIException):
        kind = _KINDS.get(exc.status_code, "request-failed")
        response = problem_response(Problem(kind, exc.status_code, str(exc.detail)), _headers(exc))
    elif isinstance(exc, MovierecError) and exc.status != 500:
        response = problem_response(problem_of(exc))
    else:
        return None
    set_rollback()
    return response


def _invalid(exc: exceptions.ValidationError) -> Problem:
    found = tuple(field_errors(exc.detail))
    listed = found[:MOST_ERRORS_LISTED]
    sentences = list(dict.fromkeys(error.sentence() for error in listed))
    if len(found) > len(listed):
        sentences.append(_("Errors that are not listed: %(count)s.") % {"count": len(found) - len(listed)})
    return Problem(
        "invalid-request", 400, " ".join(sentences), tuple(error for error in listed if error.field)
    )


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return headers
