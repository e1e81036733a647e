"""What the motifs of the covers are drawn with: colours, seeded chance and a few shapes as SVG elements."""

from __future__ import annotations

import random
from typing import NamedTuple

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
    def ring(x: float, y: float, radius: float, colour: str, width: float) -> str:
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="none" stroke="{colour}"'
            f' stroke-width="{width:.1f}"/>'
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


class Palette(NamedTuple):
    """Ground, large shapes, small accents and lettering, as hexadecimal colours."""

    ground: str
    shape: str
    accent: str
    ink: str


def _sets(*rows: str) -> tuple[Palette, ...]:
    return tuple(Palette(*(f"#{colour}" for colour in row.split())) for row in rows)


PALETTES: dict[str, tuple[Palette, ...]] = {
    "unknown": _sets("2b2d42 8d99ae edf2f4 edf2f4", "3d3a4b a09ebb eae2f8 f6f1ff"),
    "Action": _sets(
        "b3122b f2542d ffd23f fff3df", "1c1c24 e4572e ffc914 fff6e6", "f4b41a 143d59 d7263d 14202b"
    ),
    "Adventure": _sets(
        "0b5351 4ea699 f6c667 fdf6e3", "f2a65a 8c2f39 fff1d0 3a0f14", "14505c e8985e ffe0b5 fff4e3"
    ),
    "Animation": _sets(
        "ffd166 ef476f 118ab2 20213a", "3a2e82 06d6a0 ffd166 ffffff", "9be7d8 ff6b6b 3d348b 231b5a"
    ),
    "Children's": _sets(
        "7fd1ff ff7b9c ffe066 12304f", "ffe066 4ecdc4 ff6b6b 23304a", "5f2a8a ff9f1c ffe66d fffaf0"
    ),
    "Comedy": _sets(
        "ffdd4a fe9000 e4002b 33210a", "ff8fab fff0f3 c9184a 49101f", "0a6e6e ffd23f ff7f50 fffbea"
    ),
    "Crime": _sets(
        "22223b 9a8c98 e63946 f2e9e4", "2f3e46 84a98c f4d35e f1f7f0", "4a1520 b23a48 fcb9b2 fff0ec"
    ),
    "Documentary": _sets(
        "e9e4d6 7a7a6c c8553d 2b2b26", "1f3b4d 6fa3b8 f0c808 f3f8fb", "3f4a3c a3b18a f2e8cf f8f5e8"
    ),
    "Drama": _sets(
        "efe3d0 c06c84 355c7d 3b2840",
        "2d3250 7077a1 f6b17a fbefe2",
        "f5cac3 84a59d f28482 31383c",
        "5c374c c97b84 faa381 fff1e6",
    ),
    "Fantasy": _sets(
        "2e1760 8f5bd6 ffd6ff fdf2ff", "123c4a 5fd0c5 f9f871 f2fffb", "f3d9fa 9775fa e64980 3b1a66"
    ),
    "Film-Noir": _sets("111111 5a5a5a e8e3d3 f4f0e4", "1b1f24 6c757d d9ae61 f3ead6"),
    "Horror": _sets(
        "0d0d0d 8b0000 e8e0d5 f2e9dd", "14180f 5f7f2e c1121f eef0d8", "5a0a12 15080a f5c6aa ffeee0"
    ),
    "Musical": _sets(
        "f72585 7209b7 ffd6e8 2a0414", "240046 c77dff ffd60a fbf2ff", "fdf0d5 003049 d62828 102a43"
    ),
    "Mystery": _sets(
        "132a3a 2f6f7e f2d492 f7f1e0", "3b1f4a 8e5aa8 f5e663 fbf4ff", "dfe7d8 3c5a4b b5651d 1f2d25"
    ),
    "Romance": _sets(
        "ffccd5 ff4d6d a4133c 590d22", "800f2f ff758f ffd6dd fff0f3", "f9dcc4 f08080 9d4edd 4a2040"
    ),
    "Sci-Fi": _sets(
        "0b1030 3a86ff ff5d8f eaf2ff", "10002b 7b2cbf 4cf0d0 f1e8ff", "d8f3f0 247ba0 ff6f59 0d2b3a"
    ),
    "Thriller": _sets(
        "f25c05 1b1b1e fff2df 1b1108", "17202a 2e86ab f6511d f0f6fa", "e8e9eb 313638 d7263d 1d2022"
    ),
    "War": _sets("4b5320 8a8d5c e0c879 f7f4df", "3e3a34 8c7b62 d1495b f6efe2", "c9b27c 5b5b3a 8b2c1f 26230f"),
    "Western": _sets(
        "e9a15b 8d3b1f fbe3b3 3b1407", "6b2d1a d9743b f6cf7e fff1d8", "f3dfb4 b5532a 3d5a5b 40210f"
    ),
}

# Which of a film's genres speaks loudest: the rarer one says more about the film.
LOUDEST_FIRST = (
    "Film-Noir", "Western", "Animation", "Documentary", "Horror", "Musical", "Sci-Fi", "War", "Mystery",
    "Fantasy", "Children's", "Romance", "Crime", "Adventure", "Thriller", "Action", "Comedy", "Drama", "unknown",
)  # fmt: skip


def loudest_genre(genres: tuple[str, ...]) -> str:
    """The genre that gives the cover its motif and colours."""
    return min((genre for genre in genres if genre in PALETTES), key=LOUDEST_FIRST.index, default="unknown")
