"""``manage.py run_pipeline``: from the raw files to a published, live model."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from recommendations.management.local_search import start_search_if_needed
from recommendations.management.pipeline_output import StageDisplay, clear_errors
from recommendations.models import Job
from recommendations.services.jobs.parameters import add_arguments
from recommendations.services.jobs.work import data_folder
from recommendations.services.pipeline import Observer, run_pipeline
from recommendations.services.trends import refresh_trends
from spark_jobs.sources import recognise


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return share


class Command(BaseCommand):
    help = (
        "Read the ratings with Spark, train a model, index it in Elasticsearch and make it the champion. "
        "Does nothing if data, parameters and program are unchanged. Starts this home's Elasticsearch if it does not run "
        "and ELASTICSEARCH_URL names no other."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data",
            type=Path,
            metavar="DIR",
            help="folder or zip archive of the data, in any layout that “manage.py datasets” knows (default: MovieLens-100k)",
        )
        parser.add_argument(
            "--max-bad-share",
            type=_share,
            metavar="SHARE",
            help="share of a file's lines that may be malformed, from 0 to 1 (default: 0.01); they are left out",
        )
        parser.add_argument(
            "--tune",
            choices=("yes", "no"),
            default="yes",
            help="fit ridge, recency and blend to the data on an inner split (default), or keep the program's own",
        )
        add_arguments(parser, Job.Kind.PIPELINE)
        parser.add_argument("--json", action="store_true", help="print events and outcome as JSON lines")

    def handle(self, *args: Any, **options: Any) -> None:
        display = StageDisplay(self.stdout, as_json=options["json"])
        with clear_errors(), display:
            call_command("migrate", interactive=False, verbosity=0)
            data = data_folder(given=options["data"], with_site_ratings=options["site_ratings"])
            recognise(data)
            start_search_if_needed(self.stdout, as_json=options["json"])
            result = run_pipeline(
                data_dir=data,
                weighting=options["weighting"],
                max_bad_share=options["max_bad_share"],
                force=options["force"],
                tune=options["tune"] == "yes",
                observer=Observer(display.event),
            )
            refresh_trends()
        if result.rebuilt and not options["json"]:
            self.stdout.write(f"Lost indices have been built again: {', '.join(result.rebuilt)}.")
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "event": "result",
                        "version": result.version,
                        "trained": result.trained,
                        "published": result.published,
                        "promoted": result.promoted,
                        "reason": result.reason,
                        "rebuilt": list(result.rebuilt),
                    }
                )
            )
        elif not result.promoted:
            done = "is a candidate and was not promoted" if result.trained else "was refused before"
            self.stdout.write(
                f"{result.version} {done}: {result.reason} Promote it in the admin, or train again with --force."
            )
        elif not result.published:
            self.stdout.write(f"Nothing has changed; {result.version} stays the champion.")
        else:
            self.stdout.write(f"{result.version} is published and the champion.")
