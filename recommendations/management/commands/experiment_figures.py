"""``manage.py experiment_figures``: false alarms of experiments, and how many people they need, with made-up people."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from recommendations.evaluation.experiment_simulation import false_alarms, people_needed


class Command(BaseCommand):
    """Prints a line per figure."""

    help = (
        "Simulates experiments: how often a version against itself is called better at one of its daily looks, and how many "
        "people it takes to find one that is 5 % better, with interleaving and with A/B. Needs no model and no data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tests", type=int, default=1_000, help="tests of a version against itself")
        parser.add_argument("--people", type=int, default=300, help="people of each of them")
        parser.add_argument("--days", type=int, default=30, help="days of each of them")
        parser.add_argument("--repetitions", type=int, default=11, help="searches for a better version")
        parser.add_argument("--most-people", type=int, default=50_000, help="when a search gives up")
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        arguments = {name: options[name] for name in ("tests", "people", "days", "seed")}
        alarms = false_alarms(**arguments)
        for kind, number in (("interleaving", alarms.interleaving), ("A/B", alarms.ab)):
            share = 100 * number / max(alarms.tests, 1)
            self.stdout.write(f"false alarms, {kind}: {number} of {alarms.tests} tests ({share:.1f} %)")
        needed = people_needed(
            repetitions=options["repetitions"], most_people=options["most_people"], seed=options["seed"]
        )
        self.stdout.write(
            f"people needed to find a version that is {100 * needed.gain:.0f} % better: interleaving "
            f"{needed.interleaving:,.0f}, A/B {needed.ab:,.0f} (1/{1 / needed.ratio:.1f})"
        )
