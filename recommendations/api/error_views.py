"""Django's error handlers: problem details under ``/api/``, Django's own pages elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults

from recommendations.api.problems import problem_response


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that Django refuses before any view sees it."""
    if not _is_api(request):
        return defaults.bad_request(request, exception)
    return problem_response(
        kind="malformed-request",
        title=_("The request cannot be read"),
        status=400,
        detail=_("The request is malformed or asks for another host."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: an unforeseen error; Django has logged it already."""
    if not _is_api(request):
        return defaults.server_error(request)
    return problem_response(
        kind="internal-error",
        title=_("Internal error"),
        status=500,
        detail=_("Something went wrong on our side; it has been logged."),
    )
