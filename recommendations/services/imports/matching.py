"""Films of a file to films of the catalogue, by title and year. Plain Python.

The work for a row does not grow with the catalogue: titles are looked up by their folded words, and only titles of
nearly the same length and year are compared letter by letter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommendations.ranking.titles import find_twins, title_words
from recommendations.services.imports.parsing import ParsedRating

MOST_CANDIDATES = 4
# A title that is spelt differently may differ by so many letters: one from five letters on, two from twelve on.
_SPELT = ((12, 2), (5, 1))
# The end of a longer title ("… and the Raiders of the Lost Ark") says enough from so many words on.
_TELLING_WORDS = 3
# Of a title in parts ("Star Wars: Episode V - …") so many are looked at.
_MOST_PARTS, _MOST_BRACKETS, _MOST_WORDS = 3, 3, 12
# How much longer than the longest title of the catalogue a title may be by its series or version.
_MOST_LETTERS_ASIDE = 40
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_BETWEEN_PARTS = re.compile(r" or: |: | [-–—] |; ")
_AKA = re.compile(r"^a\.?k\.?a\.? ", re.IGNORECASE)
_AGAIN = re.compile(
    r"[\s:,([–-]+(?:(?:in |the )?3-?d|imax|re-?release|remastered|special edition)[)\]]?$", re.IGNORECASE
)
_DIGITS = re.compile(r"\d")
# Words that one place writes out and another one does not.
_SHORT = {"boulevard": "blvd", "mister": "mr", "doctor": "dr", "saint": "st", "versus": "vs", "street": "st"}
# A film whose title only ends alike ("Monty Python's Life of Brian") shares so many words.
_LEAST_END = 2


@dataclass(frozen=True)
class CatalogueFilm:
    """A film by its number here: the title as shown, the title of the data, the year, its numbers at IMDb and TMDB, and
    other titles where the catalogue knows some."""

    movie_id: int
    title: str
    original_title: str
    year: int | None
    imdb: int | None = None
    tmdb: int | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """``sure`` is the film; otherwise ``candidates`` may be it, likeliest first; neither: it is not there.

    ``likely`` is the candidate that is it as good as surely.
    """

    sure: CatalogueFilm | None = None
    candidates: tuple[CatalogueFilm, ...] = ()
    likely: CatalogueFilm | None = None


def split_year(title: str) -> tuple[str, int | None]:
    """The title and the year that stands in brackets at its end, if one does."""
    title = title.rstrip()
    year = title[-5:-1]
    if title.endswith(")") and title[-6:-5] == "(" and year.isascii() and year.isdigit():
        return title[:-6].rstrip(), int(year) or None
    return title, None


def _key(words: Iterable[str]) -> str:
    # Without spaces: "Star Wars" and "Starwars", "Schindler's" and "Schindlers" are one.
    return "".join(words)


def _without_brackets(title: str) -> tuple[str, list[str]]:
    """What stands outside of brackets, and the first few texts inside of them."""
    if ")" not in title and "]" not in title:
        return title, []
    pieces = _IN_BRACKETS.split(title, maxsplit=_MOST_BRACKETS)
    return " ".join(pieces[::2]), [_AKA.sub("", text) for text in pieces[1::2]]


def _names(title: str) -> list[list[str]]:
    """The words of a title, of what stands outside of brackets, and of what stands inside of each."""
    outside, inside = _without_brackets(title)
    texts = (title, outside, *dict.fromkeys(inside)) if inside else (title,)
    return [words for words in map(_words, texts) if words]


def _words(title: str) -> list[str]:
    return [_SHORT.get(word, word) for word in title_words(title)]


def _parts(title: str) -> list[tuple[list[str], bool]]:
    """The words behind each of the title's first colons and dashes, and those before them; whether they end it."""
    if not _BETWEEN_PARTS.search(title):
        return []
    pieces = [_words(piece) for piece in _BETWEEN_PARTS.split(title, maxsplit=_MOST_PARTS)]
    cuts = range(1, len(pieces))
    ends = [(list(chain.from_iterable(pieces[cut:])), True) for cut in cuts]
    return ends + [(list(chain.from_iterable(pieces[:cut])), False) for cut in reversed(cuts)]


class Matcher:
    """The catalogue, best known films first, ready to be asked. A film that it has twice is found as the first."""

    def __init__(self, films: Iterable[CatalogueFilm]) -> None:
        listed = list(films)
        twins = find_twins((film.movie_id, film.title, film.year) for film in listed)
        self._by_number = {film.movie_id: film for film in listed}
        for number, kept in twins.items():
            self._by_number[number] = self._by_number[kept]
        shown = [self._by_number[film.movie_id] for film in listed]
        self._by_imdb = {film.imdb: own for film, own in zip(listed, shown, strict=True) if film.imdb}
        self._by_tmdb = {film.tmdb: own for film, own in zip(listed, shown, strict=True) if film.tmdb}
        self._by_key: dict[str, list[CatalogueFilm]] = defaultdict(list)
        self._by_part: dict[str, list[CatalogueFilm]] = defaultdict(list)
        self._by_beginning: dict[str, list[CatalogueFilm]] = defaultdict(list)
        self._by_ending: dict[str, list[CatalogueFilm]] = defaultdict(list)
        for film in listed:
            if film.movie_id not in twins:
                self._add(film)
        self._keys: dict[tuple[int | None, str], set[str]] = defaultdict(set)
        for key, found in self._by_key.items():
            for year in {film.year or 0 for film in found}:
                for near in (None, year - 1, year, year + 1):
                    self._keys[near, key[0]].add(key)
        self._alike_in: dict[tuple[int | None, str, int], list[str]] = {}
        longest = max((len(film.original_title) for film in listed), default=0)
        self._most_letters = longest + _MOST_LETTERS_ASIDE
        self._longest = max(map(len, self._by_key), default=0)

    def _add(self, film: CatalogueFilm) -> None:
        titles = dict.fromkeys((film.title, split_year(film.original_title)[0], *film.others))
        for words in chain.from_iterable(map(_names, titles)):
            _put(self._by_key, _key(words), film)
            for count in range(1, len(words)):
                _put(self._by_beginning, _key(words[:count]), film)
                if len(words) - count >= _LEAST_END:
                    _put(self._by_ending, _key(words[count:]), film)
        for words, _ends in chain.from_iterable(map(_parts, titles)):
            _put(self._by_part, _key(words), film)

    def shown(self, number: int | None) -> CatalogueFilm | None:
        """The film with this number, as it is shown."""
        return self._by_number.get(number or 0)

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of all films."""
        return frozenset(self._by_number)

    def match(self, rating: ParsedRating) -> Match:
        """A number of IMDb or TMDB that the catalogue has is sure; otherwise title and year must agree. Likely is a title
        of a single film whose year differs by one or is missing, that is spelt a little differently or has its series
        or version beside it; less is only proposed, as is a film whose number at IMDb or TMDB is another one."""
        film = self._by_imdb.get(rating.imdb or 0) or self._by_tmdb.get(rating.tmdb or 0)
        if film is not None:
            return Match(sure=film)
        found = self._match_number(rating) if rating.movie_id is not None else self._match_title(rating)
        chosen = found.sure or found.likely
        if chosen is None or not _contradicts(chosen, rating):
            return found
        return Match(candidates=found.candidates or (chosen,))

    def _match_title(self, rating: ParsedRating) -> Match:
        title, year = rating.title, rating.year
        if year is None:
            title, year = split_year(title)
        titles = [title[: self._most_letters]]
        others = dict.fromkeys((rating.original, *rating.others))
        titles += [
            split_year(each)[0][: self._most_letters] for each in others if each and each != rating.title
        ]
        names = [_names(each) for each in titles]
        mains = [words for each in names for words in each[:2]]
        exact = [_key(words) for words in mains]
        same = self._find(self._by_key, exact, year)
        if year is not None:
            same = [film for film in same if film.year == year] or same
            if len(same) == 1 and same[0].year == year:
                return Match(sure=same[0])
        aside = [_key(words) for each in names for words in each[2:]]
        return (
            _proposed(same or self._find(self._by_key, aside, year), likely=True)
            or self._unnumbered(titles, year)
            or self._by_parts(titles, exact, year)
            or self._by_ends(mains, exact, year)
            or self._ended(exact, year)
            or self._spelt_alike(exact, year)
            or self._shown_again(titles, year)
            or self._begun(mains, exact, year)
            or Match()
        )

    def _match_number(self, rating: ParsedRating) -> Match:
        film = self._by_number.get(rating.movie_id or 0)
        by_title = self._match_title(rating) if rating.title else Match()
        if film is None or not rating.title:
            return by_title if film is None else Match(sure=film)
        if film in (by_title.sure, by_title.likely) or film in by_title.candidates:
            return Match(sure=film)
        # The number says one film and the title another.
        if by_title.sure:
            return by_title
        return Match(candidates=(film, *by_title.candidates)[:MOST_CANDIDATES])

    def _find(
        self, index: dict[str, list[CatalogueFilm]], keys: Iterable[str], year: int | None
    ) -> list[CatalogueFilm]:
        """The films under any of the keys, each once, whose year differs by one at most."""
        known = [index[key] for key in keys if key in index]
        if not known:
            return []
        found = dict.fromkeys(chain.from_iterable(known))
        return [film for film in found if year is None or abs((film.year or 0) - year) <= 1]

    def _by_parts(self, titles: Sequence[str], exact: Sequence[str], year: int | None) -> Match | None:
        """The series before or the version behind a title, or a film whose own title has more parts."""
        for title in titles:
            for words, ends in _parts(_without_brackets(title)[0]):
                found = self._find(self._by_key, [_key(words)], year)
                if found:
                    # What stands first may be the name of a series: any of its films, if the year does not tell.
                    tells = ends and (year is not None or len(words) > 1)
                    return _proposed(found, likely=tells or _of_year(found, year))
        return _proposed(self._find(self._by_part, exact, year), likely=year is not None)

    def _unnumbered(self, titles: Sequence[str], year: int | None) -> Match | None:
        """A part of a series whose number the catalogue leaves out: "Star Trek II: The Wrath of Khan"."""
        for title in titles:
            first, *rest = _BETWEEN_PARTS.split(title, maxsplit=1)
            number = len(begin := _words(first)) - 1
            if rest and number > 0 and begin[number].isdecimal():
                words = _words(title)
                found = self._find(self._by_key, [_key([*words[:number], *words[number + 1 :]])], year)
                if found:
                    return _proposed(found, likely=_of_year(found, year))
        return None

    def _shown_again(self, titles: Sequence[str], year: int | None) -> Match | None:
        """A film that came out once more, under its title with "3D" or the like behind it and in a later year."""
        for title in titles:
            if year is not None and (again := _AGAIN.search(title)):
                words = _words(title[: again.start()])
                found = [film for film in self._by_key.get(_key(words), ()) if (film.year or year) <= year]
                if found:
                    return _proposed(found, likely=len(words) >= _TELLING_WORDS)
        return None

    def _ended(self, exact: Sequence[str], year: int | None) -> Match | None:
        """A film whose title ends with all of this one, and whose year says the same."""
        found = self._find(self._by_ending, exact, year) if year is not None else []
        return _proposed([film for film in found if film.year == year], likely=True)

    def _by_ends(self, mains: Sequence[list[str]], exact: Sequence[str], year: int | None) -> Match | None:
        """A film whose title is the end of this one."""
        for words, key in zip(mains, exact, strict=True):
            begin = 0
            for place, word in enumerate(words[:_MOST_WORDS], 1):
                begin += len(word)
                end, count = key[begin:], len(words) - place
                if end in self._by_key and (count >= _TELLING_WORDS or year is not None):
                    found = self._find(self._by_key, [end], year)
                    if found:
                        return _proposed(found, likely=_of_year(found, year) and count >= _TELLING_WORDS)
        return None

    def _spelt_alike(self, keys: Iterable[str], year: int | None) -> Match | None:
        """Titles that differ by a letter or two, but not in the first nor in a number: "Jaws 2" is not "Jaws 3"."""
        for key in keys:
            most = next((most for least, most in _SPELT if len(key) >= least), 0)
            comparable = self._comparable(year, key[0], len(key)) if most else ()
            if not comparable:
                continue
            near = process.extract(
                key, comparable, scorer=OSA.distance, score_cutoff=most, limit=MOST_CANDIDATES
            )
            digits = _DIGITS.findall(key)
            alike = [other for other, _distance, _place in near if _DIGITS.findall(other) == digits]
            if alike:
                found = self._find(self._by_key, alike, year)
                return _proposed(found, likely=_of_year(found, year) or (year is not None and most > 1))
        return None

    def _comparable(self, year: int | None, first: str, length: int) -> Sequence[str]:
        """The titles of about this year and length that begin with this letter."""
        if length > self._longest + _SPELT[0][1] or (year, first) not in self._keys:
            return ()
        found = self._alike_in.get((year, first, length))
        if found is None:
            found = sorted(key for key in self._keys[year, first] if abs(len(key) - length) <= _SPELT[0][1])
            self._alike_in[year, first, length] = found
        return found

    def _begun(self, mains: Sequence[list[str]], exact: Sequence[str], year: int | None) -> Match | None:
        """Films whose titles only begin alike; without a year there would be too many."""
        if year is None:
            return None
        longer = self._find(self._by_beginning, exact, year)
        if longer:
            return _proposed(longer)
        for words, key in zip(mains, exact, strict=True):
            ends = list(accumulate(map(len, words[:_MOST_WORDS])))
            for end in reversed(ends):
                if key[:end] in self._by_key:
                    found = self._find(self._by_key, [key[:end]], year)
                    if found:
                        return _proposed(found)
        return None


def _put(index: dict[str, list[CatalogueFilm]], key: str, film: CatalogueFilm) -> None:
    if key and film not in index[key][-1:]:
        index[key].append(film)


def _contradicts(film: CatalogueFilm, row: ParsedRating) -> bool:
    """Whether both name the film by a number of the same place, and another one."""
    if film.imdb and row.imdb:
        return film.imdb != row.imdb
    return bool(film.tmdb and row.tmdb and film.tmdb != row.tmdb)


def _of_year(films: Sequence[CatalogueFilm], year: int | None) -> bool:
    return all(film.year == year for film in films)


def _proposed(films: Sequence[CatalogueFilm], *, likely: bool = False) -> Match | None:
    if not films:
        return None
    alone = likely and len(films) == 1
    return Match(candidates=tuple(films[:MOST_CANDIDATES]), likely=films[0] if alone else None)
