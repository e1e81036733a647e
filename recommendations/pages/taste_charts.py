"""Where the shapes of the charts of "my taste" go. SVG attributes, because a strict policy forbids inline styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from recommendations.selectors.lists.taste import GenreBar, WeighedRating
from recommendations.stars import STARS

# Each bar has a field of 200 × 12 with its zero in the middle.
HALF = 100
WIDTH, HEIGHT, MARGIN = 640, 132, 14
RUNNING = 8


@dataclass(frozen=True)
class PlacedBar:
    """A genre's bar: ``x`` and ``width`` of the person's, ``average`` the place of everybody's mark."""

    bar: GenreBar
    x: str
    width: str
    average: str


@dataclass(frozen=True)
class GenreChart:
    """Bars on one scale, the longest filling half of its field."""

    genres: Sequence[GenreBar]

    @cached_property
    def bars(self) -> list[PlacedBar]:
        widest = max((max(abs(bar.affinity), abs(bar.average)) for bar in self.genres), default=0.0) or 1.0
        placed = []
        for bar in self.genres:
            length = HALF * bar.affinity / widest
            placed.append(
                PlacedBar(
                    bar,
                    x=f"{HALF + min(length, 0):.1f}",
                    width=f"{abs(length):.1f}",
                    average=f"{HALF + HALF * bar.average / widest:.1f}",
                )
            )
        return placed


@dataclass(frozen=True)
class Timeline:
    """Ratings from the oldest on the left to the newest on the right, and their running mean."""

    history: Sequence[WeighedRating]
    width: int = WIDTH
    height: int = HEIGHT

    def _x(self, place: int) -> float:
        steps = max(len(self.history) - 1, 1)
        return MARGIN + (WIDTH - 2 * MARGIN) * (place / steps if len(self.history) > 1 else 0.5)

    @staticmethod
    def _y(stars: float) -> float:
        return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (stars - 1) / 4

    @cached_property
    def points(self) -> list[tuple[str, str]]:
        """Centres of the dots."""
        return [
            (f"{self._x(place):.1f}", f"{self._y(rating.stars):.1f}")
            for place, rating in enumerate(self.history)
        ]

    @cached_property
    def line(self) -> str:
        """The running mean of the last ratings, as points of a polyline."""
        stars = [rating.stars for rating in self.history]
        means = []
        for place in range(len(stars)):
            last = stars[max(place - RUNNING + 1, 0) : place + 1]
            means.append(f"{self._x(place):.1f},{self._y(sum(last) / len(last)):.1f}")
        return " ".join(means)

    @cached_property
    def grid(self) -> list[tuple[int, str]]:
        """Stars and the height of their line."""
        return [(stars, f"{self._y(stars):.1f}") for stars in STARS]
