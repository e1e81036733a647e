"""Everything from an empty home to a site that answers; with ``--check`` it asks two questions and ends."""

from __future__ import annotations

import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from recommendations.management.demo_check import check_site
from recommendations.management.site_process import SiteProcess, free_port, refuse_taken_port
from recommendations.selectors.health import search_is_alive

DEFAULT_PORT = 5000
INTERRUPTED = 130


def _interrupt(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def undisturbed():
    """Whoever presses Ctrl-C twice must not leave half of the child processes behind."""
    handled = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in handled]
    try:
        yield
    finally:
        for number, handler in zip(handled, before, strict=True):
            signal.signal(number, handler)


class Command(BaseCommand):
    help = (
        "Prepare the database, the data, Elasticsearch and the model, then serve the site on loopback until "
        "Ctrl-C. What is up to date is not done again. Everything that was started here ends with it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=int, help=f"where to listen (default {DEFAULT_PORT}; with --check a free one)"
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="ask for one known person's and one newcomer's list over HTTP, print them and stop",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check = options["check"]
        port = options["port"]
        if port is None:
            port = free_port() if check else DEFAULT_PORT
        refuse_taken_port(port)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        site = SiteProcess(port)
        # A cluster of one's own is never started or stopped here, nor is a node that ran before.
        manages_search = not settings.ELASTICSEARCH_URL and not search_is_alive()
        serving = False
        try:
            self._prepare(manages_search)
            self._step("Site", site.start)
            if check:
                check_site(site.address, self._say)
            else:
                serving = True
                self._say(f"\nThe site is at {site.address} (end it with Ctrl-C).")
                site.wait()
                raise CommandError("The site has ended by itself; its messages stand above.")
        except KeyboardInterrupt:
            if not serving:
                self._say("\nInterrupted.")
                sys.exit(INTERRUPTED)
        finally:
            with undisturbed():
                site.stop()
                if manages_search:  # also a node that was interrupted while it started
                    self._step("Stopping Elasticsearch", lambda: call_command("elasticsearch", "stop"))
        if check:
            refuse_taken_port(port)  # nothing may still listen there
            if manages_search and search_is_alive():
                raise CommandError("Elasticsearch still answers after it was stopped.")
            self._say("The check has passed, and nothing is left running.")

    def _prepare(self, manages_search: bool) -> None:
        steps: list[tuple[str, Callable[[], object]]] = [
            ("Database", lambda: call_command("migrate", interactive=False, verbosity=0)),
            ("Static files", lambda: call_command("collectstatic", interactive=False, verbosity=0)),
            ("MovieLens-100k", lambda: call_command("fetch_movielens")),
        ]
        if manages_search:
            steps.append(("Elasticsearch", lambda: call_command("elasticsearch", "start")))
        steps.append(("Spark pipeline", lambda: call_command("run_pipeline")))
        for name, work in steps:
            self._step(name, work)

    def _step(self, name: str, work: Callable[[], object]) -> None:
        self._say(f"{name} …")
        begun = time.monotonic()
        work()
        self._say(f"{name}: done in {time.monotonic() - begun:.1f} s")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
