"""The notebook: made of code that runs, and committed without output."""

import json
import os
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

NOTEBOOK = json.loads((settings.BASE_DIR / "docker/notebooks/profiles.ipynb").read_text(encoding="utf-8"))
CODE = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]


def run(home) -> subprocess.CompletedProcess[str]:
    """All cells in one process, on Spark in this process instead of the cluster."""
    environment = os.environ | {
        "MOVIEREC_HOME": str(home),
        "SPARK_MASTER": "local[1]",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    code = "\n".join([*CODE[:-1], "print(favourite.to_dict())", CODE[-1]])
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300
    )


def test_it_holds_no_output():
    for cell in NOTEBOOK["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.spark
def test_it_reads_the_profiles_of_the_newest_run(tmp_path):
    run_folder = tmp_path / "work" / "0123"
    people = range(1, 41)
    rows = [
        (user, genre, 1.0 if genre == "Drama" else -0.5) for user in people for genre in ("Comedy", "Drama")
    ]
    users, genres, affinities = zip(*rows, strict=True)
    tables = {
        "profiles/genre_profiles": {
            "user_id": pa.array(users, pa.int32()),
            "genre": genres,
            "mean_stars": [3.5] * len(rows),
            "rating_count": pa.array([3] * len(rows), pa.int32()),
            "affinity": affinities,
        },
        "parsed/users": {
            "user_id": pa.array(people, pa.int32()),
            "occupation": ["artist" if user % 2 else "writer" for user in people],
        },
    }
    for name, columns in tables.items():
        (run_folder / name).mkdir(parents=True)
        pq.write_table(pa.table(columns), run_folder / name / "part.parquet")
    ended = run(tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "{'artist': 'Drama', 'writer': 'Drama'}" in ended.stdout


@pytest.mark.spark
def test_without_profiles_it_says_what_to_do(tmp_path):
    ended = run(tmp_path)
    assert ended.returncode != 0
    assert "train first: ./commande.sh" in ended.stderr
