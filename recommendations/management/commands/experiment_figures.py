"""``manage.py experiment_figures``: what experiments and estimates from drawn lists can find out, with made-up people."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from recommendations.evaluation.experiment_simulation import false_alarms, people_needed
from recommendations.evaluation.off_policy_simulation import coverage
from recommendations.evaluation.place_bias_simulation import correction


class Command(BaseCommand):
    """Prints a line per figure."""

    help = (
        "Simulates experiments: how often a version against itself is called better at one of its daily looks, and how many "
        "people it takes to find one that is 5 % better, with interleaving and with A/B. With --off-policy or --place-correction "
        "it simulates what is learnt from lists in a drawn order instead. Needs no model and no data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tests", type=int, default=1_000, help="tests of a version against itself")
        parser.add_argument(
            "--people", type=int, default=300, help="people of each of them, or of each version"
        )
        parser.add_argument("--days", type=int, default=30, help="days of each of them")
        parser.add_argument("--repetitions", type=int, default=11, help="searches for a better version")
        parser.add_argument("--most-people", type=int, default=50_000, help="when a search gives up")
        parser.add_argument("--off-policy", type=int, metavar="VERSIONS", help="versions to estimate")
        parser.add_argument("--place-correction", type=int, metavar="MODELS", help="models to learn twice")
        parser.add_argument("--lists", type=int, default=20_000, help="lists that each model is learnt from")
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        estimates, models = options["off_policy"], options["place_correction"]
        if estimates:
            self._off_policy(estimates, options["people"], options["seed"])
        if models:
            self._place_correction(models, options["lists"], options["seed"])
        if not estimates and not models:
            self._experiments(options)

    def _experiments(self, options: dict[str, Any]) -> None:
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

    def _off_policy(self, versions: int, people: int, seed: int) -> None:
        found = coverage(versions=versions, people=people, seed=seed)
        self.stdout.write(
            f"off-policy estimate: the truth inside the 95 % interval for {found.inside} of {found.versions} versions, the gain "
            f"on the champion for {found.difference_inside}; {found.silent} without an interval; {found.lists:,.0f} lists, "
            f"effectively {found.effective:,.0f}, intervals {100 * found.width:.0f} % of the truth wide"
        )

    def _place_correction(self, models: int, lists: int, seed: int) -> None:
        found = correction(repetitions=models, lists=lists, seed=seed)
        self.stdout.write(
            f"place correction: nDCG@10 {found.corrected:.4f} with it, {found.plain:.4f} without, {found.champion:.4f} of the "
            f"champion; better for {found.better} of {found.repetitions} models"
        )
