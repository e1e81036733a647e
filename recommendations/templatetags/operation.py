"""What the operators' pages need in their templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop

from recommendations.admin.overview import start_page as page_of
from recommendations.selectors.job_stages import stage_label as label_of
from recommendations.services.figures import duration as as_duration
from recommendations.services.figures import figure as as_figure
from recommendations.services.figures import rough_duration as about
from recommendations.services.stored_sentences import in_active_language

register = template.Library()
HEALTH = {
    "green": gettext_noop("green"),
    "yellow": gettext_noop("yellow"),
    "red": gettext_noop("red"),
    "closed": gettext_noop("closed: all is well"),
    "open": gettext_noop("open: Elasticsearch is left alone"),
    "half-open": gettext_noop("half-open: it is being tried"),
}


@register.filter
def labelled_cells(cells: Iterable[SafeString], headers: Iterable[dict[str, Any]]) -> list[SafeString]:
    """The cells of a row of Django's lists, each with the name of its column, which a narrow screen shows beside it."""
    named = []
    for cell, header in zip(cells, headers, strict=False):
        # What stands in the first column is what the card is about.
        name = "" if str(header["text"]).startswith("<") else capfirst(str(header["text"]))
        label = f' data-label="{escape(name)}"' if name and cell.startswith("<td") else ""
        # Django has escaped the cell, and the label is escaped here.
        named.append(mark_safe(f"{cell[:3]}{label}{cell[3:]}"))  # nosec B308 B703
    return named


@register.filter
def figure(value: float | None) -> str:
    """A measure as every page, chart and sentence writes it; a dash for what was not measured."""
    return as_figure(value)


@register.filter
def in_page_language(sentence: str) -> str:
    """A sentence that was kept in English, in the language of the page."""
    return in_active_language(sentence)


@register.filter
def duration(seconds: float | None) -> str:
    """How long something took."""
    return as_duration(seconds)


@register.filter
def rough_duration(seconds: float) -> str:
    """How long something may still take."""
    return about(seconds)


@register.filter
def stage_label(name: str) -> str:
    """A stage of a job in the language of the page."""
    return label_of(name)


@register.simple_tag(takes_context=True)
def start_page(context: template.Context) -> dict[str, Any]:
    """What the start page of the admin shows."""
    return page_of(context["request"].user)


@register.filter
def health_label(state: str) -> str:
    """A colour of Elasticsearch or a state of the circuit breaker, in the language of the page."""
    return gettext(HEALTH[state]) if state in HEALTH else state
