"""The first minute: tastes to pick and films to rate, with the list in sight. Nobody has to: the list is there without it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from recommendations.pages import tastes
from recommendations.pages.problems import invalid, no_list_yet, problem_of, problem_page, wants_part
from recommendations.pages.programme import PLENTY_OF_RATINGS
from recommendations.pages.visit.requests import look_as, viewer_of
from recommendations.pages.visit.said import RATED, Said, keep_said, take_said
from recommendations.pages.visit.viewer import Viewer
from recommendations.selectors.catalogue import film_facts
from recommendations.selectors.lists import questions, recommendations, world
from recommendations.selectors.lists.person import Person, RecommendationError
from recommendations.stars import STARS

QUESTIONS, TOP_FILMS = 6, 5
# The session keeps what was shown and what the person has not seen: numbers of films.
SESSION_KEY = "onboarding"
MOST_UNSEEN = 300


@require_safe
@cache_control(private=True, no_cache=True)
def onboarding(request: HttpRequest) -> HttpResponse:
    """The films to rate and the top of the list."""
    viewer = viewer_of(request)
    person = viewer.person
    if person is None:
        return no_list_yet(request)
    try:
        context = start_context(request, viewer, person, way_back=reverse("pages:onboarding"))
    except RecommendationError as error:
        return problem_page(request, problem_of(error, person))
    return render(request, "pages/onboarding.html", {**context, "said": take_said(request)})


@require_POST
@cache_control(private=True, no_store=True)
def answer(request: HttpRequest, movie_id: int) -> HttpResponse:
    """``stars`` 1 to 5, or ``unseen``; then the next film and the new top of the list in the same answer."""
    viewer = _somebody(request)
    film = film_facts(movie_id=movie_id)
    stars = request.POST.get("stars", "")
    said = None
    if "unseen" in request.POST:
        shown, unseen = _kept(request)
        _keep(request, shown, [*(number for number in unseen if number != movie_id), movie_id])
    elif film is None or not (stars.isascii() and stars.isdigit() and int(stars[:3]) in STARS):
        sentence = _("That answer does not fit. Give a film 1 to 5 stars, or say that you have not seen it.")
        return problem_page(request, invalid(sentence))
    else:
        before = viewer.rate(movie_id, int(stars))
        said = Said(
            what=RATED,
            movie_id=movie_id,
            title=film.title,
            stars=int(stars),
            before=before.stars,
            place=before.place,
            moment=before.moment,
        )
    if not request.htmx:  # type: ignore[attr-defined]
        if said is not None:
            keep_said(request, said)
        return HttpResponseRedirect(_way_back(request), status=303)
    return _part(request, viewer, said)


@require_POST
@cache_control(private=True, no_store=True)
def pick(request: HttpRequest) -> HttpResponse:
    """``films`` of a tile: picked, or let go if they are picked; the list in the same answer."""
    viewer = _somebody(request)
    try:
        known = tastes.pick(world.require_champion(), viewer, request.POST.get("films", ""))
    except RecommendationError as error:
        return problem_page(request, problem_of(error, viewer.person or Person()))
    if not known:
        return problem_page(request, invalid(_("There is no such taste any more. Load the page again.")))
    return (
        _part(request, viewer, None)
        if wants_part(request)
        else HttpResponseRedirect(_way_back(request), status=303)
    )


def _somebody(request: HttpRequest) -> Viewer:
    """Whoever looks; who has not said how to start becomes a newcomer who has told nothing."""
    viewer = viewer_of(request)
    if not viewer.has_person:
        look_as(request, Person())
        if not request.session.session_key:
            request.session.save()  # what is said now must find it
        viewer = viewer_of(request)
    return viewer


def _way_back(request: HttpRequest) -> str:
    """The page that the form stands in: one that shows the films to start with, or the start itself."""
    pages = [reverse(f"pages:{name}") for name in ("home", "begin")]
    wanted = request.POST.get("next", "")
    return wanted if wanted in pages else reverse("pages:onboarding")


def _part(request: HttpRequest, viewer: Viewer, said: Said | None) -> HttpResponse:
    person = viewer.person or Person()
    try:
        context = start_context(request, viewer, person, way_back=_way_back(request))
    except RecommendationError as error:
        return problem_page(request, problem_of(error, person))
    return render(request, "pages/_onboarding.html", {**context, "said": said})


@require_POST
@cache_control(private=True, no_store=True)
def ask_again(request: HttpRequest) -> HttpResponse:
    """Forget which films the person has not seen."""
    request.session.pop(SESSION_KEY, None)
    return HttpResponseRedirect(reverse("pages:onboarding"), status=303)


def start_context(request: HttpRequest, viewer: Viewer, person: Person, *, way_back: str) -> dict[str, Any]:
    """Everything that one screen has to start from: tastes to pick, films to rate, and the top of the list.

    Raises
    ------
    RecommendationError
    """
    shown, unseen = _kept(request)
    look = world.look_at(person, viewer.dials)
    films = questions.questions_for(look, count=QUESTIONS, shown=shown, unseen=unseen)
    ranked = recommendations.recommendations_for(look, k=TOP_FILMS)
    _keep(request, [film.movie_id for film in films], unseen)
    feedback = viewer.feedback
    return {
        "tiles": tastes.tiles_for(look.champion, feedback),
        "picked_count": len(feedback.picked),
        "films": films,
        "ranked": ranked,
        "has_profile": look.has_profile,
        "data_set": look.artefact.data,
        "rated_count": len(feedback.ratings),
        "plenty": PLENTY_OF_RATINGS,
        "unseen_count": len(unseen),
        "next": way_back,
    }


def _kept(request: HttpRequest) -> tuple[list[int], list[int]]:
    """The films shown last, and those that the person has not seen; what cannot be read counts as none."""
    kept = request.session.get(SESSION_KEY)
    kept = kept if isinstance(kept, dict) else {}
    lists = (kept.get(name) for name in ("shown", "unseen"))
    shown, unseen = (
        [number for number in numbers if type(number) is int] if isinstance(numbers, list) else []
        for numbers in lists
    )
    return shown, unseen


def _keep(request: HttpRequest, shown: list[int], unseen: list[int]) -> None:
    kept = {"shown": shown, "unseen": unseen[-MOST_UNSEEN:]}
    if request.session.get(SESSION_KEY) != kept:
        request.session[SESSION_KEY] = kept
