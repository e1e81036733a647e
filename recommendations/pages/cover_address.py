"""Where the drawn cover of a film is: an address that changes with the drawing, so that it can be kept for a year."""

from __future__ import annotations

from typing import Protocol

from django.urls import reverse

from recommendations.covers.covers import cover_digest


class HasFacts(Protocol):
    """A film: a recommendation or the facts of the catalogue."""

    @property
    def movie_id(self) -> int: ...

    @property
    def title(self) -> str: ...

    @property
    def year(self) -> int | None: ...

    @property
    def genres(self) -> tuple[str, ...]: ...


def cover_address(film: HasFacts) -> str:
    """The address of the drawn cover."""
    digest = cover_digest(title=film.title, year=film.year, genres=tuple(film.genres))
    return f"{reverse('pages:cover', args=[film.movie_id])}?v={digest}"
