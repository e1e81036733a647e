"""My taste: what the model believes about a person, what they can change about it, and starting over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from recommendations.pages.dials_form import DialsForm, dials_markup, turned
from recommendations.pages.forms import NewcomerForm
from recommendations.pages.problems import invalid, no_list_yet, problem_of, problem_page
from recommendations.pages.taste_charts import GenreChart, Timeline
from recommendations.pages.visit.requests import look_as, viewer_of
from recommendations.pages.visit.reset import can_take_back, reset_taste, take_back
from recommendations.pages.visit.viewer import Viewer
from recommendations.ranking.dials import Dials
from recommendations.selectors.catalogue import FilmFacts
from recommendations.selectors.film_figures import catalogue_decades
from recommendations.selectors.lists import recommendations, taste, world
from recommendations.selectors.lists.champion import champion_data
from recommendations.selectors.lists.person import Person, RecommendationError
from recommendations.selectors.lists.taste import TasteReport

TOP_FILMS, NEWEST_RATINGS = 5, 10


@dataclass(frozen=True)
class DatedRating:
    """A rating of the time line; ``day`` is ``None`` where it is not known (the data's own people)."""

    film: FilmFacts
    stars: float
    day: datetime | None


@require_safe
@cache_control(private=True, no_cache=True)
def my_taste(request: HttpRequest) -> HttpResponse:
    """The page of a person's taste: charts, beliefs and the films that weigh most."""
    viewer = viewer_of(request)
    if viewer.person is None:
        return no_list_yet(request)
    return _page(request, viewer, viewer.person)


@require_POST
@cache_control(private=True, no_store=True)
def turn(request: HttpRequest) -> HttpResponse:
    """Set the dials, or with ``reset`` make them neutral; the answer shows what that does to the best films."""
    viewer = viewer_of(request)
    person = viewer.person
    if person is None:
        return no_list_yet(request)
    form = DialsForm(request.POST, decades=catalogue_decades(), genres=champion_data().genres)
    if "reset" in request.POST:
        viewer.turn_dials(Dials())
    elif form.is_valid():
        viewer.turn_dials(form.to_dials())
    else:
        sentence = " ".join(str(message) for errors in form.errors.values() for message in errors)
        return problem_page(request, invalid(sentence))
    if request.htmx:  # type: ignore[attr-defined]
        return _page(request, viewer, person, part=True, show_dials="reset" in request.POST)
    return HttpResponseRedirect(reverse("pages:taste"), status=303)


@require_POST
@cache_control(private=True, no_store=True)
def tell(request: HttpRequest) -> HttpResponse:
    """What a visitor tells about themselves, corrected."""
    viewer = viewer_of(request)
    person = viewer.person
    if person is None:
        return no_list_yet(request)
    if viewer.is_account or person.movielens_user is not None:
        return redirect(
            "pages:taste"
        )  # an account has its own page for this; the data's people stay as they are
    form = NewcomerForm(request.POST)
    if not form.is_valid():
        return _page(request, viewer, person, form=form, status=400)
    look_as(request, form.to_person())
    messages.success(request, _("Your answers are changed, and your list with them."))
    return HttpResponseRedirect(reverse("pages:taste"), status=303)


@require_POST
@cache_control(private=True, no_store=True)
def start_over(request: HttpRequest) -> HttpResponse:
    """Forget ratings, hidden films and dials (``sure``), or take that back (``undo``)."""
    viewer = viewer_of(request)
    if not viewer.has_person:
        return no_list_yet(request)
    if "undo" in request.POST:
        if take_back(request, viewer):
            messages.success(request, _("Everything is as it was before."))
    elif request.POST.get("sure"):
        count = len(reset_taste(request, viewer).ratings)
        sentence = ngettext(
            "Forgotten: %(count)s rating, hidden films and dials.",
            "Forgotten: %(count)s ratings, hidden films and dials.",
            count,
        )
        messages.success(request, sentence % {"count": count})
    else:
        messages.info(request, _("Nothing was forgotten: tick the box first to confirm."))
    return HttpResponseRedirect(reverse("pages:taste"), status=303)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    person: Person,
    *,
    form: NewcomerForm | None = None,
    part: bool = False,
    show_dials: bool = False,
    status: int = 200,
) -> HttpResponse:
    dials = viewer.dials
    try:
        look = world.look_at(person, dials)
        report = taste.taste_of(look)
        ranked = recommendations.recommendations_for(look, k=TOP_FILMS)
    except RecommendationError as error:
        return problem_page(request, problem_of(error, person))
    demographics, data = person.demographics, look.artefact.data
    initial = {
        "age": demographics.age,
        "gender": demographics.gender or "",
        "occupation": demographics.occupation or "",
    }
    context: dict[str, Any] = {
        "report": report,
        "has_profile": look.has_profile,
        "ranked": ranked,
        "whom": viewer.describe(),
        "viewer": viewer,
        "person": person,
        "chart": GenreChart(report.genres),
        "timeline": Timeline(report.history) if report.history else None,
        "newest": _newest(viewer, report),
        "dials_markup": dials_markup(dials, decades=catalogue_decades(), genres=data.genres),
        "show_dials": show_dials,
        "turned": turned(dials),
        "newcomer_form": form or NewcomerForm(initial=initial, data_set=data),
        "filled": form,
        "can_take_back": can_take_back(request),
    }
    return render(request, f"pages/{'_taste' if part else 'taste'}.html", context, status=status)


def _newest(viewer: Viewer, report: TasteReport) -> list[DatedRating]:
    moments = viewer.feedback.moments
    newest = []
    for rating in reversed(report.history[-NEWEST_RATINGS:]):
        moment = moments.get(rating.film.movie_id)
        day = datetime.fromtimestamp(moment / 1_000_000, UTC) if moment else None
        newest.append(DatedRating(rating.film, rating.stars, day))
    return newest
