"""The ranking core in plain NumPy. A library user needs ``Recommender``."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recommendations.ranking.recommender import Recommender

__all__ = ["Recommender"]


def __getattr__(name: str) -> Any:
    # On demand only: commands that read nothing but the names of genres need not wait for NumPy.
    if name == "Recommender":
        return import_module("recommendations.ranking.recommender").Recommender
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
