"""Titles as other services write them, with the film that each of them is, and how many of them are found."""

from __future__ import annotations

import csv
import random
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recommendations.ranking.titles import ARTICLES
from recommendations.services.imports.matching import CatalogueFilm, Matcher
from recommendations.services.imports.rows import ParsedRating

BY_HAND = "by hand"
_ROMAN = {"2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI"}
_ARABIC = {roman: arabic for arabic, roman in _ROMAN.items()}
# A title is changed by a letter only where so many others tell what it was.
_LONG_ENOUGH = 8


@dataclass(frozen=True)
class Labelled:
    """A title and a year as they are written somewhere; ``film`` is the number of the film that it is, ``None`` if the
    catalogue does not have it."""

    rule: str
    title: str
    year: int | None
    film: int | None


@dataclass
class Figures:
    """Of so many ``cases``, how many are ``right`` (chosen without asking, or rightly not found), how many were ``sure``
    and how many of these are not that film. ``wrong`` holds the cases that are not right."""

    cases: int = 0
    right: int = 0
    sure: int = 0
    wrong_sure: int = 0
    wrong: list[Labelled] | None = None


def read_by_hand(path: Path, films: Iterable[CatalogueFilm]) -> list[Labelled]:
    """The rows of a table with the columns ``title``, ``year``, ``film`` and ``film_year``; a film that the catalogue
    does not have is left out, and an empty one means that nothing may be found."""
    numbers = {(film.title, film.year): film.movie_id for film in films}
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year = int(row["year"]) if row["year"] else None
            named = (row["film"], int(row["film_year"])) if row["film"] else None
            if named is None or named in numbers:
                found.append(Labelled(BY_HAND, row["title"], year, numbers[named] if named else None))
    return found


def made_by_rules(films: Sequence[CatalogueFilm], count: int, *, seed: int = 1) -> list[Labelled]:
    """``count`` cases from the titles of the catalogue, as evenly spread over the rules as these find titles; the same for
    the same seed. Films that share title and year with another one cannot be told apart and are left out."""
    chance = random.Random(seed)
    years: dict[str, list[int]] = {}
    for film in films:
        years.setdefault(film.title.casefold(), []).append(film.year or 0)
    clear = [
        film
        for film in films
        if film.year and sum(abs(year - film.year) <= 2 for year in years[film.title.casefold()]) == 1
    ]
    chance.shuffle(clear)
    by_rule: dict[str, Iterator[Labelled]] = {
        name: _cases(name, rule, clear, chance, set(years)) for name, rule in _RULES.items()
    }
    found: list[Labelled] = []
    while by_rule and len(found) < count:
        for name in list(by_rule):
            case = next(by_rule[name], None)
            if case is None:
                del by_rule[name]
            elif len(found) < count:
                found.append(case)
    return found


Rule = Callable[[str, int, random.Random], tuple[str, int | None] | None]


def _cases(
    name: str, rule: Rule, films: Sequence[CatalogueFilm], chance: random.Random, known: set[str]
) -> Iterator[Labelled]:
    for film in films:
        written = rule(film.title, film.year or 0, chance)
        if written is None or written[0] == film.title and written[1] == film.year:
            continue
        # What has become another film's title is no case.
        if written[0].casefold() not in known - {film.title.casefold()}:
            yield Labelled(name, *written, None if name == _OTHER_FILM else film.movie_id)


def _article_behind(title: str, year: int, _chance: random.Random) -> tuple[str, int] | None:
    first, _space, rest = title.partition(" ")
    return (f"{rest}, {first}", year) if rest and first.lower() in ARTICLES else None


def _without_article(title: str, year: int, _chance: random.Random) -> tuple[str, int] | None:
    first, _space, rest = title.partition(" ")
    return (rest, year) if rest and first.lower() in ARTICLES else None


def _plain(title: str, year: int, _chance: random.Random) -> tuple[str, int] | None:
    """Without accents and signs."""
    letters = unicodedata.normalize("NFKD", title)
    plain = "".join(letter for letter in letters if letter.isalnum() or letter == " ")
    return (" ".join(plain.split()), year) if plain != title else None


def _numerals(title: str, year: int, _chance: random.Random) -> tuple[str, int] | None:
    words = [_ROMAN.get(word, _ARABIC.get(word, word)) for word in title.split()]
    return (" ".join(words), year)


def _and(title: str, year: int, _chance: random.Random) -> tuple[str, int] | None:
    swapped = title.replace(" & ", " and ") if " & " in title else title.replace(" and ", " & ")
    return (swapped, year)


def _letter(title: str, year: int, chance: random.Random) -> tuple[str, int] | None:
    """A letter is missing, but neither the first nor one of a number."""
    places = [place for place, letter in enumerate(title) if place > 4 and letter.isalpha()]
    if len(title) < _LONG_ENOUGH or not places:
        return None
    place = chance.choice(places)
    return (title[:place] + title[place + 1 :], year)


def _brackets(title: str, year: int, _chance: random.Random) -> tuple[str, int] | None:
    inside = title.rpartition("(")[2].removesuffix(")")
    return (inside, year) if title.endswith(")") and len(inside) > 3 else None


_OTHER_FILM = "a film of that name, but of other years"
_RULES: dict[str, Rule] = {
    "article behind": _article_behind,
    "article left out": _without_article,
    "capitals": lambda title, year, _chance: (title.upper(), year),
    "without accents and signs": _plain,
    "numerals": _numerals,
    "and": _and,
    "a year later": lambda title, year, _chance: (title, year + 1),
    "a year earlier": lambda title, year, _chance: (title, year - 1),
    "year in the title": lambda title, year, _chance: (f"{title} ({year})", None),
    "version": lambda title, year, _chance: (f"{title} (Director's Cut)", year),
    "series before": lambda title, year, _chance: (f"The Collection: {title}", year),
    "letter missing": _letter,
    "the title in brackets": _brackets,
    _OTHER_FILM: lambda title, year, chance: (title, year + chance.choice((-1, 1)) * chance.randint(4, 20)),
}


def measure(labelled: Iterable[Labelled], matcher: Matcher) -> dict[str, Figures]:
    """The figures by rule; a film that the catalogue has twice is found as the one that is shown."""
    figures: dict[str, Figures] = {}
    for case in labelled:
        match = matcher.match(ParsedRating(1, case.title, case.year, None, 4, None))
        shown = matcher.shown(case.film)
        chosen = match.sure or match.likely
        found = figures.setdefault(case.rule, Figures(wrong=[]))
        found.cases += 1
        found.sure += match.sure is not None
        found.wrong_sure += match.sure is not None and match.sure != shown
        if chosen == shown:
            found.right += 1
        elif found.wrong is not None:
            found.wrong.append(case)
    return figures
