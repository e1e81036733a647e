"""Charts over time as inline SVG: lines over versions and stacked bars over runs, drawn by hand as in ``charts``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 14, 34
Series = Mapping[str, Sequence[float | None]]


def line_chart(series: Series, labels: Sequence[str], title: str, *, written: Callable[[float], str]) -> str:
    """A line per series over the ``labels``; the vertical axis starts at zero. A missing value breaks the line.

    Returns an ``<svg>`` element with its title for screen readers; each point says what it is.
    """
    known = [value for values in series.values() for value in values if value is not None]
    scale = _Scale(max(known, default=0.0))
    parts = _frame(title, labels, scale, written)
    for number, (name, values) in enumerate(series.items()):
        places = [
            (_across(place, len(labels)), scale.y(value), value, labels[place])
            for place, value in enumerate(values)
            if value is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _value, _label in places)
        parts.append(f'<polyline class="series series-{number}" points="{path}"/>')
        parts += [
            f'<circle class="series series-{number}" cx="{x:.1f}" cy="{y:.1f}" r="4">'
            f"<title>{escape(f'{name}, {label}: {written(value)}')}</title></circle>"
            for x, y, value, label in places
        ]
    return "".join([*parts, "</svg>"])


def stacked_bars(
    series: Series, labels: Sequence[str], title: str, *, written: Callable[[float], str]
) -> str:
    """A bar per label, made of what each series has there; for the parts of a whole, such as the stages of a run."""
    heights = [sum(values[place] or 0.0 for values in series.values()) for place in range(len(labels))]
    scale = _Scale(max(heights, default=0.0))
    parts = _frame(title, labels, scale, written)
    width = min(48.0, 0.7 * (WIDTH - LEFT - RIGHT) / max(len(labels), 1))
    for place, label in enumerate(labels):
        below = 0.0
        for number, (name, values) in enumerate(series.items()):
            value = values[place] or 0.0
            if value > 0:
                top = scale.y(below + value)
                parts.append(
                    f'<rect class="part part-{number}" x="{_across(place, len(labels)) - width / 2:.1f}" y="{top:.1f}" '
                    f'width="{width:.1f}" height="{scale.y(below) - top:.1f}">'
                    f"<title>{escape(f'{label}, {name}: {written(value)}')}</title></rect>"
                )
            below += value
    return "".join([*parts, "</svg>"])


class _Scale:
    """From values to heights; the highest line is a round number at or above the largest value."""

    def __init__(self, largest: float) -> None:
        step = 1e-9
        while step * 4 < largest:
            step *= 10
        # The finest of 1, 2, 2.5 and 5 times a power of ten that needs at most four lines.
        fitting = [part * power for power in (step / 10, step) for part in (1, 2, 2.5, 5, 10)]
        self.step = next((size for size in sorted(fitting) if size * 4 >= largest), step)
        self.top = max(self.step * 4, 1e-9)

    def y(self, value: float) -> float:
        """Downward, as SVG counts."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top


def _across(place: int, number: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (place + 0.5) / max(number, 1)


def _frame(title: str, labels: Sequence[str], scale: _Scale, written: Callable[[float], str]) -> list[str]:
    parts = [
        f'<svg role="img" viewBox="0 0 {WIDTH} {HEIGHT}" xmlns="http://www.w3.org/2000/svg">',
        f"<title>{escape(title)}</title>",
    ]
    for number in range(5):
        value = number * scale.step
        y = scale.y(value)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(written(value))}</text>'
        )
    every = -(-len(labels) // 6) or 1
    for place, label in enumerate(labels):
        # The last one is always named, and those that there is room for.
        if (len(labels) - 1 - place) % every == 0:
            x = _across(place, len(labels))
            parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 12}" text-anchor="middle">{escape(label)}</text>')
    return parts
