"""Homes that take minutes to make and that many tests start from: made once, before them, and kept between sessions.

``python -m tests.prepared`` makes what is missing (``make test`` calls it before tests run side by side). They lie in the
user's cache folder under the name of the program that trains, so that any other change trains nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from recommendations import localnode
from recommendations.localnode.state import file_lock
from spark_jobs.program import program_of_a_model

PROJECT = Path(__file__).resolve().parents[1]
# Each command takes about a minute on two quiet cores.
MAKE_SECONDS = 1800


@dataclass(frozen=True)
class Kind:
    """Commands that make the home, and patterns of the files beside the program of training that it depends on."""

    commands: tuple[tuple[str, ...], ...]
    patterns: tuple[str, ...] = ()


KINDS = {
    # With a version that the gate refuses, for those who promote it all the same. Migrations bring an older home up
    # to date, as they do a user's.
    "demo": Kind(
        (
            ("manage.py", "serve_demo", "--check"),
            ("manage.py", "elasticsearch", "start"),
            ("manage.py", "run_pipeline", "--weighting", "any"),
            ("manage.py", "elasticsearch", "stop"),
        )
    ),
    # What a run writes into the database and tells is kept as it was, so it must come from this very program.
    "trained": Kind(
        (("-m", "tests.train_sample"),),
        (
            "tests/train_sample.py",
            "tests/sample_data.py",
            # The rows that are kept are of these two; a migration of anything else trains nothing.
            "recommendations/models/catalogue.py",
            "recommendations/models/registry.py",
            "recommendations/services/pipeline.py",
            "recommendations/services/registry/*.py",
        ),
    ),
}


def environment_of(home: Path) -> dict[str, str]:
    """The variables of a process that works in this home, whatever the developer's shell has set."""
    inherited = {name: value for name, value in os.environ.items() if name != "ELASTICSEARCH_URL"}
    return {**inherited, "MOVIEREC_HOME": str(home), "DJANGO_SETTINGS_MODULE": "movierec_site.settings.demo"}


def copy_prepared(kind: str, target: Path) -> None:
    """Copy what is prepared, made first if it is missing, to ``target``, an empty folder; the home is ``target/home``.

    What could not be made is never copied: that is an ``AssertionError`` with everything that was printed.
    """
    with _prepared(kind) as folder:
        # With its owners: Elasticsearch never runs as root. The copy has a node of its own; if the prepared one lies
        # outside of its home, the first start publishes again, without training.
        subprocess.run(["cp", "--archive", f"{folder}/.", str(target)], check=True)
    (target / "home" / "elasticsearch" / "node.json").unlink(missing_ok=True)


@contextmanager
def _prepared(kind: str) -> Iterator[Path]:
    """The folder, which nobody removes meanwhile."""
    shelf = localnode.cache_folder() / "tests" / kind
    with file_lock(shelf / "lock", timeout_seconds=2 * MAKE_SECONDS):
        folder = shelf / _name(kind)
        if not (folder / "ready").exists():
            for old in (path for path in shelf.iterdir() if path.is_dir()):
                localnode.remove(old / "home")  # its files may lie outside of the home
                shutil.rmtree(old)
            _make(KINDS[kind], folder / "home")
            (folder / "ready").touch()
        yield folder


def _name(kind: str) -> str:
    total = hashlib.sha256(repr(KINDS[kind]).encode())
    beside = (path for pattern in KINDS[kind].patterns for path in sorted(PROJECT.glob(pattern)))
    for path in (*program_of_a_model(PROJECT), *beside):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _make(kind: Kind, home: Path) -> None:
    home.mkdir(parents=True)
    try:
        for command in kind.commands:
            done = subprocess.run(
                [sys.executable, *command],
                cwd=PROJECT,
                env=environment_of(home),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=MAKE_SECONDS,
            )
            assert done.returncode == 0, done.stdout
    finally:
        localnode.stop(home)


def main() -> None:
    """Make what is missing, and say how long it took."""
    for kind in KINDS:
        begun = time.monotonic()
        with _prepared(kind):
            print(f"Prepared for the tests: {kind} ({time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
