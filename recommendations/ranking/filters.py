"""Hard filters of a list: what does not fit is not shown, whatever its score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommendations.errors import InvalidError
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.dials import LONGEST_GENRE
from recommendations.ranking.genres import GENRES
from recommendations.ranking.rows import LEAST_RATINGS, beaten_track

FIRST_DECADE, LAST_DECADE = 1880, 2090
LITTLE_SEEN = "little-seen"
# What stands before somebody's name, and before a language, in a term.
WITH, LANGUAGE = "with:", "in:"
LONGEST_NAME, LONGEST_LANGUAGE, MOST_PEOPLE = 120, 60, 3


class InvalidFilterError(InvalidError):
    """A filter names a genre or decade that there cannot be."""

    field = "filter"


@dataclass(frozen=True)
class Bounds:
    """What both engines carry out: a film has each of ``genres``, is of ``decade``, and has ``least`` to ``most``
    ratings; ``None`` and 0 let everything through."""

    genres: tuple[str, ...] = ()
    decade: int | None = None
    least: int = 0
    most: int | None = None

    @property
    def is_open(self) -> bool:
        """True if every film fits."""
        return self == Bounds()

    def mask(self, artefact: Artefact) -> NDArray[np.bool_]:
        """Which films fit (n,)."""
        fits = np.ones(len(artefact.movie_ids), bool)
        for genre in self.genres:
            fits &= artefact.having("genres", genre) > 0
        if self.decade is not None:
            fits &= artefact.decades == self.decade
        if self.least:
            fits &= artefact.rating_count >= self.least
        if self.most is not None:
            fits &= artefact.rating_count <= self.most
        return fits


EVERY_FILM = Bounds()


@dataclass(frozen=True)
class Filters:
    """``genres`` that a film must have, all of them; its ``decade``, by the first year; ``little_seen``: none of the
    films that most people have seen, but with enough ratings to be judged; ``people`` who directed it or act in it, all of
    them; and its ``language``. Which films the last two leave, the catalogue says, and no :meth:`bounds`.

    Raises
    ------
    InvalidFilterError
        If a genre is none, or a decade is not the first year of one.
    """

    genres: tuple[str, ...] = ()
    decade: int | None = None
    little_seen: bool = False
    people: tuple[str, ...] = ()
    language: str = ""

    def __post_init__(self) -> None:
        for genre in self.genres:
            if not genre or len(genre) > LONGEST_GENRE or "," in genre:
                raise InvalidFilterError(f"{genre[:LONGEST_GENRE]!r} is not a genre")
        if self.decade is not None and (self.decade % 10 or not FIRST_DECADE <= self.decade <= LAST_DECADE):
            raise InvalidFilterError(f"decade is {self.decade}; expected a year such as 1980")
        for name in self.people:
            if not name.strip() or len(name) > LONGEST_NAME or "," in name:
                raise InvalidFilterError(f"{name[:LONGEST_NAME]!r} is nobody's name")
        if len(self.people) > MOST_PEOPLE:
            raise InvalidFilterError(f"{len(self.people)} people were given; expected at most {MOST_PEOPLE}")
        if len(self.language) > LONGEST_LANGUAGE or "," in self.language:
            raise InvalidFilterError(f"{self.language[:LONGEST_LANGUAGE]!r} is no language")
        object.__setattr__(self, "genres", tuple(sorted(set(self.genres))))
        object.__setattr__(self, "people", tuple(sorted(set(self.people))))

    @property
    def is_empty(self) -> bool:
        """True if nothing is filtered."""
        return self == Filters()

    @property
    def terms(self) -> tuple[str, ...]:
        """Each filter as text: a genre's name, a decade's first year, ``little-seen``, ``with:`` a name or ``in:`` a
        language."""
        decade = () if self.decade is None else (str(self.decade),)
        people = (f"{WITH}{name}" for name in self.people)
        language = (f"{LANGUAGE}{self.language}",) if self.language else ()
        return (*self.genres, *decade, *((LITTLE_SEEN,) if self.little_seen else ()), *people, *language)

    @classmethod
    def from_terms(cls, terms: Any, *, known: Sequence[str] = GENRES) -> Self:
        """What :attr:`terms` gave, in any order; ``known`` are the genres of the version.

        Raises
        ------
        InvalidFilterError
            If a term is none of these, or there are two decades.
        """
        genres, decade, little_seen = [], None, False
        people, language = [], ""
        for term in terms:
            if term == LITTLE_SEEN:
                little_seen = True
            elif isinstance(term, str) and term.startswith(WITH):
                people.append(term.removeprefix(WITH).strip())
            elif isinstance(term, str) and term.startswith(LANGUAGE):
                if language not in ("", term.removeprefix(LANGUAGE).strip()):
                    raise InvalidFilterError(f"one language can be chosen; filter has {language} and {term}")
                language = term.removeprefix(LANGUAGE).strip()
            elif term in known:
                genres.append(term)
            elif isinstance(term, str) and term.isascii() and term.isdigit() and len(term) == 4:
                if decade not in (None, int(term)):
                    raise InvalidFilterError(f"a film is of one decade; filter has {decade} and {term}")
                decade = int(term)
            else:
                raise InvalidFilterError(
                    f"filter has {str(term)[:40]!r}; expected genres ({', '.join(known)}), "
                    f"a decade such as 1980, {LITTLE_SEEN}, {WITH}NAME or {LANGUAGE}LANGUAGE"
                )
        return cls(tuple(genres), decade, little_seen, tuple(people), language)

    def without(self, term: str) -> Filters:
        """The same without one of its :attr:`terms`."""
        if term == LITTLE_SEEN:
            return replace(self, little_seen=False)
        if term.startswith(WITH):
            left_out = term.removeprefix(WITH)
            return replace(self, people=tuple(name for name in self.people if name != left_out))
        if term.startswith(LANGUAGE):
            return replace(self, language="")
        if term in self.genres:
            return replace(self, genres=tuple(genre for genre in self.genres if genre != term))
        return replace(self, decade=None)

    def bounds(self, artefact: Artefact, *, discovery: float = 0.0) -> Bounds:
        """The bounds that they set on this model's films. The dial ``discovery`` turned towards little known films
        asks for ratings as well: at its end for as many as ``little_seen``."""
        return Bounds(
            genres=self.genres,
            decade=self.decade,
            least=LEAST_RATINGS if self.little_seen else math.ceil(LEAST_RATINGS * max(discovery, 0.0)),
            most=beaten_track(artefact) - 1 if self.little_seen else None,
        )
