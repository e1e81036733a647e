"""``POST /recommend_session`` for clients that ask for JSON: the list at once, and the person in the session.

A client asks for JSON by a JSON body, or by preferring ``application/json`` to HTML. It sends ``user``, or any
of ``age``, ``gender`` and ``occupation``, and optionally ``k``.

CSRF. A page of another site can make a browser send a form, with its cookies, but it cannot make it send a body
of type ``application/json`` (that needs a permission, which this site never gives). So a JSON body needs no
token, and neither does a request without cookies, which has nobody's session to abuse. Anything else needs the
token, in the field ``csrfmiddlewaretoken`` or in the header ``X-CSRFToken``. A foreign ``Origin`` is refused always.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from recommendations.pages.forms import ListLengthForm, form_for
from recommendations.pages.problems import problem_json, problem_of, problem_of_form
from recommendations.pages.visit.requests import look_as
from recommendations.pages.visit.session import describe
from recommendations.selectors.lists import recommendations, world
from recommendations.selectors.lists.person import RecommendationError
from recommendations.web.problems import FieldError, Problem

# What the data tell of their people.
DEMOGRAPHICS = ("age", "gender", "occupation")


class _CsrfCheck(CsrfViewMiddleware):
    """Django's check, returning the objection instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:
        return HttpResponseForbidden(reason)


def csrf_objection(request: HttpRequest) -> str | None:
    """Why the token of ``request`` does not hold, or ``None``."""

    def unprotected(_request: HttpRequest) -> HttpResponse:
        """Stands for a view without exemption."""
        return HttpResponse()

    objection = _CsrfCheck(unprotected).process_view(request, unprotected, (), {})
    return None if objection is None else objection.content.decode()


def _has_json_body(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def wants_json(request: HttpRequest) -> bool:
    """True if the answer should be JSON."""
    if _has_json_body(request):
        return True
    return request.get_preferred_type(["text/html", "application/json", "application/problem+json"]) not in (
        None,
        "text/html",
    )


def _objection(request: HttpRequest) -> str | None:
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.get_host():
        return "foreign origin"
    if _has_json_body(request) or not request.COOKIES:
        return None
    return csrf_objection(request)


def _sent(request: HttpRequest) -> Mapping[str, Any] | None:
    """The fields of the request, or ``None`` if its body is not a JSON object."""
    if not _has_json_body(request):
        return request.POST
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return sent if isinstance(sent, dict) else None


def answer(request: HttpRequest) -> HttpResponse:
    """The list as JSON, or a problem: 400 per field, 403, 404 for an unknown person, 503 without an engine."""
    if _objection(request) is not None:
        sentence = _("The security token is missing or old. Send a JSON body, or the header X-CSRFToken.")
        return problem_json(Problem("not-allowed", 403, sentence))
    sent = _sent(request)
    if sent is None:
        sentence = _('The body is not a JSON object. Send one such as {"user": 196} or {"age": 30}.')
        return problem_json(Problem("malformed-request", 400, sentence))
    if sent.get("user") not in (None, "") and (
        given := [name for name in DEMOGRAPHICS if sent.get(name) not in (None, "")]
    ):
        sentence = _("%(name)s and user do not go together: the data tell it. Leave one of the two out.")
        errors = tuple(FieldError(name, sentence % {"name": name}) for name in given)
        detail = " ".join(error.message for error in errors)
        return problem_json(Problem("invalid-request", 400, detail, errors))
    form, wish = form_for(sent), ListLengthForm(sent)
    for checked in (form, wish):
        if not checked.is_valid():
            return problem_json(problem_of_form(checked))
    person = form.to_person()
    try:
        ranked = recommendations.recommendations_for(world.look_at(person), k=wish.length())
    except RecommendationError as error:
        return problem_json(problem_of(error, person))
    look_as(request, person)
    response = JsonResponse({"for": describe(person), **asdict(ranked)})
    patch_vary_headers(response, ["Accept"])
    return response
