"""``manage.py rebuild_indices``: the champion's Elasticsearch indices anew, from the model folder."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from recommendations.management.pipeline_output import StageDisplay, clear_errors
from recommendations.services.pipeline import Observer, publish_version


class Command(BaseCommand):
    help = "Build the champion's indices anew from its model folder, check them and switch to them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print events and outcome as JSON lines")

    def handle(self, *args: Any, **options: Any) -> None:
        display = StageDisplay(self.stdout, as_json=options["json"])
        with clear_errors(), display:
            version = publish_version(observer=Observer(display.event))["version"]
        if options["json"]:
            self.stdout.write(json.dumps({"event": "result", "version": version, "published": True}))
        else:
            self.stdout.write(f"The indices of {version} are rebuilt and live.")
