"""Which files a program consists of, found by its imports: a change of any other file cannot change what it makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

# The scripts that decide how a model and its documents look; how they are measured and asked later does not.
_OF_A_MODEL = tuple(
    f"spark_jobs/{name}.py" for name in ("ingest", "profiles", "train_genre_model", "publish")
)


def program_of_a_model(root: Path) -> list[Path]:
    """The files in the project's folder ``root`` whose change asks for training anew."""
    return program_of(*_OF_A_MODEL, root=root)


def program_of(*entries: str, root: Path) -> list[Path]:
    """The files that the scripts ``entries`` import, directly or through others, and themselves, in order.

    ``entries`` are paths below ``root``; what lies elsewhere, as packages that are installed, is left out.

    Imports inside of functions count as well. The ``__init__.py`` of a package counts if something is imported from
    the package itself, not if an import only passes through it: it may offer to others what this program never uses.
    """
    found, waiting = set[Path](), [root / entry for entry in entries]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(_imported(path, root))
    return sorted(found)


def _imported(path: Path, root: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            wanted = [[alias.name] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # What is imported from a package may be one of its modules.
            wanted = [[f"{node.module}.{alias.name}", str(node.module)] for alias in node.names]
        else:
            continue
        for names in wanted:
            places = [root.joinpath(*name.split(".")) for name in names]
            files = [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")]
            yield from [file for file in files if file.is_file()][:1]
