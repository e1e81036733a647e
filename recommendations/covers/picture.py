"""The picture of a shared list, for messengers that show one beside a link: a marquee with its title and first films."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

# What messengers ask for.
WIDTH, HEIGHT = 1200, 630
_MARGIN, _BULB = 72, 9
_NIGHT, _AMBER, _PAPER, _MUTED = "#17111f", "#f6b13d", "#fff7e8", "#b9adc9"
_FONT = "big-shoulders-display-latin-800-normal.woff2"
_MOST_LINES, _MOST_FILMS = 2, 6
# What the fonts can draw; a title with other letters is left out rather than drawn as boxes.
_DRAWN = re.compile("[ -~\u00a0-\u00ff\u0152\u0153\u2013\u2014\u2018\u2019\u201c\u201d\u2026]*")
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def list_picture(*, title: str, films: Sequence[str], count_line: str, fonts: Path) -> bytes:
    """A PNG of 1200 × 630 with the title, the first of the ``films`` and a line that counts them.

    ``fonts`` is the folder with the display font of the site; without it Pillow's own is used.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT), _NIGHT)
    draw = ImageDraw.Draw(picture)
    _bulbs(draw)
    heading, body = (_font(str(fonts / _FONT), size) for size in (92, 44))
    y = _MARGIN + 22
    lines = _wrapped(draw, title if _DRAWN.fullmatch(title) else "movierec", heading, WIDTH - 2 * _MARGIN)
    for line in lines:
        draw.text((_MARGIN, y), line, font=heading, fill=_PAPER)
        y += 96
    y += 12
    draw.rectangle((_MARGIN, y, _MARGIN + 120, y + 6), fill=_AMBER)
    y += 30
    shown = [film for film in films if _DRAWN.fullmatch(film)][: _MOST_FILMS - (len(lines) - 1) * 2]
    for place, film in enumerate(shown, 1):
        draw.text((_MARGIN, y), f"{place}", font=body, fill=_AMBER)
        draw.text((_MARGIN + 52, y), _cut(draw, film, body, WIDTH - 2 * _MARGIN - 52), font=body, fill=_PAPER)
        y += 48
    draw.text((_MARGIN, HEIGHT - _MARGIN - 34), count_line, font=_font(str(fonts / _FONT), 34), fill=_MUTED)
    mark = "movierec"
    small = _font(str(fonts / _FONT), 40)
    draw.text(
        (WIDTH - _MARGIN - draw.textlength(mark, small), HEIGHT - _MARGIN - 42), mark, font=small, fill=_AMBER
    )
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    return made.getvalue()


def _bulbs(draw: ImageDraw.ImageDraw) -> None:
    """The lights around a marquee."""
    edge, step = 30, 38
    across = range(edge, WIDTH - edge + 1, step)
    down = range(edge + step, HEIGHT - edge, step)
    spots = [(x, y) for x in across for y in (edge, HEIGHT - edge)]
    spots += [(x, y) for y in down for x in (edge, across[-1])]
    for place, (x, y) in enumerate(spots):
        draw.ellipse((x - _BULB, y - _BULB, x + _BULB, y + _BULB), fill=_AMBER if place % 3 else "#ffdf9e")


@lru_cache(maxsize=8)
def _font(path: str, size: int) -> Font:
    if path:
        try:
            return ImageFont.truetype(path, size)
        except OSError:
            pass
    return ImageFont.load_default(size)


def _cut(draw: ImageDraw.ImageDraw, text: str, font: Font, width: float) -> str:
    if draw.textlength(text, font) <= width:
        return text
    while text and draw.textlength(f"{text}…", font) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _wrapped(draw: ImageDraw.ImageDraw, text: str, font: Font, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], " ".join(lines[_MOST_LINES - 1 :])]
    return [_cut(draw, line, font, width) for line in lines]
