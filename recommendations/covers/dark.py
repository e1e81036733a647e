"""Motifs of the genres that keep one awake: noir, horror, mystery, science fiction and their kin."""

from __future__ import annotations

import math

from recommendations.covers.pen import Pen, stroke


def fantasy(pen: Pen) -> list[str]:
    """A crescent moon over towers, and stars."""
    x, y, radius = pen.between(120, 190), pen.between(95, 125), pen.between(62, 78)
    stars = []
    for _ in range(11):
        sx, sy, size = pen.between(12, 288), pen.between(12, 200), pen.between(3, 9)
        thin = size / 4
        points = [(sx, sy - size), (sx + thin, sy - thin), (sx + size, sy), (sx + thin, sy + thin)]
        points += [(sx, sy + size), (sx - thin, sy + thin), (sx - size, sy), (sx - thin, sy - thin)]
        stars.append(pen.polygon(points, pen.accent))
    towers = []
    for left in (40, 118, 206):
        top, width = pen.between(195, 235), pen.between(34, 48)
        towers.append(pen.rect(left, top, width, 120, pen.shape))
        towers.append(
            pen.polygon([(left - 7, top), (left + width / 2, top - 46), (left + width + 7, top)], pen.shape)
        )
    moon = [pen.circle(x, y, radius, pen.accent), pen.circle(x + 26, y - 12, radius * 0.86, pen.ground)]
    return [*moon, *stars, *towers]


def film_noir(pen: Pen) -> list[str]:
    """Light through a blind, and somebody in a hat."""
    x, slant = pen.between(120, 180), pen.between(-26, 26)
    bars = []
    for y in range(-20, 320, 26):
        corners: list[tuple[float, float]] = [(0, y), (300, y + slant), (300, y + slant + 12), (0, y + 12)]
        bars.append(pen.polygon(corners, pen.shape, ' fill-opacity=".55"'))
    return [
        *bars,
        pen.circle(x, 140, 104, pen.accent, ' fill-opacity=".92"'),
        pen.path(
            f"M{x - 78:.0f} 312 Q{x - 72:.0f} 214 {x:.0f} 208 Q{x + 72:.0f} 214 {x + 78:.0f} 312z", pen.ground
        ),
        f'<ellipse cx="{x:.0f}" cy="168" rx="33" ry="44" fill="{pen.ground}"/>',
        f'<ellipse cx="{x:.0f}" cy="138" rx="74" ry="13" fill="{pen.ground}" transform="rotate(-7 {x:.0f} 138)"/>',
        pen.path(
            f"M{x - 40:.0f} 136 Q{x - 38:.0f} 84 {x - 8:.0f} 92 Q{x + 36:.0f} 80 {x + 40:.0f} 132z",
            pen.ground,
        ),
    ]


def horror(pen: Pen) -> list[str]:
    """Teeth, above and below an eye."""
    x = pen.between(125, 175)
    upper, lower = [(0.0, 0.0)], [(0.0, 300.0)]
    for step in range(8):
        left = step * 37.5
        upper += [(left + 18.7, pen.between(52, 100)), (left + 37.5, 20)]
        lower += [(left + 18.7, pen.between(212, 252)), (left + 37.5, 284)]
    slit = pen.between(7, 13)
    return [
        pen.path(
            f"M{x - 92:.0f} 156 Q{x:.0f} 66 {x + 92:.0f} 156 Q{x:.0f} 246 {x - 92:.0f} 156z", pen.accent
        ),
        pen.circle(x, 156, 42, pen.shape),
        f'<ellipse cx="{x:.0f}" cy="156" rx="{slit:.0f}" ry="38" fill="{pen.ground}"/>',
        pen.polygon([*upper, (300, 0)], pen.shape),
        pen.polygon([*lower, (300, 300)], pen.shape),
    ]


def musical(pen: Pen) -> list[str]:
    """Bars of sound."""
    drawn = []
    for step in range(11):
        height = 40 + 180 * abs(math.sin(step * pen.between(0.55, 0.75) + 0.6))
        colour = pen.accent if step % 3 == 1 else pen.shape
        drawn.append(pen.rect(14 + step * 25.3, 262 - height, 17, height, colour, ' rx="8.5"'))
    return [*drawn, pen.rect(14, 276, 270, 4, pen.ink)]


def mystery(pen: Pen) -> list[str]:
    """A spiral that leads to a keyhole."""
    x, y, turn = 150.0, 150.0, 1 if pen.coin() else -1
    points, start = [], pen.between(0, 6.28)
    for step in range(150):
        angle, radius = start + turn * step * 0.2, 34 + step * 1.15
        points.append(f"{x + radius * math.cos(angle):.1f} {y + radius * math.sin(angle):.1f}")
    return [
        pen.path("M" + " L".join(points), extra=stroke(pen.shape, 11)),
        pen.circle(x, y - 8, 22, pen.accent),
        pen.polygon([(x - 8, y), (x + 8, y), (x + 17, y + 44), (x - 17, y + 44)], pen.accent),
    ]


def science_fiction(pen: Pen) -> list[str]:
    """A ringed planet among stars."""
    x, y, radius, tilt = (
        pen.between(120, 180),
        pen.between(125, 165),
        pen.between(58, 78),
        pen.between(-32, 32),
    )
    stars = [
        pen.circle(pen.between(0, 300), pen.between(0, 300), pen.between(0.8, 2.6), pen.ink)
        for _ in range(36)
    ]
    wide, flat = radius * 1.75, radius * 0.42
    return [
        *stars,
        pen.circle(x, y, radius, pen.shape),
        pen.circle(x - radius * 0.28, y - radius * 0.28, radius * 0.22, pen.ground, ' fill-opacity=".28"'),
        pen.path(
            f"M{x - wide:.0f} {y:.0f} A{wide:.0f} {flat:.0f} 0 0 0 {x + wide:.0f} {y:.0f}",
            extra=f'{stroke(pen.accent, 8)} transform="rotate({tilt:.0f} {x:.0f} {y:.0f})"',
        ),
        pen.circle(pen.between(30, 270), pen.between(24, 50), pen.between(8, 16), pen.accent),
    ]


def thriller(pen: Pen) -> list[str]:
    """Circles that close in on somebody small."""
    x, y = pen.between(120, 180), pen.between(130, 170)
    pull_x, pull_y = pen.between(-5, 5), pen.between(-4, 4)
    rings = [
        pen.circle(
            x + pull_x * step, y + pull_y * step, 24 + step * 22, pen.shape if step % 2 else pen.ground
        )
        for step in range(9, 0, -1)
    ]
    return [
        *rings,
        pen.circle(x, y, 24, pen.accent),
        pen.rect(x - 4, y - 4, 8, 20, pen.ground),
        pen.circle(x, y - 10, 6, pen.ground),
    ]


def war(pen: Pen) -> list[str]:
    """Searchlights and chevrons."""
    left, right = pen.between(20, 90), pen.between(210, 280)
    beams = [
        pen.polygon([(foot, 300), (aim - 34, -10), (aim + 34, -10)], pen.accent, ' fill-opacity=".3"')
        for foot, aim in ((left, pen.between(120, 260)), (right, pen.between(30, 180)))
    ]
    chevrons = [
        pen.polygon(
            [(150, top), (262, top + 70), (262, top + 100), (150, top + 30), (38, top + 100), (38, top + 70)],
            pen.shape if step else pen.accent,
        )
        for step, top in enumerate((84, 134, 184))
    ]
    return [*beams, *chevrons]


def western(pen: Pen) -> list[str]:
    """A low sun, a mesa and a cactus."""
    sun, mesa, cactus = pen.between(95, 205), pen.between(20, 120), pen.between(205, 255)
    arms = f"M{cactus:.0f} 292V176 M{cactus:.0f} 246H{cactus - 27:.0f}V212 M{cactus:.0f} 228H{cactus + 25:.0f}V198"
    return [
        pen.circle(sun, 190, 92, pen.accent),
        pen.polygon([(mesa, 270), (mesa + 22, 176), (mesa + 96, 176), (mesa + 128, 270)], pen.shape),
        pen.rect(0, 262, 300, 38, pen.shape),
        pen.path(arms, extra=f'{stroke(pen.ground, 20)} stroke-linejoin="round"'),
        pen.path(arms, extra=f'{stroke(pen.ink, 12)} stroke-linejoin="round"'),
    ]


def unknown(pen: Pen) -> list[str]:
    """The beam of a projector."""
    y = pen.between(110, 190)
    return [
        pen.polygon([(52, y), (320, y - 120), (320, y + 120)], pen.shape, ' fill-opacity=".6"'),
        pen.polygon([(52, y), (320, y - 62), (320, y + 62)], pen.accent, ' fill-opacity=".8"'),
        pen.circle(56, y, 34, pen.shape),
        pen.ring(56, y, 18, pen.accent, 6),
    ]
