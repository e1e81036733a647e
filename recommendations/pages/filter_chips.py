"""The filters of the list as chips: each is a link to the list with it or without it, so that the address says it all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from recommendations.pages.forms import DEFAULT_LENGTH, SHOWN_CHARACTERS
from recommendations.pages.labels import genre_label, language_label
from recommendations.ranking.filters import LANGUAGE, LITTLE_SEEN, WITH, Filters, InvalidFilterError
from recommendations.selectors.lists.recommendations import RecommendationList


@dataclass(frozen=True)
class Chip:
    """A filter by its ``label``; ``address`` turns it on, or off if it ``is_on``."""

    label: str
    address: str
    is_on: bool


@dataclass(frozen=True)
class FilterChips:
    """``chosen`` are on; the others stand in groups. ``text`` goes with every form of the page."""

    text: str
    chosen: tuple[Chip, ...]
    genres: tuple[Chip, ...]
    decades: tuple[Chip, ...]
    little_seen: Chip
    languages: tuple[Chip, ...]
    no_filters: str


@dataclass(frozen=True)
class WayOut:
    """Leaving one filter out, and how many ``films`` there are then."""

    label: str
    address: str
    films: int


def read_filters(sent: QueryDict, *, genres: tuple[str, ...]) -> Filters:
    """``filter`` of an address or a form, several or with commas; ``genres`` are those of the version.

    Raises
    ------
    InvalidFilterError
        With a sentence for the person.
    """
    terms = [term.strip() for text in sent.getlist("filter") for term in text.split(",") if term.strip()]
    try:
        return Filters.from_terms(terms, known=genres)
    except InvalidFilterError as error:
        sentence = _(
            "Filter: “%(value)s” does not fit. Choose genres of the list, one decade such as 1980, or “not seen by many”."
        )
        typed = Truncator(", ".join(terms)).chars(SHOWN_CHARACTERS)
        raise InvalidFilterError(sentence % {"value": typed}) from error


def kept_filters(sent: QueryDict, *, genres: tuple[str, ...]) -> Filters:
    """The filters of a form that is about something else; what does not fit is not worth refusing a rating for."""
    try:
        return read_filters(sent, genres=genres)
    except InvalidFilterError:
        return Filters()


def address_of_list(length: int, filters: Filters) -> str:
    """The list with so many films and these filters."""
    query: list[tuple[str, str]] = [("filter", term) for term in filters.terms]
    if length != DEFAULT_LENGTH:
        query.insert(0, ("k", str(length)))
    return reverse("pages:results") + (f"?{urlencode(query)}" if query else "")


def with_person(name: str) -> Filters:
    """The filters that leave the films of somebody; a comma would part the name in an address."""
    return Filters(people=(name.replace(",", ""),))


def label_of(term: str) -> str:
    """What a filter is called in the language of the page."""
    if term == LITTLE_SEEN:
        return _("Not seen by many")
    if term.startswith(WITH):
        return _("With %(name)s") % {"name": term.removeprefix(WITH)}
    if term.startswith(LANGUAGE):
        return capfirst(language_label(term.removeprefix(LANGUAGE)))
    return capfirst(genre_label(term)) if not term.isdecimal() else _("%(decade)ss") % {"decade": term}


def chips_for(
    filters: Filters, *, length: int, genres: Iterable[str], decades: Iterable[int], languages: Iterable[str]
) -> FilterChips:
    """Every filter there is, as links from the list with ``filters``."""

    def chip(term: str, turned_on: Filters) -> Chip:
        is_on = term in filters.terms
        wanted = filters.without(term) if is_on else turned_on
        return Chip(label_of(term), address_of_list(length, wanted), is_on)

    shown = (name for name in genres if name != "unknown")
    by_genre = (chip(name, replace(filters, genres=(*filters.genres, name))) for name in shown)
    return FilterChips(
        text=",".join(filters.terms),
        chosen=tuple(chip(term, filters) for term in filters.terms),
        genres=tuple(sorted(by_genre, key=lambda found: found.label)),
        decades=tuple(chip(str(year), replace(filters, decade=year)) for year in decades),
        little_seen=chip(LITTLE_SEEN, replace(filters, little_seen=True)),
        languages=tuple(
            sorted(
                (chip(f"{LANGUAGE}{name}", replace(filters, language=name)) for name in languages),
                key=lambda found: found.label,
            )
        ),
        no_filters=address_of_list(length, Filters()),
    )


def ways_out(ranked: RecommendationList, filters: Filters, *, length: int) -> tuple[WayOut, ...]:
    """What to leave out if the filters leave too few films."""
    return tuple(
        WayOut(label_of(way.term), address_of_list(length, filters.without(way.term)), way.films)
        for way in ranked.loosen
        if way.films > len(ranked.items)
    )
