"""What is known of a film before anybody has rated it, as features: genres, decade, tags, people and overview.

The vocabularies are found by training (:mod:`spark_jobs.training.content`) and belong to a version, so that a film that comes
later is described in the same words. Whatever a version's data lack has no features.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Shorter words tell little, and numbers nothing.
_WORD = re.compile(r"[^\W\d_]{3,}")
# People are many, and each tells of few films: the same ridge is four times as strong on them as on genres.
PEOPLE_SCALE = 0.5


@dataclass(frozen=True)
class FilmContent:
    """A film; what is not known of it is left empty. ``people`` are directors and cast."""

    genres: tuple[str, ...] = ()
    year: int | None = None
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    overview: str = ""

    @property
    def decade(self) -> int:
        """1990 for 1990 to 1999; 0 where the year is unknown."""
        return (self.year or 0) // 10 * 10


def words_of(text: str) -> list[str]:
    """The words of an overview in small letters."""
    return _WORD.findall(text.casefold())


def folded_names(names: Iterable[str]) -> set[str]:
    """Tags or people without what tells no two of them apart: case and spaces around them."""
    return {name.strip().casefold() for name in names} - {""}


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What films are described by. ``genres`` (g,), ``decades`` (w,), ``tags`` (t,) and ``people`` (p,) are one feature
    each; ``words`` (v,) of overviews, weighted by ``frequency`` (v,), their inverse document frequencies, become the
    ``directions`` (v, k) of the strongest components."""

    genres: tuple[str, ...]
    decades: NDArray[np.int16]
    tags: NDArray[np.str_]
    people: NDArray[np.str_]
    words: NDArray[np.str_]
    frequency: Floats
    directions: NDArray[np.float32]

    @property
    def width(self) -> int:
        """How many features there are."""
        ones = (self.genres, self.decades, self.tags, self.people)
        return sum(map(len, ones)) + self.directions.shape[1]

    def features(self, films: Sequence[FilmContent]) -> Floats:
        """One row (width,) per film. Genres, tags and people are each divided by the root of how many a film has."""
        decades = {int(year): place for place, year in enumerate(self.decades)}
        one_hot = np.zeros((len(films), len(decades)))
        for row, film in enumerate(films):
            if film.decade in decades:
                one_hot[row, decades[film.decade]] = 1.0
        return np.hstack(
            [
                _members([set(film.genres) for film in films], self.genres),
                one_hot,
                _members([folded_names(film.tags) for film in films], self.tags.tolist()),
                PEOPLE_SCALE * _members([folded_names(film.people) for film in films], self.people.tolist()),
                self.text_features([film.overview for film in films]),
            ]
        )

    def text_features(self, overviews: Sequence[str]) -> Floats:
        """The TF-IDF rows of these texts, of length 1, in the directions (n, k); 0 for a text without known words."""
        rows = np.zeros((len(overviews), self.directions.shape[1]))
        for row, overview in enumerate(overviews):
            places, values = self.tf_idf(overview)
            if places.size:
                rows[row] = values @ self.directions[places]
        return rows

    def tf_idf(self, overview: str) -> tuple[NDArray[np.intp], Floats]:
        """Places of the known words of a text, and their weights (1 + log count) · idf, scaled to length 1."""
        counts = Counter(word for word in words_of(overview) if word in self._places)
        places = np.array([self._places[word] for word in counts], np.intp)
        values = (1 + np.log(np.array(list(counts.values()), np.float64))) * self.frequency[places]
        return places, values / max(float(np.linalg.norm(values)), 1e-12)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.words.tolist())}


def _members(sets: Sequence[set[str]], names: Sequence[str]) -> Floats:
    """1 over the root of how many known ones a film has, for each that it has (n, len(names))."""
    places = {name: place for place, name in enumerate(names)}
    member = np.zeros((len(sets), len(names)))
    for row, own in enumerate(sets):
        found = [places[name] for name in own if name in places]
        if found:
            member[row, found] = len(found) ** -0.5
    return member
