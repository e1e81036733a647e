"""Load on the demo, beside two yardsticks on the same node and in the same run. A benchmark, bounded in time::

    python -m benchmarks.load                 # about four minutes; prints a table
    python -m benchmarks.load --json --plot docs/plots/load.svg

Everything runs on this machine: site, Elasticsearch, yardsticks and locust share its cores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.measures import Answers, Load, recovery_seconds, summarise
from benchmarks.plots import plot_load
from benchmarks.servers import ROOT, MemoryWatch, demo, yardsticks

LIST = "/api/v1/recommendations/?user={user}&k=10"
STEADY_RATE, TARGET_P95_MS = 30, 60.0
# Enough people at once to keep a server busy, few enough that it has no reason to send one away.
CLOSED_LOOP_USERS = 8
OVERLOAD_FACTOR, OVERLOAD_USERS = 10, 200


def drive(address: str, path: str, log: Path, *, seconds: float, users: int, rate: float) -> Answers:
    """Let locust ask ``path`` for so many seconds and return all answers."""
    settings_of_run = {
        "BENCH_PATH": path,
        "BENCH_RATE": str(rate),
        "BENCH_USERS": str(users),
        "BENCH_LOG": str(log),
    }
    subprocess.run(
        [
            *(sys.executable, "-m", "locust", "-f", str(ROOT / "benchmarks" / "locustfile.py"), "--headless"),
            *("--host", address, "--users", str(users), "--spawn-rate", str(users)),
            *(
                "--run-time",
                f"{seconds:.0f}s",
                "--stop-timeout",
                "2",
                "--only-summary",
                "--loglevel",
                "ERROR",
            ),
        ],
        env={**os.environ, **settings_of_run},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=seconds + 60,
    )
    return Answers.read(log)


def figures(*arguments: str) -> Any:
    """What a benchmark of its own prints as JSON."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)


def measure(scale: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Run every load; ``scale`` shortens them all. Returns figures for people and plots."""
    loads: list[Load] = []
    with TemporaryDirectory(prefix="movierec-load-") as folder, demo() as (site, pid), yardsticks() as others:
        log = Path(folder) / "answers.log"

        def load(name: str, address: str, path: str, seconds: float, users: int, rate: float) -> Answers:
            say(f"{name} …")
            answers = drive(address, path, log, seconds=seconds * scale, users=users, rate=rate)
            loads.append(summarise(name, answers))
            return answers

        say("The parts of one recommendation …")
        parts = figures("manage.py", "bench", "--json")
        page = figures("-m", "benchmarks.page")
        drive(site, LIST, log, seconds=5, users=CLOSED_LOOP_USERS, rate=0)  # warm up
        steady_users = STEADY_RATE
        with MemoryWatch(pid) as memory:
            steady = load("site, 30 per second", site, LIST, 60, steady_users, STEADY_RATE)
        load("search by id, 30 per second", others, "/by-id/?user={user}", 20, steady_users, STEADY_RATE)
        load("genres only, 30 per second", others, "/genres/?user={user}", 20, steady_users, STEADY_RATE)
        load("site, flat out", site, LIST, 15, CLOSED_LOOP_USERS, 0)
        sustainable = loads[-1].per_second
        load("search by id, flat out", others, "/by-id/?user={user}", 10, CLOSED_LOOP_USERS, 0)
        load("genres only, flat out", others, "/genres/?user={user}", 10, CLOSED_LOOP_USERS, 0)
        overload = load(
            "site, ten times too much", site, LIST, 15, OVERLOAD_USERS, OVERLOAD_FACTOR * sustainable
        )
        ended = time.time()
        after = load("site, 30 per second again", site, LIST, 15, steady_users, STEADY_RATE)
        return {
            "parts": parts,
            "page": page,
            "loads": [asdict(each) for each in loads],
            "sustainable_per_second": sustainable,
            "recovery_seconds": recovery_seconds(after, ended, p95_ms=TARGET_P95_MS),
            "web_memory_mb": memory.megabytes,
            "timelines": {
                name: {
                    "at": (found.at - found.at[0]).round(2).tolist(),
                    "milliseconds": found.milliseconds.tolist(),
                    "status": found.status.tolist(),
                }
                for name, found in (("steady", steady), ("overload", overload), ("after", after))
            },
        }


def show(outcome: dict, console: Console) -> None:
    """Print the figures."""
    table = Table("", "p50 ms", "p95 ms", "× search by id")
    for part in outcome["parts"]:
        table.add_row(part["name"], *(f"{part[name]:.2f}" for name in ("p50_ms", "p95_ms", "ratio")))
    console.print(table)
    page = outcome["page"]
    console.print(
        f"The page /results: {page['page_p50_ms']:.1f} ms, {page['ratio']:.2f} × the recommendation call in it "
        f"({page['call_p50_ms']:.1f} ms)."
    )
    table = Table("", "served/s", "p50 ms", "p95 ms", "p99 ms", "sent away", "errors", "p50 × by id")
    by_id = {each["name"]: each["p50_ms"] for each in outcome["loads"]}
    for each in outcome["loads"]:
        pace = "flat out" if "flat out" in each["name"] else "30 per second"
        ratio = each["p50_ms"] / by_id[f"search by id, {pace}"]
        table.add_row(
            each["name"],
            f"{each['per_second']:.1f}",
            *(f"{each[name]:.1f}" for name in ("p50_ms", "p95_ms", "p99_ms")),
            *(f"{100 * each[name]:.1f} %" for name in ("sent_away", "errors")),
            "–" if "too much" in each["name"] else f"{ratio:.2f}",
        )
    console.print(table)
    memory = outcome["web_memory_mb"]
    if memory:
        tenth = max(1, len(memory) // 10)
        console.print(
            f"Web memory over the steady load: {sum(memory[:tenth]) / tenth:.0f} MB at the beginning, "
            f"{sum(memory[-tenth:]) / tenth:.0f} MB at the end."
        )
    recovery = outcome["recovery_seconds"]
    recovered = "not seen" if recovery is None else f"{recovery:.2f} s"
    console.print(f"Recovery after the overload (all served, p95 ≤ {TARGET_P95_MS:.0f} ms): {recovered}.")


def main() -> int:
    """Run from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="shorten every load, for example 0.2")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--plot", type=Path, help="write a plot (SVG) of the loads here")
    options = parser.parse_args()
    progress = Console(stderr=True)
    outcome = measure(options.scale, progress.print)
    if options.plot:
        plot_load(outcome, options.plot)
    if options.json:
        del outcome["timelines"]
        print(json.dumps(outcome))
    else:
        show(outcome, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())
