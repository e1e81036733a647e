"""Which title of a film people are shown, where the data has one in their language."""

from __future__ import annotations

import re

from django.utils.translation import get_language

# The data writes "The Visitors (Les Visiteurs)": the title in English, and that of the country it was made in.
_TWO_TITLES = re.compile(r"(?P<first>[^()]+) \((?P<second>[^()]+)\)")
_WORD = re.compile(r"[^\W\d_]+")
# Small words tell a language; those of others tell that it is not French ("La Flor de mi secreto").
_FRENCH = frozenset(
    _WORD.findall("le la les l un une des du de d et en est sur qui dans pas j je ma mon sa son")
)
_OF_OTHERS = frozenset(
    _WORD.findall(
        "the of a an in my i for you to with and "  # English
        "el los las mi mis eso no se y yo que para todas todos peor agua "  # Spanish
        "il lo gli dei della delle nel "  # Italian
        "der das die det den ein eine bis o os"  # German, Swedish, Portuguese
    )
)


def shown_title(title: str) -> str:
    """The film's French title for somebody who reads French, if the data has one beside another; else both.

    A second title that only adds words to the first ("Nikita (La Femme Nikita)") was made for another country.
    """
    both = _TWO_TITLES.fullmatch(title) if (get_language() or "").startswith("fr") else None
    if both is None:
        return title
    first, second = both["first"], both["second"]
    if _is_french(first):
        return first
    return second if _is_french(second) and first not in second else title


def _is_french(title: str) -> bool:
    words = set(_WORD.findall(title.casefold()))
    return bool(words & _FRENCH) and not words & _OF_OTHERS
