"""What the motifs of the covers are drawn with: colours, seeded chance and a few shapes as SVG elements."""

from __future__ import annotations

import random

from recommendations.covers.palettes import Palette

SIDE = 300


class Pen:
    """Colours, chance and the few shapes that the motifs are made of."""

    def __init__(self, palette: Palette, seed: str) -> None:
        self.ground, self.shape, self.accent, self.ink = palette
        # random.Random.random() with a text seed gives the same numbers in every Python.
        self._random = random.Random(seed)  # noqa: S311

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._random.random()

    def coin(self) -> bool:
        return self._random.random() < 0.5

    @staticmethod
    def circle(x: float, y: float, radius: float, fill: str, extra: str = "") -> str:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"{extra}/>'

    @staticmethod
    def ring(x: float, y: float, radius: float, colour: str, width: float, extra: str = "") -> str:
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="none" stroke="{colour}"'
            f' stroke-width="{width:.1f}"{extra}/>'
        )

    @staticmethod
    def rect(x: float, y: float, width: float, height: float, fill: str, extra: str = "") -> str:
        return (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"{extra}/>'
        )

    @staticmethod
    def polygon(points: list[tuple[float, float]], fill: str, extra: str = "") -> str:
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        return f'<polygon points="{corners}" fill="{fill}"{extra}/>'

    @staticmethod
    def path(data: str, fill: str = "none", extra: str = "") -> str:
        return f'<path d="{data}" fill="{fill}"{extra}/>'


def stroke(colour: str, width: float) -> str:
    return f' stroke="{colour}" stroke-width="{width:.1f}" stroke-linecap="round"'
