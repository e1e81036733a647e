"""Gets MovieLens-100k into a home. The data may not be redistributed, so every machine fetches its own copy."""

from recommendations.services.movielens.fetch import SOURCES, fetch_movielens
from recommendations.services.movielens.layout import COUNTS, MovieLensError, check_movielens
from recommendations.services.movielens.progress import FetchProgress, SilentFetch

__all__ = [
    "COUNTS",
    "SOURCES",
    "FetchProgress",
    "MovieLensError",
    "SilentFetch",
    "check_movielens",
    "fetch_movielens",
]
