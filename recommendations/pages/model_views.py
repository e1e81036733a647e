"""The card of a model version, for everybody: what its lists rest on, how good they are, and for whom."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from recommendations.evaluation.names import LIKE_SHARE, MODEL, POPULARITY
from recommendations.selectors.model_card import ModelCard, model_card, ndcg_rows

_PROTOCOLS = {
    "warm": gettext_noop("a random quarter of each person’s ratings is asked about"),
    "temporal": gettext_noop("the last fifth of each person’s ratings is asked about"),
    "cold": gettext_noop("people of whom only age, gender and occupation are known"),
}
_SYSTEMS = {
    MODEL: gettext_noop("the model"),
    POPULARITY: gettext_noop("the most popular films"),
    LIKE_SHARE: gettext_noop("the films with the largest like share"),
    "genres": gettext_noop("genres alone"),
    "EASE alone": gettext_noop("EASE alone"),
    "ALS alone": gettext_noop("ALS alone"),
}
_PARTS = {
    "people": gettext_noop("age, gender and occupation of people: lists for newcomers start without them"),
    "times": gettext_noop("times: nothing counts as recent"),
    "genres": gettext_noop("genres: lists cannot be tuned by them"),
}
_GROUPS = (
    (re.compile(r"under (\d+) ratings"), gettext_noop("under %(first)s ratings")),
    (re.compile(r"(\d+) to (\d+) ratings"), gettext_noop("%(first)s to %(last)s ratings")),
    (re.compile(r"(\d+) ratings and more"), gettext_noop("%(first)s ratings and more")),
    (re.compile(r"under (\d+)"), gettext_noop("under %(first)s years")),
    (re.compile(r"(\d+) to (\d+)"), gettext_noop("%(first)s to %(last)s years")),
    (re.compile(r"(\d+) and over"), gettext_noop("%(first)s years and over")),
)
_NAMED = {"women": gettext_noop("women"), "men": gettext_noop("men")}


def group_label(name: str) -> str:
    """A group of an evaluation in the language of the page."""
    for pattern, words in _GROUPS:
        found = pattern.fullmatch(name)
        if found:
            numbers = found.groups()
            return _(words) % {"first": numbers[0], "last": numbers[-1]}
    return _(_NAMED[name]) if name in _NAMED else name


@require_safe
@cache_control(private=True, no_cache=True)
def card(request: HttpRequest, version: str = "") -> HttpResponse:
    """The card of the champion, or of the version that the address names."""
    found = model_card(version=version)
    if found is None and version:
        raise Http404(_("There is no such version of the model."))
    context = {} if found is None else _context(found)
    return render(request, "pages/model.html", {"card": found, **context})


def _context(found: ModelCard) -> dict[str, Any]:
    badly = set(found.badly_served)
    return {
        "figures": [
            (_(_PROTOCOLS[protocol]) if protocol in _PROTOCOLS else protocol, _named(rows))
            for protocol, rows in ndcg_rows(found).items()
        ],
        "served": [
            (capfirst(group_label(group)), people, ndcg, group in badly)
            for group, people, ndcg in found.served
        ],
        "lacks": [_(_PARTS[part]) for part in (found.data or {}).get("lacks", ()) if part in _PARTS],
        "parameters": sorted(_flat(found.parameters)),
        "shifts": [
            (stars, 100 * shift) for stars, shift in ((found.drift or {}).get("stars") or {}).items() if shift
        ],
    }


def _named(rows: list[tuple[str, float]]) -> list[tuple[str, float, bool]]:
    return [
        (_(_SYSTEMS[system]) if system in _SYSTEMS else system, value, system == MODEL)
        for system, value in rows
    ]


def _flat(values: dict[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found = []
    for name, value in values.items():
        if isinstance(value, dict):
            found += _flat(value, f"{before}{name}.")
        else:
            found.append((before + name, value))
    return found
