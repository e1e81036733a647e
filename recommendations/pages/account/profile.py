"""The account at a glance, and the films that it has marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import user_of
from recommendations.models.catalogue import FIRST_ASIDE
from recommendations.pages.account.forms import ProfileForm
from recommendations.pages.account.ways import form_page, see
from recommendations.pages.visit.requests import viewer_of
from recommendations.pages.visit.said import take_said
from recommendations.pages.visit.values import MARKS
from recommendations.selectors.catalogue import FilmFacts, film_or_number, films_by_id
from recommendations.selectors.lists import stars as predictions
from recommendations.selectors.viewers import counts_of_user
from recommendations.services.account.profile import update_profile

FILMS_ON_PAGE = 24


@dataclass(frozen=True)
class MarkedFilm:
    """A film of one of the lists, and the stars that it has."""

    film: FilmFacts
    stars: float | None


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """What the account tells about the person, and the ways to everything else."""
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm.showing(user_of(request))
    if form.is_bound and form.is_valid():
        update_profile(user=user_of(request), demographics=form.to_demographics())
        messages.success(request, _("Your profile is saved; your list follows it at once."))
        return see("accounts:profile")
    return form_page(request, "profile", form, counts=counts_of_user(user=user_of(request)))


@never_cache
@require_safe
def films(request: HttpRequest, kind: str) -> HttpResponse:
    """Everything rated, to be watched or hidden, newest first, to be changed in place. Visitors have lists as well."""
    viewer = viewer_of(request)
    if not viewer.has_person:
        messages.info(request, _("Sign in to see your lists, or start below as a visitor."))
        return see("pages:home")
    feedback = viewer.feedback
    stars = {rating.movie_id: rating.stars for rating in feedback.ratings}
    numbers = {"ratings": tuple(stars), "watchlist": feedback.watchlist, "hidden": feedback.hidden}
    numbers |= {mark: tuple(getattr(feedback, mark)) for mark in MARKS}
    page = _page(request, numbers[kind][::-1])
    facts = films_by_id(movie_ids=page.object_list)
    expected = predictions.expected_for(viewer.person, movie_ids=list(page)) if kind == "watchlist" else {}
    context = {
        "kind": kind,
        "film_mark": kind if kind in MARKS else "",
        "page": page,
        "films": [
            MarkedFilm(film_or_number(facts.get(number), number), stars.get(number)) for number in page
        ],
        "numbers": {name: len(listed) for name, listed in numbers.items()},
        "hidden_films": frozenset(feedback.hidden),
        "watched": frozenset(feedback.watchlist),
        "aside": sum(number >= FIRST_ASIDE for number in numbers[kind]),
        "expected": expected,
        "viewer": viewer,
        "said": take_said(request),
    }
    return render(request, "accounts/films.html", context)


def _page(request: HttpRequest, numbers: Sequence[int]) -> Page:
    # A page that does not exist, perhaps because its last film has just gone, is the nearest one that does.
    return Paginator(numbers, FILMS_ON_PAGE).get_page(request.GET.get("page"))
