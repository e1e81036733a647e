"""Charts as inline SVG, drawn by hand: a report needs no plotting library and no network."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

LABEL, PLOT = 175, 380
FIGURE, FIGURE_AND_DEVIATION = 60, 130
ROW, BAR, TOP = 26, 16, 8
# Of the square in which predictions stand against what was given.
SQUARE, MARGIN = 320, 44


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, the half length of its whisker, and whether it stands out."""

    name: str
    value: float
    deviation: float = 0.0
    strong: bool = False


def bar_chart(
    bars: Sequence[Bar],
    title: str,
    *,
    mark: float | None = None,
    plot: int = PLOT,
    written: Callable[[float], str] | None = None,
) -> str:
    """Horizontal bars with whiskers of one standard deviation; ``mark`` draws a line, such as a number to reach.
    ``plot`` is the length of the longest bar, in the units of the letters' size; a small chart needs a short one.
    ``written`` says how a figure is written, where a page has a language; else it has three decimals and a point.

    Returns an ``<svg>`` element that carries its title for screen readers.
    """
    longest = max([bar.value + bar.deviation for bar in bars] + [mark or 0.0, 1e-9])
    height = TOP * 2 + ROW * len(bars)
    figure = FIGURE_AND_DEVIATION if any(bar.deviation for bar in bars) else FIGURE
    parts = [
        f'<svg role="img" viewBox="0 0 {LABEL + plot + figure} {height}" xmlns="http://www.w3.org/2000/svg">',
        f"<title>{escape(title)}</title>",
    ]
    for number, bar in enumerate(bars):
        parts += _bar(bar, TOP + ROW * number, plot / longest, written or "{:.3f}".format)
    if mark is not None:
        x = LABEL + mark * plot / longest
        parts.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="2" y2="{height - 2}"/>')
    return "".join([*parts, "</svg>"])


def calibration_chart(points: Sequence[tuple[float, float]], title: str) -> str:
    """Predicted stars (across) against given ones (up), with the line on which they are equal.

    Returns an ``<svg>`` element that carries its title for screen readers.
    """
    values = [value for point in points for value in point] or [0.0, 1.0]
    low, high = math.floor(min(values)), math.ceil(max(values))
    scale = SQUARE / max(high - low, 1)

    def across(value: float) -> float:
        return MARGIN + (value - low) * scale

    def up(value: float) -> float:
        return TOP + SQUARE - (value - low) * scale

    parts = [
        f'<svg role="img" viewBox="0 0 {MARGIN + SQUARE + 40} {TOP + SQUARE + MARGIN}" '
        'xmlns="http://www.w3.org/2000/svg">',
        f"<title>{escape(title)}</title>",
        f'<line class="mark" x1="{across(low):.1f}" y1="{up(low):.1f}" x2="{across(high):.1f}" y2="{up(high):.1f}"/>',
    ]
    for stars in range(low, high + 1):
        parts += [
            f'<line class="axis" x1="{across(low):.1f}" x2="{across(high):.1f}" y1="{up(stars):.1f}" y2="{up(stars):.1f}"/>',
            f'<text x="{MARGIN - 8}" y="{up(stars) + 4:.1f}" text-anchor="end">{stars}</text>',
            f'<text x="{across(stars):.1f}" y="{TOP + SQUARE + 18}" text-anchor="middle">{stars}</text>',
        ]
    parts += [
        f'<circle class="strong" cx="{across(predicted):.1f}" cy="{up(given):.1f}" r="5"/>'
        for predicted, given in points
    ]
    parts.append(
        f'<text x="{MARGIN + SQUARE / 2}" y="{TOP + SQUARE + 38}" text-anchor="middle">predicted stars, given stars up</text>'
    )
    return "".join([*parts, "</svg>"])


def _bar(bar: Bar, top: int, scale: float, written: Callable[[float], str]) -> list[str]:
    middle, end = top + BAR / 2, LABEL + max(bar.value, 0.0) * scale
    low, high = end - bar.deviation * scale, end + bar.deviation * scale
    figure = escape(written(bar.value) + (f" ± {written(bar.deviation)}" if bar.deviation else ""))
    parts = [
        f'<text x="{LABEL - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(bar.name)}</text>',
        f'<rect class="{"strong" if bar.strong else "plain"}" x="{LABEL}" y="{top}" '
        f'width="{max(end - LABEL, 0):.1f}" height="{BAR}" rx="2"/>',
        f'<text x="{max(end, high) + 6:.1f}" y="{middle + 4:.1f}">{figure}</text>',
    ]
    if bar.deviation:
        parts.append(
            f'<line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>'
        )
    return parts
