"""Why a list, an explanation or a search cannot be made."""

from __future__ import annotations


class RecommendationError(Exception):
    """A list cannot be made; the message is one clear sentence for the person."""


class UnknownPersonError(RecommendationError):
    """There is no MovieLens person with this number."""


class UnknownFilmError(RecommendationError):
    """The model or the catalogue does not know a film with this number."""


class NoModelError(RecommendationError):
    """Nothing has been trained and published yet."""


class DamagedModelError(RecommendationError):
    """The champion's model folder is incomplete or altered, and no earlier version can serve."""


class SearchUnavailableError(RecommendationError):
    """Elasticsearch does not answer."""
