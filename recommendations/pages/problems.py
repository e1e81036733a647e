"""How a failed wish is told: one clear sentence on a page, or the same as RFC 9457 problem details."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from recommendations.selectors.lists.person import (
    NoModelError,
    Person,
    RecommendationError,
    SearchUnavailableError,
    UnknownPersonError,
)
from recommendations.web.problems import RETRY_AFTER_SECONDS, FieldError, problem_response


@dataclass(frozen=True)
class Problem:
    """The stable end of its type, status, a short title, one sentence, and the messages per field."""

    kind: str
    status: int
    title: str
    sentence: str
    fields: tuple[tuple[str, str], ...] = ()


def problem_of(error: RecommendationError, person: Person) -> Problem:
    """What to say when no list can be made for ``person``."""
    if isinstance(error, UnknownPersonError):
        sentence = _("Nobody in the data has the number %(number)s. Start over with another number.")
        told = sentence % {"number": person.movielens_user}
        return Problem("unknown-person", 404, _("We do not know this person"), told, (("user", told),))
    if isinstance(error, NoModelError):
        return Problem(
            "no-model",
            503,
            _("The projector is still warming up"),
            _("No model has been trained and published yet. Run the pipeline, then load this page again."),
        )
    if isinstance(error, SearchUnavailableError):
        return Problem(
            "search-unavailable",
            503,
            _("The search is away"),
            _("The search engine does not answer at the moment. Your choice is kept; try again in a minute."),
        )
    return Problem(
        "no-recommendations",
        503,
        _("No list could be made"),
        _("Something is missing to make a list. Try again later."),
    )


def problem_of_form(form: Form) -> Problem:
    """The messages of an invalid form, by field."""
    fields = tuple((name, message) for name, messages in form.errors.items() for message in messages)
    return Problem(
        "invalid-request",
        400,
        _("Something does not fit"),
        " ".join(message for _name, message in fields),
        fields,
    )


def problem_json(problem: Problem) -> HttpResponse:
    """``problem`` as ``application/problem+json``."""
    response = problem_response(
        kind=problem.kind,
        title=problem.title,
        status=problem.status,
        detail=problem.sentence,
        errors=tuple(FieldError(field, message) for field, message in problem.fields),
        headers=_headers(problem),
    )
    patch_vary_headers(response, ["Accept"])
    return response


def _headers(problem: Problem) -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_SECONDS)} if problem.status == 503 else {}


def no_list_yet(request: HttpRequest) -> HttpResponse:
    """Back to the start for somebody of whom nothing is known; a part of a page that htmx asked for takes the page along."""
    messages.info(request, _("There is no list yet, or your visit has expired. Choose below how to start."))
    if wants_part(request):
        return HttpResponseClientRedirect(reverse("pages:home"))
    return redirect("pages:home")


def wants_part(request: HttpRequest) -> bool:
    """True if htmx asks for a part of a page, and not for a page like any link."""
    return bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]


def problem_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """``problem`` as a page with a way out."""
    response = render(request, "pages/problem.html", {"problem": problem}, status=problem.status)
    for name, value in _headers(problem).items():
        response[name] = value
    return response
