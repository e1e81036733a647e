"""The picture of imports in docs/architecture.md is that of the code, and no arrow of it goes upward or round."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.draw_imports import imports_between, layers

ROOT = Path(__file__).resolve().parents[2]


def test_the_picture_in_the_document_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/draw_imports.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_no_arrow_goes_upward() -> None:
    stairs = layers()
    floor = {room: number for number, layer in enumerate(stairs) for room in layer}
    arrows = imports_between(list(floor))
    assert arrows["recommendations.pages"] >= {"recommendations.services", "recommendations.selectors"}
    upward = [(room, other) for room in floor for other in arrows[room] if floor[other] < floor[room]]
    assert upward == []


def test_two_rooms_of_a_floor_never_import_each_other() -> None:
    for layer in layers():
        arrows = imports_between(layer)
        both = [(room, other) for room in layer for other in arrows[room] if room in arrows[other]]
        assert both == []
