"""Writes the record of operations that Kibana shows."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from recommendations.management.pipeline_output import clear_errors
from recommendations.services.operations_record import record_operations


class Command(BaseCommand):
    help = (
        "Write ratings by day, ended jobs and latencies of requests into the index 'operations', which Kibana's "
        "dashboards show. In the full stack the schedule does this every minute."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--everything", action="store_true", help="from the beginning, not only what is new"
        )
        parser.add_argument("--json", action="store_true", help="print the number of documents as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with clear_errors():
            written = record_operations(everything=options["everything"])
        if options["json"]:
            self.stdout.write(json.dumps(written))
        else:
            self.stdout.write(
                "Recorded: " + ", ".join(f"{number} {kind}" for kind, number in written.items())
            )
