"""The line that says what is expected of a film: predicted stars and match."""

from __future__ import annotations

from functools import lru_cache

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from recommendations.selectors.lists.stars import Expected


def expected_line(expected: Expected) -> SafeString:
    """≈ 4.2 ★ and 93 % match, with a bar; a screen reader hears a sentence instead of the signs."""
    return _line(expected.stars, expected.match, get_language())


@lru_cache(maxsize=4096)
def _line(stars: float, match: int, _language: str | None) -> SafeString:
    shown = number_format(round(stars, 1), 1)
    return format_html(
        '<p class="expected"><span class="visually-hidden">{sentence}</span>'
        '<span class="expected__stars" aria-hidden="true">≈ {stars} ★</span> '
        '<span class="expected__match">{match}</span>'
        '<meter min="0" max="100" value="{value}" aria-hidden="true"></meter></p>',
        sentence=_("You would probably give it %(stars)s stars.") % {"stars": shown},
        stars=shown,
        match=_("%(match)s %% match") % {"match": match},
        value=match,
    )
