"""Whom a list is made for: a MovieLens person by number, or somebody with demographics and own ratings."""

from __future__ import annotations

from dataclasses import dataclass, field

from recommendations.errors import MovierecError
from recommendations.ranking.demographics import Demographics


@dataclass(frozen=True)
class RatedMovie:
    """A film (MovieLens number) and the 1 to 5 stars it got."""

    movie_id: int
    stars: int


@dataclass(frozen=True)
class Person:
    """Everything a recommendation may use. Ratings are ordered oldest first.

    ``movielens_user`` names a person of the data; their demographics and history then come from the
    ``user_profiles`` index, and ``ratings`` holds only what was rated since, on this site. ``hides_stars`` says that they
    want to see no predicted stars.
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
