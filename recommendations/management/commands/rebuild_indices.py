"""``manage.py rebuild_indices``: the Elasticsearch indices of the champion, or of another version, from its model folder."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from recommendations.management.local_search import start_search_if_needed
from recommendations.management.pipeline_output import StageDisplay, clear_errors
from recommendations.services.pipeline import Observer, publish_version


class Command(BaseCommand):
    help = (
        "Build the champion's indices anew from its model folder, check them and switch to them; or those of another "
        "version, so that it can be promoted. Starts this home's Elasticsearch if it does not run and ELASTICSEARCH_URL "
        "names no other."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--model",
            default="",
            metavar="VERSION",
            help="whose indices (default: the champion's); others than the champion's do not go live",
        )
        parser.add_argument("--json", action="store_true", help="print events and outcome as JSON lines")

    def handle(self, *args: Any, **options: Any) -> None:
        display = StageDisplay(self.stdout, as_json=options["json"])
        with clear_errors(), display:
            start_search_if_needed(self.stdout, as_json=options["json"])
            done = publish_version(version=options["model"], observer=Observer(display.event))
        version, live = done["version"], done["live"]
        if options["json"]:
            result = {"event": "result", "version": version, "published": True, "live": live}
            self.stdout.write(json.dumps(result))
        elif live:
            self.stdout.write(f"The indices of {version} are rebuilt and live.")
        else:
            self.stdout.write(f"The indices of {version} are rebuilt; it can be promoted now.")
