"""Rating, hiding, turning dials and choosing the list: plain forms that redirect, or one request that swaps the list with htmx."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from recommendations.models import Event
from recommendations.pages.dials_form import DialsForm
from recommendations.pages.events import note_event
from recommendations.pages.filter_chips import address_of_list, kept_filters
from recommendations.pages.forms import DEFAULT_LENGTH
from recommendations.pages.problems import invalid, no_list_yet, problem_of, problem_page, wants_part
from recommendations.pages.programme import programme
from recommendations.pages.visit import said as words
from recommendations.pages.visit import values
from recommendations.pages.visit.requests import viewer_of
from recommendations.pages.visit.said import Said, keep_said
from recommendations.ranking.dials import LIST_KINDS, Dials
from recommendations.selectors.catalogue import film_facts, film_or_number, unknown_film
from recommendations.selectors.film_figures import catalogue_decades
from recommendations.selectors.lists import world
from recommendations.selectors.lists.champion import champion_data
from recommendations.selectors.lists.person import RecommendationError
from recommendations.stars import FEWEST_STARS, HALF, MOST_STARS, STARS, plain_stars

# Far above any history, and the year 2255 in microseconds: both only keep absurd numbers away.
MOST_PLACE, MOST_MOMENT = 100_000, 9 * 10**15


# By what happened: the kind of mark, and whether it is set or taken back.
MARKS = {
    words.SEEN: (values.SEEN, True),
    words.UNSEEN: (values.SEEN, False),
    words.PAUSED: (values.PAUSED, True),
    words.RESUMED: (values.PAUSED, False),
    words.LESS: (values.UNWANTED, True),
    words.AS_BEFORE: (values.UNWANTED, False),
}
MARKING = frozenset(
    (words.RATED, words.HIDDEN, words.WATCHED, *(what for what, (_kind, is_on) in MARKS.items() if is_on))
)
_EVENTS = {
    words.RATED: Event.Kind.RATING,
    words.HIDDEN: Event.Kind.HIDE,
    words.WATCHED: Event.Kind.WATCHLIST,
    words.SEEN: Event.Kind.SEEN,
    words.PAUSED: Event.Kind.NOT_TONIGHT,
}


class _SentForm(forms.Form):
    """``stars``; ``place`` and ``moment`` of an undo; ``k``, the length of the list on the page. ``undo`` marks an undo."""

    stars = forms.FloatField(min_value=FEWEST_STARS, max_value=MOST_STARS)
    place = forms.IntegerField(min_value=0, max_value=MOST_PLACE, required=False)
    moment = forms.IntegerField(min_value=0, max_value=MOST_MOMENT, required=False)

    def clean_stars(self) -> float:
        """Whole stars, and halves where the version has them."""
        stars = plain_stars(self.cleaned_data["stars"])
        if stars not in STARS and (stars % HALF or not champion_data().has_halves):
            raise forms.ValidationError("stars", "step")
        return stars


@require_POST
@cache_control(private=True, no_store=True)
def rate(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Give a film 1 to 5 stars; other stars than before replace them."""
    sent = _SentForm(request.POST)
    if not sent.is_valid():
        typed = Truncator(request.POST.get("stars", "")).chars(30)
        sentence = _("Stars: “%(value)s” does not fit. Give a film 1 to 5 stars.") % {"value": typed}
        return _refuse(request, sentence)
    return _change(request, movie_id, words.RATED, **sent.cleaned_data)


@require_POST
@cache_control(private=True, no_store=True)
def unrate(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Take the rating of a film back, with an undo in the notice."""
    return _change(request, movie_id, words.REMOVED)


@require_POST
@cache_control(private=True, no_store=True)
def hide(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Do not show a film again."""
    return _change(request, movie_id, words.HIDDEN)


@require_POST
@cache_control(private=True, no_store=True)
def unhide(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Let a hidden film come back."""
    return _change(request, movie_id, words.SHOWN)


@require_POST
@cache_control(private=True, no_store=True)
def watch(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Put a film on the watchlist."""
    return _change(request, movie_id, words.WATCHED)


@require_POST
@cache_control(private=True, no_store=True)
def unwatch(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Take a film off the watchlist."""
    return _change(request, movie_id, words.UNWATCHED)


@require_POST
@cache_control(private=True, no_store=True)
def mark(request: HttpRequest, movie_id: int, what: str) -> HttpResponse:
    """Seen, not tonight, less like this, or one of them taken back: ``what`` as in :mod:`visit.said`."""
    return _change(request, movie_id, what)


@require_POST
@cache_control(private=True, no_store=True)
def turn_dials(request: HttpRequest) -> HttpResponse:
    """Set the dials, or with ``reset`` make them neutral."""
    viewer = viewer_of(request)
    if not viewer.has_person:
        return no_list_yet(request)
    if "reset" in request.POST:
        viewer.turn_dials(Dials())
        return _answer(request, dials_changed=True)
    form = DialsForm(request.POST, decades=catalogue_decades(), genres=champion_data().genres)
    if not form.is_valid():
        return _refuse(
            request, " ".join(str(message) for errors in form.errors.values() for message in errors)
        )
    viewer.turn_dials(form.to_dials())
    return _answer(request)


@require_POST
@cache_control(private=True, no_store=True)
def choose_list_kind(request: HttpRequest) -> HttpResponse:
    """Look at another kind of list from now on."""
    viewer, kind = viewer_of(request), request.POST.get("kind", "")
    if not viewer.has_person:
        return no_list_yet(request)
    if kind not in LIST_KINDS:
        sentence = _("List: “%(value)s” is none. Choose one of those that the page offers.")
        return _refuse(request, sentence % {"value": Truncator(kind).chars(30)})
    viewer.choose_list_kind(kind)
    return _answer(request)


@require_POST
@cache_control(private=True, no_store=True)
def hide_stars(request: HttpRequest) -> HttpResponse:
    """With ``hidden`` 1, show no predicted stars from now on; with anything else, show them again."""
    viewer = viewer_of(request)
    if not viewer.has_person:
        return no_list_yet(request)
    viewer.hide_stars(request.POST.get("hidden") == "1")
    return _answer(request)


def _change(
    request: HttpRequest,
    movie_id: int,
    what: str,
    *,
    stars: float | None = None,
    place: int | None = None,
    moment: int | None = None,
) -> HttpResponse:
    viewer = viewer_of(request)
    if not viewer.has_person:
        return no_list_yet(request)
    film = film_facts(movie_id=movie_id)
    # Taking something back must also work for a film that has left the catalogue.
    if film is None and what in MARKING:
        return _refuse(request, str(unknown_film(movie_id)))
    movie_id = film.movie_id if film is not None else movie_id
    if what == words.RATED and stars is not None:
        before = viewer.rate(movie_id, stars, place=place, moment=moment)
    elif what in MARKS:
        kind, is_on = MARKS[what]
        before = viewer.mark(kind, movie_id) if is_on else viewer.unmark(kind, movie_id)
    else:
        change = {
            words.REMOVED: viewer.unrate,
            words.HIDDEN: viewer.hide,
            words.SHOWN: viewer.unhide,
            words.WATCHED: viewer.watch,
            words.UNWATCHED: viewer.unwatch,
        }[what]
        before = change(movie_id)
    if "undo" not in request.POST and what in _EVENTS:
        given = stars if what == words.RATED else None
        note_event(request, viewer, _EVENTS[what], movie_id=movie_id, stars=given)
    return _answer(
        request,
        Said(
            what=words.UNDONE if "undo" in request.POST else what,
            movie_id=movie_id,
            title=film_or_number(film, movie_id).title,
            stars=stars,
            before=before.stars,
            place=before.place,
            moment=before.moment,
        ),
    )


def _length(request: HttpRequest) -> int:
    """The length of the list on the page; what does not fit is not worth refusing a rating for."""
    sent = request.POST.get("k", "")
    fits = sent.isascii() and sent.isdigit() and 1 <= int(sent[:9]) <= settings.RECOMMENDATIONS_MAX_K
    return int(sent) if fits else DEFAULT_LENGTH


def _answer(
    request: HttpRequest,
    said: Said | None = None,
    *,
    trouble: str | None = None,
    status: int = 200,
    dials_changed: bool = False,
) -> HttpResponse:
    if not wants_part(request):
        if said is not None:
            keep_said(request, said)
        return HttpResponseRedirect(_way_back(request), status=303)
    viewer = viewer_of(request)
    person = viewer.person
    if person is None:
        return no_list_yet(request)
    try:
        champion, length = world.require_champion(), _length(request)
        filters = kept_filters(request.POST, genres=champion.artefact.data.genres)
        context = programme(viewer, person, champion, k=length, filters=filters, said=said, trouble=trouble)
    except RecommendationError as error:
        if said is not None:
            keep_said(request, said)  # the rating is kept; the page of the problem leads back to the list
        return problem_page(request, problem_of(error, person))
    # A dial that refused or was reset must show where it stands; otherwise the person's hand is on it.
    context["show_dials"] = dials_changed or trouble is not None
    return render(request, "pages/_swap.html", context, status=status)


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    if wants_part(request):
        return _answer(request, trouble=sentence, status=400)
    return problem_page(request, invalid(sentence))


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    ):
        return wanted
    return address_of_list(_length(request), kept_filters(request.POST, genres=champion_data().genres))
