"""How fetching tells what it does."""

from __future__ import annotations

from typing import Protocol


class FetchProgress(Protocol):
    """What :func:`fetch_movielens` reports to."""

    def say(self, message: str) -> None:
        """One line about what happens next, or why a source was passed over."""

    def downloaded(self, done: int, total: int | None) -> None:
        """``done`` of ``total`` bytes have arrived; ``total`` is ``None`` if the server does not tell."""


class SilentFetch:
    """A progress that shows nothing, for whoever fetches in the background."""

    def say(self, message: str) -> None:
        """Keep quiet about what is being done."""

    def downloaded(self, done: int, total: int | None) -> None:
        """Keep quiet about how much has come."""
