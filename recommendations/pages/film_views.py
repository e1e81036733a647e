"""One film, why it is on the list, and finding films by title."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from recommendations.pages.forms import WholeNumberField
from recommendations.pages.labels import genre_label
from recommendations.pages.problems import problem_of, problem_page
from recommendations.pages.said import take_said
from recommendations.pages.viewer import Viewer, viewer_of
from recommendations.ranking.genres import GENRES
from recommendations.selectors import catalogue, explanations, similar
from recommendations.selectors.explanations import ExplainedPart, FilmExplanation
from recommendations.selectors.film_figures import catalogue_decades, figures_of
from recommendations.selectors.people import Person
from recommendations.selectors.recommendations import RecommendationError, UnknownFilmError

SIMILAR_FILMS = 8
FOUND_FILMS = 24
# The parts shown at once; the rest is one click away on the page and one sum on a card.
PARTS_ON_PAGE, PARTS_ON_CARD = 20, 5


@dataclass(frozen=True)
class Sum:
    """An explanation cut for showing: ``parts`` one by one, ``rest`` folded; ``widest`` scales the bars."""

    film: FilmExplanation
    parts: tuple[ExplainedPart, ...]
    rest: tuple[ExplainedPart, ...]

    @property
    def widest(self) -> float:
        """The greatest magnitude of any part; 1 if there is none."""
        return max((abs(part.value) for part in self.film.parts), default=1.0) or 1.0

    @property
    def rest_value(self) -> float:
        """What the folded parts add up to."""
        return sum(part.value for part in self.rest)

    @property
    def raised(self) -> float:
        """The sum of everything that speaks for the film."""
        return sum(part.value for part in self.film.parts if part.value > 0)

    @property
    def lowered(self) -> float:
        """The sum of everything that speaks against it, as a magnitude."""
        return -sum(part.value for part in self.film.parts if part.value < 0)


def _sum_for(viewer: Viewer, person: Person, movie_id: int, shown: int) -> Sum:
    film = explanations.explanation_for(person=person, movie_id=movie_id, dials=viewer.dials)
    return Sum(film, film.parts[:shown], film.parts[shown:])


def _film_or_404(movie_id: int) -> catalogue.FilmFacts:
    film = catalogue.film_facts(movie_id=movie_id)
    if film is None:
        raise Http404(_("There is no film with the number %(number)s.") % {"number": movie_id})
    return film


@require_safe
@cache_control(private=True, no_cache=True)
def film_page(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Cover, facts, how it fits the person of the session, and similar films."""
    film, viewer = _film_or_404(movie_id), viewer_of(request)
    person = viewer.person
    fit, neighbours = None, ()
    try:
        neighbours = similar.similar_to(movie_id=movie_id, k=SIMILAR_FILMS)
        fit = None if person is None else _sum_for(viewer, person, movie_id, PARTS_ON_CARD)
    except RecommendationError:
        pass  # no model yet, or one that does not know the film: the facts are still worth a page
    feedback = viewer.feedback
    context = {
        "film": film,
        "figures": figures_of(movie_id=movie_id),
        "similar": neighbours,
        "person": person,
        "sum": fit,
        "stars": feedback.stars_of(movie_id),
        "is_hidden": movie_id in feedback.hidden,
        "is_watched": movie_id in feedback.watchlist,
        "said": take_said(request),
    }
    return render(request, "pages/film.html", context)


@require_safe
@cache_control(private=True, no_cache=True)
def why(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Every part of the film's score; for htmx only the greatest, to be put into a card."""
    film, viewer = _film_or_404(movie_id), viewer_of(request)
    person = viewer.person
    if person is None:
        messages.info(
            request, _("There is no list yet, or your visit has expired. Choose below how to start.")
        )
        return redirect("pages:home")
    part = bool(request.htmx)  # type: ignore[attr-defined]
    try:
        summed = _sum_for(viewer, person, movie_id, PARTS_ON_CARD if part else PARTS_ON_PAGE)
    except UnknownFilmError as error:
        raise Http404(str(error)) from error
    except RecommendationError as error:
        return problem_page(request, problem_of(error, person))
    context = {"film": film, "sum": summed, "whom": viewer.describe()}
    response = render(request, "pages/_sum.html" if part else "pages/why.html", context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


class SearchForm(forms.Form):
    """A title, or part of one; genre and decade narrow it."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Title"),
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "maxlength": "200"}),
    )
    genre = forms.ChoiceField(
        label=gettext_lazy("Genre"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Genre: choose one of the list, or any.")},
    )
    decade = WholeNumberField(
        label=gettext_lazy("Decade"),
        required=False,
        min_value=1880,
        max_value=2090,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            gettext_lazy("Decade: “%(value)s” does not fit; choose one of the list."),
        ),
    )

    def __init__(self, *args, decades: tuple[int, ...], **kwargs) -> None:
        super().__init__(*args, auto_id="search_%s", **kwargs)
        genres = sorted(((name, capfirst(genre_label(name))) for name in GENRES), key=lambda pair: pair[1])
        self.fields["genre"].choices = [("", gettext_lazy("any")), *genres]
        names = [("", gettext_lazy("any")), *((str(decade), str(decade)) for decade in decades)]
        self.fields["decade"].widget = forms.Select(choices=names)


@require_safe
@cache_control(private=True, no_cache=True)
def search(request: HttpRequest) -> HttpResponse:
    """``?q=``, ``genre=``, ``decade=``: films found, best first; without words the best known ones."""
    form = SearchForm(request.GET, decades=catalogue_decades())
    found = None
    if form.is_valid():
        told = form.cleaned_data
        decade = told["decade"]
        found = catalogue.search_films(
            text=told["q"],
            genre=told["genre"] or None,
            decade=None if decade is None else decade // 10 * 10,
            limit=FOUND_FILMS,
        )
    context = {"form": form, "found": found, "text": form.cleaned_data.get("q", "")}
    return render(request, "pages/search.html", context, status=200 if found else 400)
