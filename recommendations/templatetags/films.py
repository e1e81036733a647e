"""Film facts in templates: labels in the language of the page, and addresses of covers."""

from django import template
from django.db import DatabaseError
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString

from recommendations.pages import labels
from recommendations.pages.cover_address import HasFacts, cover_address
from recommendations.pages.expected import expected_line
from recommendations.pages.marks import marks_form
from recommendations.selectors.lists.champion import champion_data, loaded_data, served_data
from recommendations.selectors.lists.programme import ProgrammeRow
from recommendations.selectors.lists.recommendations import Recommendation
from recommendations.services.posters import posters_are_used

register = template.Library()


@register.simple_tag
def cover_url(film: HasFacts) -> str:
    """The address of the cover, which changes with the drawing so that it can be kept for a year."""
    if posters_are_used():
        return reverse("pages:poster", args=[film.movie_id])
    return cover_address(film)


@register.simple_tag
def shows_posters() -> bool:
    """Whether posters are shown, for which TMDB wants to be named."""
    return posters_are_used()


@register.filter
def genre_label(name: str) -> str:
    """The genre in the language of the page."""
    return labels.genre_label(name)


register.filter("counted_stars", labels.counted_stars)


@register.simple_tag
def data_credit() -> str:
    """Where the ratings are from. Of a process that has loaded no model yet, the database is asked, if it answers."""
    data = loaded_data()
    if data is None:
        try:
            data = champion_data()
        except DatabaseError:
            return ""
    return labels.data_credit(data)


@register.simple_tag
def data_family() -> str:
    """What people call the data of the version that serves."""
    return labels.data_family(served_data())


@register.filter
def language_label(value: str) -> str:
    """A film's language in the language of the page."""
    return labels.language_label(value)


@register.filter
def running_time(minutes: int) -> str:
    """A film's length in hours and minutes."""
    return labels.running_time(minutes)


@register.filter
def signed(value: float) -> str:
    """A number with two decimals and its sign, as the language of the page writes it."""
    sign = "+" if value >= 0 else "\N{MINUS SIGN}"
    return sign + floatformat(abs(value), 2)


@register.filter
def signed_count(value: int) -> str:
    """A whole number with its sign, as the language of the page writes it."""
    sign = "+" if value >= 0 else "\N{MINUS SIGN}"
    return sign + number_format(abs(value), force_grouping=True)


@register.filter
def grouped(value: int) -> str:
    """A whole number, in groups of three digits as the language of the page writes them."""
    return number_format(value, force_grouping=True)


@register.filter
def magnitude(value: float) -> str:
    """The number without its sign, for an attribute that machines read."""
    return f"{abs(value):.4f}"


@register.simple_tag
def row_reason(row: ProgrammeRow, film: HasFacts) -> str:
    """Why the film is in a row that lives; empty in the others, whose heading says it."""
    return row.reasons.get(film.movie_id, "")


@register.simple_tag
def list_place(made_list: object, row: str, place: int) -> str:
    """Where a film was shown, for events: the list's id, its row and the place; empty for a list without an id."""
    return f"{made_list}.{row}.{place}" if made_list else ""


@register.simple_tag(takes_context=True)
def expected(context: template.Context, film: HasFacts) -> SafeString:
    """Predicted stars and match, if the film of a list carries them or ``expected`` of the context (by number) does."""
    found = (context.get("expected") or {}).get(film.movie_id)
    if found is None and isinstance(film, Recommendation):
        found = film.expected
    return SafeString("") if found is None else expected_line(found)


@register.simple_tag(takes_context=True)
def marks(context: template.Context) -> SafeString:
    """Stars, watchlist and hiding for ``film`` as one form.

    Of the context: ``stars``, ``is_hidden``, ``is_watched`` or ``watched`` (numbers of the watchlist) say how the
    film stands; ``k`` makes it work on the list (htmx), ``next`` on a page that is loaded again, and ``shown`` names its place
    in a list. Written in Python,
    because a page has forty of them: as a template they would be most of its time.
    """
    return marks_form(
        context["film"],
        token=str(context.get("csrf_token") or ""),
        stars=context.get("stars"),
        is_hidden=bool(context.get("is_hidden")),
        is_watched=bool(context.get("is_watched"))
        or context["film"].movie_id in (context.get("watched") or ()),
        mark=context.get("film_mark") or "",
        length=context.get("k"),
        filters=context.get("filter_text") or "",
        way_back=context.get("next"),
        shown=context.get("shown") or "",
        halves=served_data().has_halves,
    )
