"""How a page says that something failed: one clear sentence, or the same as RFC 9457 problem details."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from recommendations.selectors.lists.person import Person, RecommendationError, UnknownPersonError
from recommendations.web import problems
from recommendations.web.problems import FieldError, Problem, problem_response


def problem_of(error: RecommendationError, person: Person) -> Problem:
    """What to say when no list can be made for ``person``."""
    if not isinstance(error, UnknownPersonError):
        return problems.problem_of(error)
    sentence = _("Nobody in the data has the number %(number)s. Start over with another number.")
    return problems.problem_of(error, sentence % {"number": person.movielens_user})


def invalid(sentence: str, field: str = "") -> Problem:
    """Something in the request that does not fit, in one sentence."""
    return Problem("invalid-request", 400, sentence, (FieldError(field, sentence),) if field else ())


def problem_of_form(form: Form) -> Problem:
    """The messages of an invalid form, by field."""
    fields = tuple(
        FieldError(name, str(message)) for name, messages in form.errors.items() for message in messages
    )
    return Problem("invalid-request", 400, " ".join(error.message for error in fields), fields)


def problem_json(problem: Problem) -> HttpResponse:
    """``problem`` as ``application/problem+json``."""
    response = problem_response(problem)
    patch_vary_headers(response, ["Accept"])
    return response


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
    for name, value in problem.headers.items():
        response[name] = value
    return response
