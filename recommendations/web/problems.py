"""Every failure of the API in one format: RFC 9457 problem details, ``application/problem+json``.

``type`` is stable and made for programs, ``title`` and ``detail`` are sentences in the language of the request,
and ``errors`` names the fields at fault: ``[{"field": "ratings[2].stars", "message": "…"}]``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework import exceptions
from rest_framework.views import set_rollback

from recommendations.selectors.lists.person import (
    NoModelError,
    RecommendationError,
    SearchUnavailableError,
    UnknownFilmError,
    UnknownPersonError,
)

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:movierec:problem:"
RETRY_AFTER_SECONDS = 30
MOST_ERRORS_TOLD = 20

# By status: the end of ``type``, and the title.
_REQUEST_PROBLEMS = {
    400: ("malformed-request", gettext_noop("The request cannot be read")),
    401: ("not-signed-in", gettext_noop("Not signed in")),
    403: ("not-allowed", gettext_noop("Not allowed")),
    404: ("not-found", gettext_noop("Not found")),
    405: ("method-not-allowed", gettext_noop("This method does not work here")),
    406: ("not-acceptable", gettext_noop("No answer in the wanted format")),
    409: ("conflict", gettext_noop("Not possible as things stand")),
    411: ("length-required", gettext_noop("The length of the body is missing")),
    412: ("changed-meanwhile", gettext_noop("It has changed meanwhile")),
    413: ("body-too-large", gettext_noop("The body is too large")),
    415: ("unsupported-media-type", gettext_noop("This content type cannot be read")),
    422: ("key-reused", gettext_noop("This key was used for something else")),
    429: ("too-many-requests", gettext_noop("Too many requests")),
}
_ANY_REQUEST_PROBLEM = ("request-failed", gettext_noop("The request failed"))


class BodyTooLargeError(exceptions.APIException):
    """The body is longer than the parser reads."""

    status_code = 413


class LengthRequiredError(exceptions.APIException):
    """The body comes in chunks, and Django would take it for an empty one."""

    status_code = 411


class ConflictError(exceptions.APIException):
    """The request is sound, but the state of things does not allow it."""

    status_code = 409


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


def problem_response(
    *,
    kind: str,
    title: str,
    status: int,
    detail: str,
    errors: tuple[FieldError, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The problem as a response; ``kind`` is the end of its ``type``."""
    body = {
        "type": TYPE_PREFIX + kind,
        "title": title,
        "status": status,
        "detail": detail,
        "errors": [{"field": error.field, "message": error.message} for error in errors],
    }
    response = JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=headers)
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
    response = _recommendation_problem(exc) if isinstance(exc, RecommendationError) else _request_problem(exc)
    if response is not None:
        set_rollback()
    return response


def _recommendation_problem(error: RecommendationError) -> HttpResponse:
    if isinstance(error, UnknownPersonError):
        sentence = str(error) or _("Nobody in the data has this number.")
        return problem_response(
            kind="unknown-person",
            title=_("Unknown person"),
            status=404,
            detail=sentence,
            errors=(FieldError("user", sentence),),
        )
    if isinstance(error, UnknownFilmError):
        return problem_response(
            kind="unknown-film",
            title=_("Unknown film"),
            status=404,
            detail=str(error),
            errors=(FieldError("movie_id", str(error)),),
        )
    if isinstance(error, NoModelError):
        kind, title = "no-model", _("No model yet")
        fallback = _("No model has been trained and published yet. Run the pipeline, then ask again.")
    elif isinstance(error, SearchUnavailableError):
        kind, title = "search-unavailable", _("Search unavailable")
        fallback = _("The search engine does not answer at the moment. Ask again in a minute.")
    else:
        kind, title = "no-recommendations", _("No list could be made")
        fallback = _("Something is missing to make a list. Ask again later.")
    return problem_response(
        kind=kind,
        title=title,
        status=503,
        detail=str(error) or fallback,
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def _request_problem(exc: Exception) -> HttpResponse | None:
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.ValidationError):
        return _invalid(exc)
    if not isinstance(exc, exceptions.APIException):
        return None
    kind, title = _REQUEST_PROBLEMS.get(exc.status_code, _ANY_REQUEST_PROBLEM)
    return problem_response(
        kind=kind, title=_(title), status=exc.status_code, detail=str(exc.detail), headers=_headers(exc)
    )


def _invalid(exc: exceptions.ValidationError) -> HttpResponse:
    found = tuple(field_errors(exc.detail))
    told = found[:MOST_ERRORS_TOLD]
    sentences = list(dict.fromkeys(error.sentence() for error in told))
    if len(found) > len(told):
        sentences.append(_("Errors that are not listed: %(count)s.") % {"count": len(found) - len(told)})
    return problem_response(
        kind="invalid-request",
        title=_("Something in the request does not fit"),
        status=400,
        detail=" ".join(sentences),
        errors=tuple(error for error in told if error.field),
    )


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(max(1, math.ceil(exc.wait)))
    return headers
