"""The files that a program consists of are those that Python loads for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from spark_jobs.program import program_of, program_of_a_model
from spark_jobs.session import PROJECT_ROOT

_LOADED = """
import json, sys
import spark_jobs.ingest, spark_jobs.profiles, spark_jobs.train_genre_model, spark_jobs.publish
print(json.dumps([module.__file__ for module in sys.modules.values() if getattr(module, "__file__", None)]))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "job.py": "import shelf.one\nfrom shelf import two\n",
        "shelf/__init__.py": "from shelf import unused\n",
        "shelf/one.py": "def work():\n    from shelf.deep import NAME\n    import json\n",
        "shelf/two.py": "import job\n",
        "shelf/unused.py": "",
        "shelf/deep/__init__.py": "from shelf.deep.name import NAME\n",
        "shelf/deep/name.py": "NAME = 1\n",
        "other.py": "import shelf.unused\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_what_is_imported_counts_and_what_is_passed_through_does_not(root: Path) -> None:
    found = [str(path.relative_to(root)) for path in program_of("job.py", root=root)]
    assert found == ["job.py", "shelf/deep/__init__.py", "shelf/deep/name.py", "shelf/one.py", "shelf/two.py"]


def test_several_entries_come_once(root: Path) -> None:
    found = program_of("job.py", "other.py", "shelf/one.py", root=root)
    assert len(found) == len(set(found)) == 7


def test_every_module_that_training_loads_is_part_of_its_program() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    loaded = {Path(file) for file in json.loads(done.stdout)}
    program = program_of_a_model(PROJECT_ROOT)
    assert set(program) <= loaded
    # Only what a package that is passed through offers to others may be loaded beside it.
    beside = {path for path in loaded - set(program) if path.is_relative_to(PROJECT_ROOT / "spark_jobs")}
    assert {path.name for path in beside} == {"__init__.py"}


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("spark_jobs/training/als.py", True),
        ("recommendations/ranking/parameters.py", True),
        ("recommendations/search/mappings.py", True),
        ("recommendations/ranking/rows.py", False),
        ("recommendations/search/queries.py", False),
        ("recommendations/services/pipeline.py", False),
    ],
)
def test_what_decides_about_a_model(name: str, counts: bool) -> None:
    assert (PROJECT_ROOT / name).is_file()
    assert (PROJECT_ROOT / name in program_of_a_model(PROJECT_ROOT)) == counts
