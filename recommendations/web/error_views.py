"""Django's error handlers: problem details under ``/api/``, Django's own pages elsewhere."""

from __future__ import annotations

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from recommendations.web.problems import Problem, problem_response
from recommendations.web.storage import cannot_save, storage_problem


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that Django refuses before any view sees it."""
    if not _is_api(request):
        return defaults.bad_request(request, exception)
    sentence = _("The request is malformed or asks for another host.")
    return problem_response(Problem("malformed-request", 400, sentence))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: an unforeseen error, or 503 where nothing can be saved; Django has logged it already."""
    problem = storage_problem(sys.exc_info()[1])
    if problem is not None:
        return cannot_save(request, problem)
    if not _is_api(request):
        return defaults.server_error(request)
    sentence = _("Something went wrong on our side; it has been logged.")
    return problem_response(Problem("internal-error", 500, sentence))


@csrf_exempt
def unknown_route(request: HttpRequest) -> HttpResponse:
    """404 for every address under ``/api/`` that is no operation."""
    sentence = _("There is nothing at this address. The operations are described at %(docs)s.")
    detail = sentence % {"docs": reverse("api:docs")}
    slashed = request.path_info + "/"
    if not request.path_info.endswith("/") and _is_operation(slashed):
        detail = _("There is nothing at this address. Did you mean %(address)s?") % {"address": slashed}
    return problem_response(Problem("not-found", 404, detail))


def _is_operation(path: str) -> bool:
    try:
        return resolve(path, settings.ROOT_URLCONF).func is not unknown_route
    except Resolver404:
        return False
