"""One film, how it fits a person, and the whole sum behind its score."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from recommendations.covers.covers import cover_digest, cover_svg
from recommendations.models import Event
from recommendations.pages.events import SHOWN, note_event
from recommendations.pages.filter_chips import address_of_list, with_person
from recommendations.pages.forms import DEFAULT_LENGTH
from recommendations.pages.labels import counted_stars
from recommendations.pages.problems import no_list_yet, problem_of, problem_page
from recommendations.pages.visit.requests import viewer_of
from recommendations.pages.visit.said import take_said
from recommendations.pages.visit.values import Feedback
from recommendations.selectors import catalogue, film_details
from recommendations.selectors.film_figures import film_with_figures
from recommendations.selectors.lists import explanations, similar, stars, world
from recommendations.selectors.lists.explanations import ExplainedPart, FilmExplanation
from recommendations.selectors.lists.person import RecommendationError, UnknownFilmError
from recommendations.selectors.lists.world import Look

SIMILAR_FILMS = 8
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

    def place_in_words(self, *, predicts: bool) -> str:
        """The film's place among those that may come up in this person's list, in words of the active language.

        Where stars are predicted, they say how well it would be liked, and the place says how soon it comes.
        """
        place, films = self.film.place, self.film.films
        figures = {
            "place": number_format(place, force_grouping=True),
            "films": number_format(films, force_grouping=True),
        }
        words = words_for_list if predicts else words_for_place
        return words(place / max(films, 1)) % figures

    @property
    def lowered(self) -> float:
        """The sum of everything that speaks against it, as a magnitude."""
        return -sum(part.value for part in self.film.parts if part.value < 0)


def words_for_place(share: float) -> str:
    """A sentence with ``place`` and ``films``; ``share`` is the place divided by the number of films (0..1)."""
    if share <= 0.01:
        return _("One of the very best for you: number %(place)s of %(films)s films.")
    if share <= 0.05:
        return _("You would probably love it: number %(place)s of %(films)s films for you.")
    if share <= 0.2:
        return _("You would probably like it: number %(place)s of %(films)s films for you.")
    if share <= 0.5:
        return _("It may be worth a try: number %(place)s of %(films)s films for you.")
    return _("Probably not for you: number %(place)s of %(films)s films.")


def words_for_list(share: float) -> str:
    """The same without a word on how well the film would be liked."""
    if share <= 0.01:
        return _("At the very top of your list: number %(place)s of %(films)s films.")
    if share <= 0.2:
        return _("High in your list: number %(place)s of %(films)s films.")
    if share <= 0.5:
        return _("Further down your list: number %(place)s of %(films)s films.")
    return _("Far down your list: number %(place)s of %(films)s films.")


def _verdict(
    fit: Sum | None, stars: float | None, feedback: Feedback, movie_id: int, *, predicts: bool = False
) -> str:
    """How the film stands with this person: what they said of it goes before what the model expects."""
    if stars is not None:
        sentence = ngettext(
            "You gave it %(stars)s star.", "You gave it %(stars)s stars.", counted_stars(stars)
        )
        return sentence % {"stars": number_format(stars)}
    if movie_id in feedback.hidden:
        return _("You have hidden it; it does not come up in your list.")
    if movie_id in feedback.seen:
        return _("You have seen it; it does not come up in your list.")
    if movie_id in feedback.unwanted:
        return _("You want less like it; it does not come up in your list.")
    if movie_id in feedback.not_shown:
        return _("Not for tonight; tomorrow it may come up in your list again.")
    return "" if fit is None else fit.place_in_words(predicts=predicts)


def _sum_for(look: Look, movie_id: int, shown: int) -> Sum:
    film = explanations.explanation_for(look, movie_id=movie_id)
    return Sum(film, film.parts[:shown], film.parts[shown:])


def _film_or_404(movie_id: int) -> catalogue.FilmFacts:
    film = catalogue.film_facts(movie_id=movie_id)
    if film is None:
        raise Http404(str(catalogue.unknown_film(movie_id)))
    return film


@require_safe
@cache_control(private=True, no_cache=True)
def film_page(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Cover, facts, how it fits the person of the session, and similar films."""
    found, viewer = film_with_figures(movie_id=movie_id), viewer_of(request)
    if found is None:
        raise Http404(str(catalogue.unknown_film(movie_id)))
    film, figures = found
    if film.movie_id != movie_id:
        return redirect("pages:film", film.movie_id, permanent=True)
    note_event(request, viewer, Event.Kind.OPEN, movie_id=movie_id)
    person = viewer.person
    fit, given = None, None
    neighbours: tuple[similar.SimilarFilm, ...] = ()
    predictions: dict[int, stars.Expected] = {}
    try:
        champion = world.require_champion()
        neighbours = similar.similar_to(champion, movie_id=movie_id, k=SIMILAR_FILMS)
        if person is not None:
            look = world.look_at(person, viewer.dials, champion=champion)
            fit = _sum_for(look, movie_id, PARTS_ON_CARD)
            given = stars.stars_given(look, movie_id=movie_id)
            predictions = stars.expected_of(
                look, movie_ids=[movie_id, *(near.movie_id for near in neighbours)]
            )
    except RecommendationError:
        pass  # no model yet, or one that does not know the film: the facts are still worth a page
    details = film_details.details_of(movie_id=movie_id)
    more = film_details.more_with(details.people, movie_id=movie_id) if details.people else None
    feedback = viewer.feedback
    given = given or feedback.stars_of(movie_id)
    context = {
        "film": film,
        "verdict": ""
        if given is not None
        else _verdict(fit, None, feedback, movie_id, predicts=movie_id in predictions),
        "figures": figures,
        "details": details,
        "more": more,
        "more_list": "" if more is None else address_of_list(DEFAULT_LENGTH, with_person(more.name)),
        "more_films": () if more is None else catalogue.films_in_order(more.movie_ids),
        "similar": neighbours,
        "person": person,
        # Nobody is told how well a film would suit them that they have given stars.
        "sum": None if given is not None else fit,
        "given": given,
        "expected": predictions,
        "stars": feedback.stars_of(movie_id),
        "is_hidden": movie_id in feedback.hidden,
        "film_mark": feedback.mark_of(movie_id),
        "is_watched": movie_id in feedback.watchlist,
        "said": take_said(request),
        "shown": request.GET.get(SHOWN, "")[:100],
    }
    return render(request, "pages/film.html", context)


@require_safe
@cache_control(private=True, no_cache=True)
def why(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Every part of the film's score; for htmx only the greatest, to be put into a card."""
    film, viewer = _film_or_404(movie_id), viewer_of(request)
    person = viewer.person
    if person is None:
        return no_list_yet(request)
    part = bool(request.htmx)  # type: ignore[attr-defined]
    try:
        look = world.look_at(person, viewer.dials)
        summed = _sum_for(look, film.movie_id, PARTS_ON_CARD if part else PARTS_ON_PAGE)
    except UnknownFilmError as error:
        raise Http404(str(error)) from error
    except RecommendationError as error:
        return problem_page(request, problem_of(error, person))
    note_event(request, viewer, Event.Kind.WHY, movie_id=film.movie_id)
    context = {
        "film": film,
        "sum": summed,
        "whom": viewer.describe(),
        "verdict": _verdict(summed, summed.film.own_stars, viewer.feedback, film.movie_id),
    }
    response = render(request, "pages/_sum.html" if part else "pages/why.html", context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


YEAR, HOUR = 31_536_000, 3600


@require_safe
def cover(request: HttpRequest, movie_id: int) -> HttpResponse:
    """The SVG. With the digest of the film in ``?v=`` it never changes; without, it is worth asking again."""
    film = _film_or_404(movie_id)
    digest = cover_digest(title=film.title, year=film.year, genres=film.genres)
    named = request.GET.get("v") == digest
    tag = quote_etag(digest)
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        svg = cover_svg(movie_id=film.movie_id, title=film.title, year=film.year, genres=film.genres)
        response = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if named else f"public, max-age={HOUR}"
    return response
