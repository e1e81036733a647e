"""``manage.py evaluate``: how good the recommendations are, measured on ratings that the model has not seen."""

from __future__ import annotations

import json
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from recommendations.evaluation.names import ENGINES, PROTOCOLS, LeakError
from recommendations.evaluation.report import html_report
from recommendations.evaluation.targets import missed_targets, warm_statement
from recommendations.management.evaluation_tables import print_tables
from recommendations.management.pipeline_output import StageDisplay, clear_errors
from recommendations.services.evaluation import run_evaluation
from recommendations.services.movielens import fetch_movielens

FAILED, WRONG_INPUT = 1, 2


class Command(BaseCommand):
    help = (
        "Train on a part of the ratings, rank films, and measure against the rest. Exit code 0 if figures came "
        "out, 1 if test data leaked into training (or with --check a number to reach was missed), 2 if the "
        "evaluation could not run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--protocol",
            nargs="+",
            choices=(*PROTOCOLS, "all"),
            default=["all"],
            help="warm: random 75/25 per person; temporal: the last 20 %% per person; cold: demographics only; "
            "onboarding: after the first ratings; taste: made-up people with one taste; stars: predicted stars over "
            "five random folds; groups: lists for several people at once, with temporal; new-films: films that nobody has "
            "rated; global-time: everything after a date is hidden; strong: people held out, four fifths of whose ratings "
            "are given (default: all)",
        )
        parser.add_argument(
            "--engine",
            choices=ENGINES,
            default="numpy",
            help="elasticsearch ranks with the site's queries on throw-away indices (default: numpy)",
        )
        seeds = parser.add_mutually_exclusive_group()
        seeds.add_argument("--seeds", type=int, nargs="+", metavar="N", help="split seeds (default: 1 2 3)")
        seeds.add_argument("--seed", type=int, metavar="N", help="a single split seed")
        parser.add_argument("--k", type=int, default=10, help="length of a list (default: 10)")
        parser.add_argument(
            "--data",
            type=Path,
            metavar="DIR",
            help="folder or zip archive of the data, in any layout that “manage.py datasets” knows (default: MovieLens-100k)",
        )
        parser.add_argument("--json", action="store_true", help="print events and outcome as JSON lines")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write an HTML report with plots")
        parser.add_argument(
            "--check",
            action="store_true",
            help="exit code 1 if a number to reach on these data is missed, or a baseline is not beaten",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report: Path | None = options["report"]
        if report is not None and (report.is_dir() or not report.resolve().parent.is_dir()):
            raise CommandError(
                f"{report} cannot be written: no such folder, or a folder.", returncode=WRONG_INPUT
            )
        outcome = self._measure(options)
        missed = missed_targets(outcome)
        if options["json"]:
            self.stdout.write(json.dumps({"event": "result", **outcome, "missed": missed}))
        else:
            print_tables(self.stdout, outcome)
        if report is not None:
            try:
                report.write_text(html_report(outcome), encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{report} cannot be written: {error}", returncode=WRONG_INPUT) from error
            if not options["json"]:
                self.stdout.write(f"The report is in {report}.")
        if not options["json"]:
            self.stdout.write(warm_statement(outcome))
        if options["check"] and missed:
            raise CommandError(" ".join(missed), returncode=FAILED)

    def _measure(self, options: dict[str, Any]) -> dict[str, Any]:
        protocols = PROTOCOLS if "all" in options["protocol"] else dict.fromkeys(options["protocol"])
        seeds = options["seeds"] or ([1, 2, 3] if options["seed"] is None else [options["seed"]])
        display = StageDisplay(self.stdout, as_json=options["json"])
        with _ended_in_order(), clear_errors(), display:
            # Facts from elsewhere are learnt from as well, and a home that nothing has run in yet has no tables.
            call_command("migrate", interactive=False, verbosity=0)
            data = options["data"] or fetch_movielens(home=Path(settings.MOVIEREC_HOME))
            try:
                return run_evaluation(
                    data_dir=data,
                    protocols=tuple(protocols),
                    engine=options["engine"],
                    seeds=seeds,
                    k=options["k"],
                    notify=display.event,
                )
            except LeakError as error:
                raise CommandError(
                    f"Test data leaked into training, no figure counts: {error}.", returncode=FAILED
                ) from error


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let SIGTERM unwind like Ctrl-C, so that the throw-away indices and child processes still go."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Signals only reach the main thread; a worker process has its own way of ending tasks.
        return
    previous = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
