"""Everything from an empty home to a site that answers; with ``--check`` it asks two questions and ends."""

from __future__ import annotations

import json
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from recommendations.management.demo_check import check_site
from recommendations.management.site_process import (
    SiteProcess,
    WorkerProcess,
    free_port,
    refuse_taken_port,
)
from recommendations.selectors.health import search_is_alive

DEFAULT_PORT = 5000
INTERRUPTED = 130
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _interrupt(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def undisturbed() -> Iterator[None]:
    """Whoever presses Ctrl-C twice must not leave half of the child processes behind."""
    before = [signal.signal(number, signal.SIG_IGN) for number in END_SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(END_SIGNALS, before, strict=True):
            signal.signal(number, handler)


class Command(BaseCommand):
    help = (
        "Prepare the database, the data, Elasticsearch and the model, then serve the site on loopback until "
        "Ctrl-C. What is up to date is not done again. Everything that was started here ends with it."
    )
    requires_system_checks: list[str] = []
    _owns_search = False

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
        for number in END_SIGNALS:  # SIGINT too: whatever a script starts with & begins with it ignored
            signal.signal(number, _interrupt)
        site, worker = SiteProcess(port), WorkerProcess()
        serving = False
        try:
            self._prepare()
            self._step("Site", site.start)
            if check:
                check_site(site.address, self._say)
            else:
                self._step("Worker for jobs", worker.start)
                serving = True
                self._say(f"\nThe site is at {site.address} (end it with Ctrl-C).")
                command = "movierec" if settings.INSTALLED else ".venv/bin/python manage.py"
                self._say(
                    f"An account for its admin, made in another terminal: {command} create_operator --username NAME"
                )
                site.wait()
                raise CommandError("The site has ended by itself; its messages stand above.")
        except KeyboardInterrupt:
            if not serving:
                self._say("\nInterrupted.")
                sys.exit(INTERRUPTED)
        finally:
            with undisturbed():
                site.stop()
                worker.stop()
                self._stop_search()
        if check:
            refuse_taken_port(port)  # nothing may still listen there
            if self._owns_search and search_is_alive():
                raise CommandError("Elasticsearch still answers after it was stopped.")
            self._say("The check has passed, and nothing that it started is left running.")

    def _prepare(self) -> None:
        self._step("Database", lambda: call_command("migrate", interactive=False, verbosity=0))
        self._step("Static files", lambda: call_command("collectstatic", interactive=False, verbosity=0))
        self._step("MovieLens-100k", lambda: call_command("fetch_movielens"))
        self._step("Elasticsearch", self._start_search)
        self._step("Spark pipeline", lambda: call_command("run_pipeline"))

    def _start_search(self) -> None:
        """Neither a cluster of one's own nor a node that ran before is ours to stop."""
        self._owns_search = not settings.ELASTICSEARCH_URL  # an interrupted start may leave a node behind
        answer = StringIO()
        call_command("elasticsearch", "start", "--json", stdout=answer)
        told = json.loads(answer.getvalue())
        self._owns_search = self._owns_search and not told.get("already_running")
        self._say(f"Elasticsearch answers at {told['url']}")

    def _stop_search(self) -> None:
        if self._owns_search:
            self._step(
                "Stopping Elasticsearch",
                lambda: call_command("elasticsearch", "stop", "--json", stdout=StringIO()),
            )

    def _step(self, name: str, work: Callable[[], object]) -> None:
        self._say(f"{name} …")
        begun = time.monotonic()
        work()
        self._say(f"{name}: done in {time.monotonic() - begun:.1f} s")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
