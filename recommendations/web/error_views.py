"""Django's error handlers: problem details under ``/api/``, the admin's own look in the admin, the site's pages elsewhere."""

from __future__ import annotations

import sys

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views import csrf, defaults
from django.views.decorators.csrf import csrf_exempt

from recommendations.web.admin_gate import works_in_admin
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


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: somebody without the permission; who works in the admin stays in it."""
    if not works_in_admin(request):
        return defaults.permission_denied(request, exception)
    sentence = _(
        "Your account (%(name)s) has not the permission for this. An administrator can give it another role."
    ) % {"name": request.user.get_username()}
    return _admin_page(request, _("Not allowed"), sentence, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing at this address; who works in the admin stays in it."""
    if not works_in_admin(request):
        return defaults.page_not_found(request, exception)
    sentence = _("There is nothing at this address; what was here may have been deleted.")
    return _admin_page(request, _("Not found"), sentence, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form whose token does not match; who works in the admin stays in it."""
    if not works_in_admin(request):
        return csrf.csrf_failure(request, reason)
    sentence = _(
        "The token of the form did not match, so that nothing was changed. Open the page afresh and send it again."
    )
    return _admin_page(request, _("This form has expired"), sentence, 403)


def _admin_page(request: HttpRequest, title: str, sentence: str, status: int) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, "sentence": sentence}
    return TemplateResponse(request, "admin/problem.html", context, status=status).render()


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
