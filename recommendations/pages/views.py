"""The pages: two ways in, the list, and light or dark."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recommendations.pages import session_api
from recommendations.pages.filter_chips import read_filters
from recommendations.pages.forms import KnownPersonForm, ListLengthForm, NewcomerForm, PersonForm, form_for
from recommendations.pages.onboarding_views import start_context
from recommendations.pages.problems import invalid, no_list_yet, problem_of, problem_of_form, problem_page
from recommendations.pages.programme import programme
from recommendations.pages.visit.requests import look_as, look_as_oneself, viewer_of
from recommendations.pages.visit.said import take_said
from recommendations.ranking.filters import InvalidFilterError
from recommendations.selectors.catalogue import best_known_films
from recommendations.selectors.film_figures import rating_total
from recommendations.selectors.lists import world
from recommendations.selectors.lists.person import Person, RecommendationError, UnknownPersonError

COVERS_ON_HOME = 5
THEMES = ("light", "dark")
THEME_COOKIE, YEAR = "theme", 31_536_000


@require_safe
@cache_control(private=True, no_cache=True)
def home(request: HttpRequest) -> HttpResponse:
    """For somebody signed in the list, for others :func:`begin`."""
    return redirect("pages:results") if request.user.is_authenticated else _home_page(request)


@require_safe
@cache_control(private=True, no_cache=True)
def begin(request: HttpRequest) -> HttpResponse:
    """What this is, one screen to start from, and two forms."""
    return _home_page(request)


def _home_page(request: HttpRequest, filled: PersonForm | None = None, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    context: dict[str, Any] = {
        "known_form": filled if isinstance(filled, KnownPersonForm) else KnownPersonForm(),
        "filled": filled,
        "films": best_known_films(limit=COVERS_ON_HOME),
        "rating_total": number_format(total, force_grouping=True) if (total := rating_total()) else "",
        "remembered": viewer.describe() if viewer.has_person else None,
        "viewer": viewer,
        "start": False,
    }
    person = viewer.person
    if filled is None and (person is None or person.movielens_user is None):
        with suppress(RecommendationError):  # without a model there is nothing to pick from
            start = start_context(request, viewer, person or Person(), way_back=request.path)
            context |= {**start, "start": True, "said": take_said(request)}
    if not isinstance(filled, NewcomerForm):
        filled = NewcomerForm(data_set=context.get("data_set"))
    context["newcomer_form"] = filled
    return render(request, "pages/home.html", context, status=status)


@csrf_exempt  # checked below: a client that asks for JSON needs an answer in JSON
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def recommend_session(request: HttpRequest) -> HttpResponse:
    """Remember the person and go to the list; answers JSON to a client that asks for JSON.

    A browser's form needs the CSRF token; ``session_api`` says when a JSON client needs it.
    """
    if request.method != "POST":
        return redirect("pages:home")
    if session_api.wants_json(request):
        return session_api.answer(request)
    if (reason := session_api.csrf_objection(request)) is not None:
        return csrf_failure(request, reason)
    form = form_for(request.POST)
    if not form.is_valid():
        return _home_page(request, form, status=400)
    person = form.to_person()
    if isinstance(form, KnownPersonForm) and person.movielens_user is not None:
        try:  # ask now, so that the message stands beside the number that was typed
            world.require_known(world.require_champion(), person.movielens_user)
        except UnknownPersonError:
            form.refuse_unknown_person()
            return _home_page(request, form, status=404)
        except RecommendationError:
            pass  # told by the page of the list, where the person can try again
    look_as(request, person)
    return HttpResponseRedirect(reverse("pages:results"), status=303)


@require_POST
@cache_control(private=True, no_store=True)
def own_list(request: HttpRequest) -> HttpResponse:
    """From the list of a MovieLens number back to one's own."""
    look_as_oneself(request)
    return HttpResponseRedirect(reverse("pages:results"), status=303)


@require_safe
@cache_control(private=True, no_cache=True)
def results(request: HttpRequest) -> HttpResponse:
    """The ranked list for whoever is looking; ``?k=`` films that fit each ``filter=``."""
    viewer = viewer_of(request)
    person = viewer.person
    if person is None:
        return no_list_yet(request)
    wish = ListLengthForm(request.GET)
    if not wish.is_valid():
        return problem_page(request, problem_of_form(wish))
    try:
        champion = world.require_champion()
        filters = read_filters(request.GET, genres=champion.artefact.data.genres)
        context = programme(viewer, person, champion, k=wish.length(), filters=filters)
    except InvalidFilterError as error:
        return problem_page(request, invalid(str(error), "filter"))
    except RecommendationError as error:
        return problem_page(request, problem_of(error, person))
    return render(request, "pages/results.html", {**context, "said": take_said(request)})


@require_POST
@cache_control(private=True, no_store=True)
def choose_theme(request: HttpRequest) -> HttpResponse:
    """``theme``: ``light`` or ``dark``, kept in a cookie so that the first paint is right; else the device chooses."""
    wanted = request.POST.get("next", "")
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(wanted if safe else reverse("pages:home"), status=303)
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
