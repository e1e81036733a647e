"""Films of a file to films of the catalogue, by title and year. Plain Python."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.services.imports.parsing import ParsedRating

MOST_CANDIDATES = 4
# Comparing letter by letter costs some milliseconds per title.
MOST_FUZZY = 200
_ALIKE = 0.86
_ARTICLES = frozenset(
    [
        "the",
        "a",
        "an",
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "el",
        "los",
        "las",
        "il",
        "lo",
        "gli",
        "i",
        "o",
        "os",
        "as",
    ]
)
_YEAR_AT_END = re.compile(r"\s*\((\d{4})\)\s*$")
_IN_BRACKETS = re.compile(r"\(([^)]*)\)")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class CatalogueFilm:
    """A film by its MovieLens number: the title as shown, the title of the data, and the year."""

    movie_id: int
    title: str
    original_title: str
    year: int | None


@dataclass(frozen=True)
class Match:
    """``sure`` is the film; otherwise ``candidates`` may be it, likeliest first; neither: it is not there."""

    sure: CatalogueFilm | None = None
    candidates: tuple[CatalogueFilm, ...] = ()


def fold_title(title: str) -> str:
    """Without accents, case, punctuation and leading or trailing articles: "Amélie, Le" and "AMELIE" are one."""
    plain = unicodedata.normalize("NFKD", title.replace("&", " and ")).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    before, comma, after = plain.rpartition(",")
    words = _WORDS.findall(plain)
    if comma and after.strip().rstrip("'") in _ARTICLES:
        words = _WORDS.findall(before)
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words)


def _names(film: CatalogueFilm) -> set[str]:
    """Every folded title that the film goes by; titles in brackets are its other names."""
    names = set()
    for title in (film.title, _YEAR_AT_END.sub("", film.original_title)):
        names.add(fold_title(_IN_BRACKETS.sub(" ", title)))
        names.update(
            fold_title(re.sub(r"^a\.?k\.?a\.? ", "", other)) for other in _IN_BRACKETS.findall(title)
        )
    return names - {""}


class Matcher:
    """The catalogue, best known films first, ready to be asked."""

    def __init__(self, films: Iterable[CatalogueFilm]) -> None:
        self._by_number: dict[int, CatalogueFilm] = {}
        self._by_name: dict[str, list[CatalogueFilm]] = defaultdict(list)
        self._by_year: dict[int, list[tuple[str, CatalogueFilm]]] = defaultdict(list)
        self._fuzzy_left = MOST_FUZZY
        for film in films:
            self._by_number[film.movie_id] = film
            for name in _names(film):
                self._by_name[name].append(film)
                if film.year is not None:
                    self._by_year[film.year].append((name, film))

    def match(self, rating: ParsedRating) -> Match:
        """Title and year must agree to be sure; a year that differs by one, is missing, or a title that only begins
        alike or is spelt a little differently is doubtful."""
        if rating.movie_id is not None:
            return self._match_number(rating)
        title, year = rating.title, rating.year
        if year is None and (found := _YEAR_AT_END.search(title)):
            title, year = title[: found.start()], int(found[1])
        name = fold_title(_IN_BRACKETS.sub(" ", title)) or fold_title(title)
        named = self._by_name.get(name, []) if name else []
        same = [film for film in named if year is not None and film.year == year]
        if len({film.title for film in same}) == 1:
            # MovieLens has some films twice; the better known entry comes first.
            return Match(sure=same[0])
        near = [film for film in named if year is None or film.year is None or abs(film.year - year) <= 1]
        candidates = same or near or self._alike(name, year)
        return Match(candidates=tuple(dict.fromkeys(candidates))[:MOST_CANDIDATES])

    def _match_number(self, rating: ParsedRating) -> Match:
        film = self._by_number.get(rating.movie_id or 0)
        if film is None:
            return Match()
        if rating.title and fold_title(rating.title) not in _names(film):
            # The number says one film and the title another.
            by_title = self.match(
                ParsedRating(rating.line, rating.title, rating.year, None, rating.stars, None)
            )
            return (
                by_title
                if by_title.sure
                else Match(candidates=(film, *by_title.candidates)[:MOST_CANDIDATES])
            )
        return Match(sure=film)

    def _alike(self, name: str, year: int | None) -> list[CatalogueFilm]:
        if not name or year is None:
            return []
        around = [pair for near in (year, year - 1, year + 1) for pair in self._by_year.get(near, ())]
        longer = [
            film
            for other, film in around
            if film.year == year and (other.startswith(f"{name} ") or name.startswith(f"{other} "))
        ]
        if longer or not around or self._fuzzy_left == 0:
            return longer
        self._fuzzy_left -= 1
        close = difflib.get_close_matches(
            name, [other for other, _film in around], n=MOST_CANDIDATES, cutoff=_ALIKE
        )
        return [film for wanted in close for other, film in around if other == wanted]
