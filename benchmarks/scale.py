"""How training grows, beside peers that do a part of it, on the same made-up ratings (``make bench-scale``).

    python -m benchmarks.scale                          # one million and ten million ratings
    python -m benchmarks.scale --ratings 32000000       # the largest release

Each size is trained in a process of its own, whose memory is watched with that of its executors and its JVM; then the peers
get the same ratings. Prints the rows of docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from numpy.typing import NDArray
from scipy.linalg import inv
from scipy.sparse import csr_matrix

from spark_jobs import PROJECT_ROOT
from spark_jobs.made_up import SHAPES, Shape, write_tables
from spark_jobs.scaling import ASKED, ASKED_SHARE, TRAIN_SHARE
from spark_jobs.training.tuning import LISTED

Columns = dict[str, NDArray[np.integer]]
WATCH_SECONDS = 0.5
# What the peers are usually given.
FACTORS, ROUNDS, RIDGE = 64, 10, 500.0


def memory_of_tree(root: int) -> int:
    """Bytes that a process and all that it has started hold; pages that they share count once for each share."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        children.setdefault(parent, []).append(int(entry.name))
    waiting, total = [root], 0
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, [])
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
    return total


def watched(command: list[str]) -> tuple[str, float]:
    """What a command prints, and the most memory of it and its children in GB."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    peak, ended = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(WATCH_SECONDS):
            peak = max(peak, memory_of_tree(process.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    output, _ = process.communicate()
    ended.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{command[1]} ended with exit code {process.returncode}")
    return output, peak / 1e9


def known_and_later(ratings: Columns, shape: Shape) -> tuple[csr_matrix, dict[int, set[int]]]:
    """Likes as a sparse matrix, without what is asked about, and that by row, as :mod:`spark_jobs.scaling` does."""
    people, films = ratings["user_id"] - 1, ratings["movie_id"] - 1
    lengths = np.bincount(people, minlength=shape.people)[people]
    asked = (ratings["user_id"] % ASKED_SHARE == 0) & (ratings["user_id"] <= ASKED * ASKED_SHARE)
    later = asked & (ratings["position"] >= lengths * TRAIN_SHARE)
    kept = ~later
    known = csr_matrix(
        (np.ones(kept.sum(), np.float32), (people[kept], films[kept])), shape=(shape.people, shape.films)
    )
    wanted: dict[int, set[int]] = {}
    for place in np.flatnonzero(later & (ratings["stars"] >= 4)).tolist():
        wanted.setdefault(int(people[place]), set()).add(int(films[place]))
    return known, wanted


def peer_als(known: csr_matrix) -> Callable[[int], NDArray[np.floating]]:
    """``implicit``'s ALS as it comes."""
    model = AlternatingLeastSquares(factors=FACTORS, iterations=ROUNDS, random_state=0)
    model.fit(known, show_progress=False)
    people, films = np.asarray(model.user_factors), np.asarray(model.item_factors)
    return lambda person: films @ people[person]


def peer_ease(known: csr_matrix) -> Callable[[int], NDArray[np.floating]]:
    """EASE as its paper writes it, with SciPy."""
    gram = (known.T @ known).toarray()
    gram[np.diag_indices_from(gram)] += RIDGE
    inverse = inv(gram, overwrite_a=True)
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return lambda person: np.asarray(known[[person]] @ weights).ravel()


PEERS = {"implicit ALS": peer_als, "SciPy EASE": peer_ease}


def measure_peer(name: str, known: csr_matrix, wanted: dict[int, set[int]]) -> dict[str, Any]:
    """Seconds of fitting, and nDCG@10 of the same people."""
    begun = time.monotonic()
    scores = PEERS[name](known)
    seconds = time.monotonic() - begun
    discounts = 1 / np.log2(np.arange(2, LISTED + 2))
    found = []
    for person, liked in wanted.items():
        open_scores = np.array(scores(person), np.float64)
        open_scores[known.indices[known.indptr[person] : known.indptr[person + 1]]] = -np.inf
        hits = np.isin(np.argsort(-open_scores, kind="stable")[:LISTED], list(liked))
        found.append(float((hits * discounts).sum() / discounts[: len(liked)].sum()))
    return {"seconds": round(seconds, 1), "ndcg": round(float(np.mean(found)), 4)}


def measure(size: int, driver_memory: str, peers: list[str]) -> dict[str, Any]:
    """One size: training, then the peers, each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="movierec-scale-") as folder:
        ratings = write_tables(Path(folder), SHAPES[size])
        script = str(PROJECT_ROOT / "spark_jobs" / "scaling.py")
        begun = time.monotonic()
        output, peak = watched([sys.executable, script, "--tables", folder, "--driver-memory", driver_memory])
        line = next(line for line in output.splitlines() if line.startswith("{"))
        found: dict[str, Any] = {**json.loads(line), "peak_gb": round(peak, 1)}
        found["with_start"] = round(time.monotonic() - begun, 1)
    known, wanted = known_and_later(ratings, SHAPES[size])
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        found["peers"] = {name: pool.apply(measure_peer, (name, known, wanted)) for name in peers}
    return found


def row(found: dict[str, Any]) -> str:
    """A row of the table of docs/performance.md."""
    seconds = found["seconds"]
    way = found["ways"]["ease"]
    cells = [
        f"{found['ratings']:,}",
        f"{found['people']:,}",
        f"{found['films']:,}",
        f"{way['way']}, {way['films']:,}",
        *(
            f"{seconds.get(step, 0):.0f} s"
            for step in ("histories", "Gram matrices", "EASE", "sequence", "ALS")
        ),
        f"{sum(seconds.get(step, 0) for step in ('demographics', 'early taste')):.0f} s",
        f"{seconds.get('predicted stars', 0):.0f} s",
        f"{found['all']:.0f} s",
        f"{found['peak_gb']:.1f} GB",
        f"{found['ndcg']:.4f}",
        *(f"{peer['seconds']:.0f} s, {peer['ndcg']:.4f}" for peer in found["peers"].values()),
    ]
    return "| " + " | ".join(cells) + " |"


HEADINGS = (
    "ratings", "people", "films", "way, films", "histories", "sums", "EASE", "sequence", "ALS", "newcomers", "stars",
    "all", "peak", "nDCG@10",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--ratings", type=int, nargs="+", choices=sorted(SHAPES), default=[1_000_000, 10_000_000]
    )
    parser.add_argument("--driver-memory", default="2g", help="of the JVM (default: 2g)")
    parser.add_argument("--peers", nargs="*", choices=sorted(PEERS), default=list(PEERS))
    options = parser.parse_args(arguments)
    headings = [*HEADINGS, *options.peers]
    print("| " + " | ".join(headings) + " |\n" + "|---" * len(headings) + "|", flush=True)
    totals = []
    for size in options.ratings:
        found = measure(size, options.driver_memory, options.peers)
        print(json.dumps(found), file=sys.stderr, flush=True)
        print(row(found), flush=True)
        totals.append(found["all"])
    for before, after in zip(totals, totals[1:], strict=False):
        print(f"growth: {after / before:.1f} ×")
    return 0


if __name__ == "__main__":
    sys.exit(main())
