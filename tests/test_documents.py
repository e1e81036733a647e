"""What the documents say about the code is so: the files that they name exist, and a rating's walk is short."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMED = re.compile(r"`([\w./-]+\.(?:py|md|toml|yml|sh|html))`|\]\((?!https?:)([\w./-]+)(?:#[\w-]*)?\)")
LONGEST_WALK = 12


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """The files of the project, as git knows them."""
    return subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_every_file_that_a_document_names_is_there(name: str, tracked: list[str]) -> None:
    named = {code or link for code, link in NAMED.findall((ROOT / name).read_text(encoding="utf-8"))}
    assert len(named) > 5
    missing = [
        path
        for path in named
        if not any(f"/{file}".endswith(f"/{path.removeprefix('../')}") for file in tracked)
        and not (ROOT / path).exists()
        and not (ROOT / name).parent.joinpath(path).exists()
    ]
    assert missing == []


def test_the_walk_of_a_rating_passes_few_files() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    walk = text.partition("## The walk of one rating")[2].partition("## The walk of one line")[0]
    steps = re.findall(r"^\d+\. `([\w/]+\.py)`", walk, re.MULTILINE)
    assert len(steps) == len(set(steps)) <= LONGEST_WALK
    assert all((ROOT / "recommendations" / step).is_file() for step in steps)
