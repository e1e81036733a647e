"""Motifs of the genres of daylight: comedy, drama, romance, adventure and their kin."""

from __future__ import annotations

import math

from recommendations.covers.pen import Pen, stroke


def action(pen: Pen) -> list[str]:
    """Rays of a blast from a low corner."""
    x, y, count = (pen.between(40, 110) if pen.coin() else pen.between(190, 260)), pen.between(170, 240), 11
    turn = pen.between(0, 1)
    rays = []
    for step in range(count):
        a, b = ((step + turn + half) * 2 * math.pi / count for half in (0.0, 0.5))
        far = [(x + 520 * math.cos(angle), y + 520 * math.sin(angle)) for angle in (a, b)]
        rays.append(pen.polygon([(x, y), *far], pen.shape))
    return [*rays, pen.circle(x, y, pen.between(46, 62), pen.accent), pen.circle(x, y, 22, pen.ground)]


def adventure(pen: Pen) -> list[str]:
    """A sun behind two ranges of mountains, and a path."""
    peak, low = pen.between(90, 210), pen.between(60, 240)
    return [
        pen.circle(pen.between(70, 230), pen.between(70, 110), pen.between(38, 52), pen.accent),
        pen.polygon([(-40, 300), (peak, pen.between(90, 130)), (340, 300)], pen.shape),
        pen.polygon([(-60, 300), (low, 195), (low + 60, 240), (low + 120, 205), (360, 300)], pen.ground),
        pen.path(
            f"M{low:.0f} 300 C{low + 70:.0f} 270 {low - 40:.0f} 255 {low + 8:.0f} 222",
            extra=stroke(pen.accent, 4),
        ),
    ]


def animation(pen: Pen) -> list[str]:
    """A ball drawn frame by frame along its bounce."""
    frames, lift = 9, pen.between(150, 200)
    balls = []
    for step in range(frames):
        x = 20 + step * 32.5
        y = 255 - lift * abs(math.sin((step + 0.6) * math.pi / 4.2))
        colour = pen.accent if step == frames - 1 else pen.shape
        balls.append(
            pen.circle(x, y, 12 + step * 3.2, colour, f' fill-opacity="{0.25 + 0.75 * step / 8:.2f}"')
        )
    return [*balls, pen.rect(0, 284, 300, 6, pen.accent)]


def children(pen: Pen) -> list[str]:
    """Balloons on strings."""
    drawn = []
    for middle, colour in ((80, pen.shape), (225, pen.accent), (150, pen.ink)):
        x, y, size = middle + pen.between(-14, 14), pen.between(75, 130), pen.between(38, 50)
        drawn += [
            pen.path(f"M{x:.0f} {y + size:.0f} Q{x + 22:.0f} 235 150 310", extra=stroke(pen.ink, 2)),
            f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{size:.0f}" ry="{size * 1.2:.0f}" fill="{colour}"/>',
            pen.polygon([(x - 7, y + size * 1.3), (x + 7, y + size * 1.3), (x, y + size * 1.1)], colour),
        ]
    return drawn


def comedy(pen: Pen) -> list[str]:
    """A grin."""
    x, y, radius = pen.between(130, 170), pen.between(130, 150), pen.between(96, 112)
    mouth = radius * 0.68
    wink = pen.path(f"M{x + 24:.0f} {y - 28:.0f} q18 -22 36 0", extra=stroke(pen.ground, 10))
    eye = pen.circle(x + 40, y - 32, 13, pen.ground)
    return [
        pen.circle(x + 16, y + 12, radius, pen.accent),
        pen.circle(x, y, radius, pen.shape),
        pen.circle(x - 38, y - 32, 13, pen.ground),
        wink if pen.coin() else eye,
        pen.path(
            f"M{x - mouth:.0f} {y + 12:.0f} a{mouth:.0f} {mouth:.0f} 0 0 0 {2 * mouth:.0f} 0z", pen.ground
        ),
        pen.path(f"M{x - mouth * 0.6:.0f} {y + 12:.0f} h{mouth * 1.2:.0f} v12 h{-mouth * 1.2:.0f}z", pen.ink),
    ]


def crime(pen: Pen) -> list[str]:
    """A fingerprint."""
    x, y = pen.between(130, 170), pen.between(150, 170)
    lines = []
    for step in range(9):
        rx, ry = 12 + step * 12.5, 16 + step * 15
        dash = f' stroke-dasharray="{pen.between(60, 190):.0f} {pen.between(10, 26):.0f}"'
        colour = pen.accent if step == 4 else pen.shape
        lines.append(
            f'<ellipse cx="{x:.0f}" cy="{y + step * 2:.0f}" rx="{rx:.0f}" ry="{ry:.0f}" fill="none"'
            f"{stroke(colour, 6.5)}{dash}/>"
        )
    return lines


def documentary(pen: Pen) -> list[str]:
    """A view-finder on a horizon."""
    level = pen.between(170, 215)
    corners = "M45 95V55H85 M215 55H255V95 M255 205V245H215 M85 245H45V205"
    return [
        pen.rect(0, level, 300, 300 - level, pen.shape),
        pen.circle(pen.between(95, 205), level, pen.between(34, 52), pen.accent),
        pen.rect(0, level, 300, 300 - level, pen.shape, ' fill-opacity=".72"'),
        pen.path(corners, extra=stroke(pen.ink, 7)),
        pen.path("M150 138V162 M138 150H162", extra=stroke(pen.ink, 3)),
    ]


def drama(pen: Pen) -> list[str]:
    """Two lives that overlap."""
    x, y, radius = pen.between(100, 125), pen.between(120, 150), pen.between(74, 92)
    tilt = pen.between(-30, 45)
    return [
        pen.circle(x, y, radius, pen.shape),
        pen.circle(x + radius * 1.05, y + tilt, radius, pen.accent, ' fill-opacity=".86"'),
        pen.path(f"M0 {y + 118:.0f} Q150 {y + 84:.0f} 300 {y + 128:.0f}", extra=stroke(pen.ink, 2.5)),
    ]


def romance(pen: Pen) -> list[str]:
    """A heart that echoes."""
    x, y, tilt = pen.between(135, 165), pen.between(135, 160), pen.between(-14, 14)
    heart = "M0 34C-78 -18 -48 -82 0 -44C48 -82 78 -18 0 34z"
    layers = (
        (3.1, pen.shape, ".35"),
        (2.3, pen.shape, ".65"),
        (1.6, pen.shape, "1"),
        (0.85, pen.accent, "1"),
    )
    return [
        f'<path d="{heart}" fill="{colour}" fill-opacity="{strength}"'
        f' transform="translate({x:.0f} {y:.0f}) rotate({tilt:.0f}) scale({size})"/>'
        for size, colour, strength in layers
    ]


def doorway(pen: Pen) -> list[str]:
    """Somebody in a lit door."""
    x, width, top = pen.between(90, 170), pen.between(58, 74), pen.between(56, 80)
    spread = pen.between(46, 84)
    return [
        pen.rect(0, 226, 300, 74, pen.shape, ' fill-opacity=".45"'),
        pen.rect(x, top, width, 226 - top, pen.accent),
        pen.polygon(
            [(x, 226), (x + width, 226), (x + width + spread, 300), (x - spread, 300)],
            pen.accent,
            ' fill-opacity=".55"',
        ),
        pen.circle(x + width / 2, 152, 11, pen.ground),
        pen.rect(x + width / 2 - 10, 166, 20, 60, pen.ground, ' rx="9"'),
        pen.polygon(
            [
                (x + width / 2 - 10, 226),
                (x + width / 2 + 10, 226),
                (x + width / 2 + 32, 300),
                (x + width / 2 - 6, 300),
            ],
            pen.ground,
        ),
    ]


def evening(pen: Pen) -> list[str]:
    """A sun that sinks into bands of water."""
    x, level = pen.between(100, 200), pen.between(150, 180)
    radius = pen.between(70, 92)
    bands = []
    for step in range(5):
        y, half = level + 10 + step * 22, radius * (1 - step * 0.16) + pen.between(-10, 24)
        bands.append(pen.rect(x - half, y, 2 * half, 12 - step * 1.3, pen.accent, ' rx="5"'))
    return [
        pen.path(
            f"M{x - radius:.0f} {level:.0f} a{radius:.0f} {radius:.0f} 0 0 1 {2 * radius:.0f} 0z", pen.accent
        ),
        pen.rect(0, level, 300, 300 - level, pen.shape),
        *bands,
    ]


def stairs(pen: Pen) -> list[str]:
    """A flight of stairs and the one who climbs it."""
    steps, rise = 7, pen.between(24, 31)
    drawn = [pen.circle(pen.between(60, 110), pen.between(60, 90), pen.between(30, 44), pen.accent)]
    for step in range(steps):
        drawn.append(
            pen.rect(
                step * 43, 300 - (step + 1) * rise, 300, (step + 1) * rise, pen.shape, ' fill-opacity=".9"'
            )
        )
    place = 2 + int(pen.between(0, 3.99))
    foot = 300 - (place + 1) * rise
    return [
        *drawn,
        pen.rect(place * 43 + 14, foot - 38, 16, 38, pen.ink, ' rx="7"'),
        pen.circle(place * 43 + 22, foot - 48, 9, pen.ink),
    ]


def curtain(pen: Pen) -> list[str]:
    """A stage, a spotlight and a bow tie."""
    x, y = pen.between(130, 170), pen.between(176, 200)
    folds = []
    for step in range(6):
        for left in (step * 16 - 4, 288 - step * 16):
            folds.append(pen.rect(left, 0, 11, 236 - step * 26, pen.shape, ' rx="5"'))
    tie = [(x, y), (x - 48, y - 28), (x - 48, y + 28), (x, y), (x + 48, y - 28), (x + 48, y + 28)]
    return [
        *folds,
        pen.circle(x, y, pen.between(72, 82), pen.shape, ' fill-opacity=".35"'),
        pen.polygon(tie, pen.accent),
        pen.rect(x - 11, y - 14, 22, 28, pen.ink, ' rx="6"'),
    ]


def confetti(pen: Pen) -> list[str]:
    """Paper in the air."""
    drawn = []
    for row in range(6):
        for column in range(6):
            x, y = 25 + column * 50 + pen.between(-14, 14), 25 + row * 50 + pen.between(-14, 14)
            colour = (pen.shape, pen.accent, pen.shape, pen.ink)[(row + column * 3) % 4]
            if pen.coin():
                drawn.append(pen.circle(x, y, pen.between(7, 15), colour))
            else:
                turn = f' rx="3" transform="rotate({pen.between(0, 180):.0f} {x:.0f} {y:.0f})"'
                drawn.append(pen.rect(x - 17, y - 6, 34, 12, colour, turn))
    return drawn
