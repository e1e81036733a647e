"""The benchmark of training: what is asked about, the peers and the watch over memory."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from benchmarks.scale import HEADINGS, PEERS, known_and_later, measure_peer, memory_of_tree, row
from spark_jobs.made_up import Shape, made_up_ratings
from spark_jobs.scaling import ASKED_SHARE

SHAPE = Shape(12_000, 200, 300)


@pytest.fixture(scope="module")
def asked() -> tuple:
    return known_and_later(made_up_ratings(SHAPE), SHAPE)


def test_the_last_fifth_of_some_people_is_asked_about_and_not_learnt_from(asked):
    known, wanted = asked
    ratings = made_up_ratings(SHAPE)
    counts = np.bincount(ratings["user_id"] - 1, minlength=SHAPE.people)
    left = np.diff(known.indptr)
    for person in range(SHAPE.people):
        if (person + 1) % ASKED_SHARE:
            assert left[person] == counts[person]
            assert person not in wanted
        else:
            assert left[person] == np.ceil(0.8 * counts[person])
            later = set(ratings["movie_id"][ratings["user_id"] == person + 1][left[person] :].tolist())
            assert {film + 1 for film in wanted.get(person, set())} <= later


@pytest.mark.parametrize("name", PEERS)
def test_the_peers_learn_more_than_chance(asked, name):
    known, wanted = asked
    found = measure_peer(name, known, wanted)
    assert found["ndcg"] > 0.05
    assert found["seconds"] >= 0


def test_the_memory_of_a_process_holds_that_of_its_children():
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', %r])"
    child = "held = bytearray(80_000_000); print('ready', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script % child], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert memory_of_tree(process.pid) > 80_000_000
        process.communicate("\n")
    assert memory_of_tree(process.pid) == 0


def test_a_row_has_a_cell_for_every_heading():
    found = {
        "ratings": 1_000_000,
        "people": 6_040,
        "films": 3_706,
        "ways": {"ease": {"way": "exact", "films": 3_706}},
        "seconds": {"histories": 4.2, "EASE": 1.6},
        "all": 30.1,
        "peak_gb": 2.34,
        "ndcg": 0.21,
        "peers": {name: {"seconds": 3.6, "ndcg": 0.2} for name in PEERS},
    }
    cells = row(found).strip("| ").split(" | ")
    assert len(cells) == len(HEADINGS) + len(PEERS)
    assert cells[:4] == ["1,000,000", "6,040", "3,706", "exact, 3,706"]
    assert cells[-1] == "4 s, 0.2000"
