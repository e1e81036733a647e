"""Whom a list is made for: a MovieLens person by number, or somebody with demographics and own ratings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from recommendations.errors import MovierecError
from recommendations.ranking.demographics import Demographics


class Mark(StrEnum):
    """What stands in a history in place of stars."""

    SEEN = "seen"
    LESS = "less"
    TASTE = "taste"


# What they count as in a history: seen without stars like a film that was neither liked nor disliked, less of it like a dislike, a
# film of a taste that was picked like one that was loved. Such a film has not been seen.
STARS_OF_MARK = {Mark.SEEN: 3, Mark.LESS: 1, Mark.TASTE: 5}


@dataclass(frozen=True)
class RatedMovie:
    """A film (its number) and the stars it got, halves where the version has them; with a ``mark``, the stars that this counts as."""

    movie_id: int
    stars: float
    mark: Mark | None = None

    @classmethod
    def marked(cls, movie_id: int, mark: Mark) -> Self:
        """A film that was marked and not rated."""
        return cls(movie_id, STARS_OF_MARK[mark], mark)


def history_of(
    ratings: Iterable[RatedMovie], marks: Iterable[RatedMovie], moments: Mapping[int, Any]
) -> tuple[RatedMovie, ...]:
    """Ratings and marks of different films in the order of their ``moments`` (by MovieLens number), oldest first.

    A film that has stars needs no mark.
    """
    rated = {rating.movie_id: rating for rating in ratings}
    others = [mark for mark in marks if mark.movie_id not in rated]
    if not others:
        return tuple(rated.values())
    first = min(moments.values(), default=0)
    return tuple(sorted([*rated.values(), *others], key=lambda said: moments.get(said.movie_id, first)))


@dataclass(frozen=True)
class Person:
    """Everything a recommendation may use. Ratings are ordered oldest first.

    ``movielens_user`` names a person of the data; their demographics and history then come from the
    ``user_profiles`` index, and ``ratings`` holds only what was rated since, on this site. Films that were marked
    as seen or less wanted stand among the ratings; ``hidden`` are films that are not shown and say nothing of a taste.
    ``hides_stars`` says that they want to see no predicted stars.
    """

    movielens_user: int | None = None
    demographics: Demographics = field(default_factory=Demographics)
    ratings: tuple[RatedMovie, ...] = ()
    hidden: frozenset[int] = frozenset()
    hides_stars: bool = False


class RecommendationError(MovierecError):
    """A list cannot be made; the message is one clear sentence for the person."""

    kind, status = "no-recommendations", 503


class UnknownPersonError(RecommendationError):
    """There is no MovieLens person with this number."""

    kind, status, field = "unknown-person", 404, "user"


class UnknownFilmError(RecommendationError):
    """The model or the catalogue does not know a film with this number."""

    kind, status, field = "unknown-film", 404, "movie_id"


class NoModelError(RecommendationError):
    """Nothing has been trained and published yet."""

    kind = "no-model"


class DamagedModelError(RecommendationError):
    """The champion's model folder is incomplete or altered, and no earlier version can serve."""


class SearchUnavailableError(RecommendationError):
    """Elasticsearch does not answer."""

    kind = "search-unavailable"
