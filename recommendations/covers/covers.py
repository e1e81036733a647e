"""Covers drawn from a film's title, year and genres. No posters are licensed, so every film gets its own drawing.

The same film gives the same SVG, byte for byte, on every machine: letters are paths (see ``glyphs.json``),
chance is seeded by the film, and the loudest genre chooses motif and colours. The SVG holds no script, style or
link and its ids carry the film's number, so it may also stand inside a page.
"""

from __future__ import annotations

import functools
import hashlib
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape  # nosec B406

from recommendations.covers import bright, dark
from recommendations.covers.pen import PALETTES, SIDE, Pen, loudest_genre

DESIGN_VERSION = 1  # raise it when the drawing changes: addresses of covers are cached for a year
WIDTH, HEIGHT, MARGIN = 300, 450, 20
TEXT_WIDTH = WIDTH - 2 * MARGIN
TITLE_HEIGHT = HEIGHT - SIDE - 58  # what the motif and the year's line leave
LARGEST, SMALLEST, LEADING = 62, 19, 0.9
LONGEST_TITLE = 90

# A motif draws on a field of 300 × 300. Crowded genres have several; a film always gets the same one.
Motif = Callable[[Pen], list[str]]

MOTIFS: dict[str, tuple[Motif, ...]] = {
    "unknown": (dark.unknown,),
    "Action": (bright.action,),
    "Adventure": (bright.adventure,),
    "Animation": (bright.animation,),
    "Children's": (bright.children,),
    "Comedy": (bright.comedy, bright.confetti, bright.curtain),
    "Crime": (bright.crime,),
    "Documentary": (bright.documentary,),
    "Drama": (bright.drama, bright.doorway, bright.evening, bright.stairs),
    "Fantasy": (dark.fantasy,),
    "Film-Noir": (dark.film_noir,),
    "Horror": (dark.horror,),
    "Musical": (dark.musical,),
    "Mystery": (dark.mystery,),
    "Romance": (bright.romance, bright.evening),
    "Sci-Fi": (dark.science_fiction,),
    "Thriller": (dark.thriller,),
    "War": (dark.war,),
    "Western": (dark.western,),
}


class Face(NamedTuple):
    """Letter shapes: units per em, height of capitals, and per character (advance, path)."""

    units: int
    capital_height: int
    glyphs: dict[str, tuple[int, str]]


@functools.cache
def face() -> Face:
    """The face of the covers."""
    return Face(**json.loads(Path(__file__).with_name("glyphs.json").read_text(encoding="utf-8")))


def cover_digest(*, title: str, year: int | None, genres: tuple[str, ...]) -> str:
    """Eight characters that change whenever the cover would."""
    facts = json.dumps([DESIGN_VERSION, title, year, sorted(genres)])
    return hashlib.sha256(facts.encode()).hexdigest()[:8]


def _drawable(text: str) -> str:
    """``text`` in capitals that the face has; what it lacks loses its accent, or becomes a middle dot."""
    known = face().glyphs
    letters = []
    for character in text.upper():
        if character in known:
            letters.append(character)
        elif not unicodedata.combining(character):
            plain = unicodedata.normalize("NFKD", character)[0]
            letters.append(plain if plain in known else "·")
    return "".join(letters)


def _width(text: str) -> int:
    return sum(face().glyphs[character][0] for character in text)


def _broken(words: list[str], size: float) -> list[str] | None:
    """``words`` in lines of at most ``TEXT_WIDTH`` at ``size``; ``None`` if one word is wider than that."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer) * size <= TEXT_WIDTH * face().units:
            lines[-1] = longer
        elif _width(word) * size <= TEXT_WIDTH * face().units:
            lines.append(word)
        else:
            return None
    return lines


def title_lines(title: str) -> tuple[float, list[str]]:
    """The largest size (SVG units) at which the title fits into its field, and its lines."""
    text = _drawable(title).strip() or "·"
    if len(text) > LONGEST_TITLE:
        text = text[: LONGEST_TITLE - 1].rstrip() + "…"
    words = text.split()
    for size in range(LARGEST, SMALLEST, -1):
        lines = _broken(words, size)
        if lines and len(lines) * size * LEADING <= TITLE_HEIGHT:
            return size, lines
    # One endless word: cut it where the smallest size ends.
    room, cut = TEXT_WIDTH * face().units / SMALLEST, ""
    for character in text:
        if _width(cut + character + "…") > room:
            return SMALLEST, [cut.rstrip() + "…"]
        cut += character
    return SMALLEST, [cut]


def _letters(text: str, x: float, baseline: float, size: float, fill: str) -> str:
    """One line of text as paths, its left end at ``x``."""
    scale, drawn, position = size / face().units, [], 0
    for character in text:
        advance, path = face().glyphs[character]
        if path:
            drawn.append(f'<path transform="translate({position})" d="{path}"/>')
        position += advance
    place = f"translate({x:.1f} {baseline:.1f}) scale({scale:.4f})"
    return f'<g transform="{place}" fill="{fill}">{"".join(drawn)}</g>'


def cover_svg(*, movie_id: int, title: str, year: int | None, genres: tuple[str, ...]) -> str:
    """The cover of a film as an SVG document of 300 × 450.

    ``genres`` are MovieLens names in any order; unknown ones are ignored. The title is only ever drawn as paths
    and, escaped, as the document's accessible name.
    """
    genre, seed = loudest_genre(genres), f"{movie_id}/{title}/{year}"
    sets = PALETTES[genre]
    choice = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big")
    palette = sets[choice % len(sets)]
    size, lines = title_lines(title)
    motifs = MOTIFS[genre]
    drawing = "".join(motifs[choice // 64 % len(motifs)](Pen(palette, seed)))
    title_on_top = choice // 16 % 3 == 0
    motif_top = HEIGHT - SIDE if title_on_top else 0
    first = (MARGIN if title_on_top else SIDE + 15) + size * face().capital_height / face().units
    lettering = [
        _letters(line, MARGIN, first + number * size * LEADING, size, palette.ink)
        for number, line in enumerate(lines)
    ]
    if year is not None:
        baseline = HEIGHT - SIDE - 10 if title_on_top else HEIGHT - 15
        lettering.append(_letters(str(year), MARGIN, baseline, 19, palette.ink))
        rule = f'<rect x="{MARGIN + 40}" y="{baseline - 9:.0f}" width="{TEXT_WIDTH - 40}" height="2" fill="{palette.shape}"/>'
        lettering.append(rule)
    clip = f"cover-{movie_id}-field"
    # XML has no way to write control characters, and a title that came from a file may hold them.
    spoken = "".join(character for character in title if character.isprintable())
    name = escape(spoken if year is None else f"{spoken} ({year})")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' role="img">'
        f"<title>{name}</title>"
        f'<clipPath id="{clip}"><rect width="{SIDE}" height="{SIDE}"/></clipPath>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{palette.ground}"/>'
        f'<g transform="translate(0 {motif_top})" clip-path="url(#{clip})">{drawing}</g>'
        f"{''.join(lettering)}</svg>"
    )
