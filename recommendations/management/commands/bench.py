"""``manage.py bench``: what a recommendation costs, as ratios to a search by id in the same run."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from recommendations.management.pipeline_output import clear_errors
from recommendations.services.benchmarks import measure_recommendations


class Command(BaseCommand):
    help = "Time the parts of a recommendation against a search by id, interleaved in one run (a warm node)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rounds", type=int, default=200, help="how often each part is timed (default: 200)"
        )
        parser.add_argument("-k", type=int, default=10, help="films per list (default: 10)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rounds"] < 20:
            raise CommandError(f"--rounds is {options['rounds']}; expected 20 or more.", returncode=2)
        with clear_errors():
            timings = measure_recommendations(rounds=options["rounds"], k=options["k"])
        if options["json"]:
            self.stdout.write(json.dumps([asdict(timing) for timing in timings]))
            return
        table = Table("", "p50 ms", "p95 ms", "× search by id")
        for timing in timings:
            table.add_row(timing.name, f"{timing.p50_ms:.2f}", f"{timing.p95_ms:.2f}", f"{timing.ratio:.2f}")
        Console(file=self.stdout).print(table)  # type: ignore[arg-type]
