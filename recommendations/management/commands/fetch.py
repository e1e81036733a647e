"""``manage.py fetch``: a data set by name, or from a folder, into this home."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from recommendations.management.fetch_output import FetchTerminal
from recommendations.management.pipeline_output import clear_errors
from recommendations.services.datasets import KNOWN, fetch_dataset


class Command(BaseCommand):
    help = (
        "Fetch a data set into the home: from a folder that is at hand, or from GroupLens, whose archives are checked "
        "by their checksums. Does nothing if it is there. Most data may not be redistributed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dataset",
            default="ml-100k",
            metavar="NAME",
            help=f"one of {', '.join(KNOWN)}, or a name of your own",
        )
        parser.add_argument(
            "--data", type=Path, metavar="DIR", help="a folder or zip archive to take it from"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["json"]
        terminal = FetchTerminal(
            self.stderr.write if as_json else self.stdout.write, bar=sys.stderr.isatty() and not as_json
        )
        with clear_errors(), closing(terminal):
            place = fetch_dataset(
                home=Path(settings.MOVIEREC_HOME),
                name=options["dataset"],
                data=options["data"],
                progress=terminal,
            )
        if as_json:
            self.stdout.write(json.dumps({"name": options["dataset"], "path": str(place)}))
