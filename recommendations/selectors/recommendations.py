"""Reads a ranked list for a person: from Elasticsearch, or from the NumPy scorer."""

from __future__ import annotations

from dataclasses import dataclass

from recommendations.selectors.people import Person


class RecommendationError(Exception):
    """A list cannot be made; the message is one clear sentence for the person."""


class UnknownPersonError(RecommendationError):
    """There is no MovieLens person with this number."""


class NoModelError(RecommendationError):
    """Nothing has been trained and published yet."""


class SearchUnavailableError(RecommendationError):
    """Elasticsearch does not answer."""


@dataclass(frozen=True)
class Recommendation:
    """One film of a list. ``share`` is the score scaled to 0..1 over the list, for a bar."""

    rank: int
    movie_id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    score: float
    share: float
    reason: str


@dataclass(frozen=True)
class RecommendationList:
    """A ranked list, best first, and where it came from.

    ``profile_weight`` (0..1) is how much of it rests on demographics rather than on the person's ratings.
    """

    items: tuple[Recommendation, ...]
    engine: str
    model_version: str
    profile_weight: float
    degraded: bool = False


def recommendations_for(*, person: Person, k: int = 10) -> RecommendationList:
    """Rank the ``k`` best unseen films for ``person``.

    Raises
    ------
    UnknownPersonError, NoModelError, SearchUnavailableError
    """
    raise NotImplementedError
