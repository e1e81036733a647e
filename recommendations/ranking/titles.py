"""Titles without what tells no films apart (case, accents, articles, how numbers are written), and films that the
data has twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

ARTICLES = frozenset(
    "the a an le la les l un une der die das ein eine el los las il lo gli i o os as".split()  # noqa: SIM905
)
_WORDS = re.compile(r"\w+")
# "33+1⁄3" is "33 1/3".
_MIXED_NUMBER = re.compile(r"(?<=\d)\+(?=\d)")
# Two letters that stand for whole sentences.
_SENTENCES = re.compile("[\ufdfa\ufdfb]")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_NUMERALS = {
    **{word: str(place) for place, word in enumerate("ii iii iv v vi vii viii ix x xi xii".split(), start=2)},  # noqa: SIM905
    **{
        word: str(place)
        for place, word in enumerate(
            "one two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905
            start=1,
        )
    },
}
# "The Godfather: Part II", "The Godfather Part 2" and "Godfather 2" are one.
_COUNTED = frozenset(("part", "episode", "chapter", "volume", "vol"))


def title_words(title: str) -> list[str]:
    """The words of a title in small letters, without accents and without articles at its beginning or end.

    Roman numerals and number words are digits, ``&`` and ``+`` are "and". Linear in the length of the title.
    """
    plain = title.casefold() if title.isascii() else _without_accents(title)
    before, _comma, after = plain.rpartition(",")
    if after.strip().rstrip("'’") in ARTICLES:
        plain = before or plain
    if "+" in plain:
        plain = _MIXED_NUMBER.sub(" ", plain).replace("+", " and ")
    found = _WORDS.findall(plain.replace("&", " and "))
    first = 0
    while first < len(found) - 1 and found[first] in ARTICLES:
        first += 1
    words: list[str] = []
    for word in found[first:]:
        numeral = _NUMERALS.get(word, word)
        while words and words[-1] in _COUNTED and numeral.isdecimal():
            words.pop()
        words.append(numeral)
    return words


def _without_accents(title: str) -> str:
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", _SENTENCES.sub(" ", title)).casefold())


def fold_title(title: str) -> str:
    """:func:`title_words` as one text: "Amélie, Le" and "AMELIE" are one."""
    return " ".join(title_words(title))


def find_twins(films: Iterable[tuple[int, str, int | None]]) -> dict[int, int]:
    """Films that are in the data under two numbers, as the number to leave to the number to keep.

    ``films`` are number, title and year, best known first: the first of several with the same folded title and
    year is kept. A film without a year is nobody's twin.
    """
    kept: dict[tuple[str, int], int] = {}
    twins = {}
    for number, title, year in films:
        if year is None:
            continue
        first = kept.setdefault((fold_title(title), year), number)
        if first != number:
            twins[number] = first
    return twins
