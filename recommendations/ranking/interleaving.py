"""Team-draft interleaving of two lists, and the stable draw that gives people their arm."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

ARMS = ("a", "b")


def draw(salt: str, key: str) -> float:
    """A number from 0 to 1 that is always the same for the same salt and key, and independent for another salt."""
    digest = hashlib.sha256(f"{salt}/{key}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def arm_of(*, salt: str, key: str, share: float) -> str:
    """``""`` for those outside the experiment, else the arm; ``share`` (0..1) of all people take part, half in each arm."""
    if draw(f"{salt}/part", key) >= share:
        return ""
    return ARMS[draw(f"{salt}/arm", key) >= 0.5]


def team_draft(first: Sequence[int], second: Sequence[int], *, k: int, seed: str) -> tuple[list[int], str]:
    """Interleave two lists of films: the ``k`` films, and for each place whose it is (``a`` for the first list).

    In each round chance says who goes first, and each side names its best film that is not there yet (Radlinski, Kurup and
    Joachims 2008, "How does clickthrough data reflect retrieval quality?", algorithm 2). Where one list has no more films the
    other one goes on. The same seed gives the same list.
    """
    chance = random.Random(seed)
    queues = (iter(first), iter(second))
    chosen: list[int] = []
    teams, taken = "", set[int]()
    counts = [0, 0]
    while len(chosen) < k:
        side = int(counts[1] < counts[0] or (counts[1] == counts[0] and chance.random() < 0.5))
        film = next((film for film in queues[side] if film not in taken), None)
        if film is None:
            side = 1 - side
            film = next((film for film in queues[side] if film not in taken), None)
        if film is None:
            break
        chosen.append(film)
        taken.add(film)
        teams += ARMS[side]
        counts[side] += 1
    return chosen, teams
