"""Draws which room imports which, as a Mermaid picture, into docs/architecture.md.

Usage: python scripts/draw_imports.py [--check]

The rooms and their order are those of the ``layers`` contract in pyproject.toml. With ``--check`` nothing is written, and
the exit code is 1 if the picture in the file is not the one that the code gives.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- imports: made by scripts/draw_imports.py -->", "<!-- end of imports -->"


def layers() -> list[list[str]]:
    """The rooms by layer, top to bottom, as dotted module names."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    stairs = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[room.strip() for room in layer.replace("|", ":").split(":")] for layer in stairs]


def imports_between(rooms: list[str]) -> dict[str, set[str]]:
    """By room, the other rooms that its modules import anywhere, inside functions as well."""
    found: dict[str, set[str]] = defaultdict(set)
    for room in rooms:
        path = ROOT / room.replace(".", "/")
        for file in path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    names = [f"{node.module}.{alias.name}" for alias in node.names]
                elif isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                else:
                    continue
                found[room] |= {
                    other for name in names for other in rooms if f"{name}.".startswith(f"{other}.")
                }
        found[room].discard(room)
    return found


def picture() -> str:
    """The picture: a box for each layer, an arrow for each import from a room to another."""
    stairs = layers()
    rooms = [room for layer in stairs for room in layer]
    lines = ["```mermaid", "flowchart TB"]
    for number, layer in enumerate(stairs):
        lines.append(f"    subgraph layer{number} [ ]")
        lines += [f"        {_id(room)}[{_short(room)}]" for room in layer]
        lines.append("    end")
    # An arrow that follows from two others says nothing new: only the nearest floors are drawn.
    arrows = imports_between(rooms)
    for room in rooms:
        indirect = {far for near in arrows[room] for far in _reached(near, arrows)}
        lines += [f"    {_id(room)} --> {_id(other)}" for other in rooms if other in arrows[room] - indirect]
    return "\n".join([*lines, "```"])


def _reached(room: str, arrows: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [room]
    while waiting:
        fresh = arrows[waiting.pop()] - reached
        reached |= fresh
        waiting += fresh
    return reached


def _short(room: str) -> str:
    return room.removeprefix("recommendations.")


def _id(room: str) -> str:
    return room.replace(".", "_")


def main() -> int:
    """Write the picture into the document, or check that it is there. Returns the exit code."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    drawn = f"{before}{BEGIN}\n{picture()}\n{END}{after}"
    if drawn == text:
        return 0
    if "--check" in sys.argv:
        print(f"The picture of imports in {DOCUMENT.relative_to(ROOT)} is old: run scripts/draw_imports.py")
        return 1
    DOCUMENT.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
