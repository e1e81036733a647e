"""Everything from an empty home to a site that answers; with ``--check`` it asks two questions and ends."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from recommendations import localnode
from recommendations.management.demo_check import Questions, check_site
from recommendations.management.lease import Lease, home_lease, write_lease
from recommendations.management.site_process import HOST, SiteProcess, free_port, refuse_taken_port
from recommendations.management.worker_process import SearchKeeper, WorkerProcess
from recommendations.selectors.health import search_is_alive
from recommendations.selectors.lists.champion import champion_data, served_example
from recommendations.services.datasets import KNOWN, look_into
from recommendations.services.jobs.tending import give_up_held_jobs
from recommendations.services.movielens.layout import FOLDER_NAME

DEFAULT_PORT = 5000
INTERRUPTED = 130
# How often the demo looks after its worker.
LOOK_SECONDS = 1.0
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


def fitting_questions() -> Questions:
    """What the check may ask about the data of the champion."""
    data = champion_data()
    return Questions.fitting(data, served_example())


class Command(BaseCommand):
    help = (
        "Prepare the database, the data, Elasticsearch and the model, then serve the site on loopback until "
        "Ctrl-C. What is up to date is not done again. Everything that was started here ends with it, also if it is killed; "
        "a second demo of the same home is refused."
    )
    requires_system_checks: list[str] = []
    _owns_search = False
    _lease: Lease

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._keeper = SearchKeeper()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=int, help=f"where to listen (default {DEFAULT_PORT}; with --check a free one)"
        )
        parser.add_argument(
            "--dataset", default="ml-100k", metavar="NAME", help="which data set (default ml-100k)"
        )
        parser.add_argument(
            "--data", metavar="DIR", help="a folder or zip archive of data of your own instead"
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
        for number in END_SIGNALS:  # SIGINT too: whatever a script starts with & begins with it ignored
            signal.signal(number, _interrupt)
        home = Path(settings.MOVIEREC_HOME)
        try:
            with home_lease(home, address=f"http://{HOST}:{port}", tell=self._say) as self._lease:
                refuse_taken_port(port)
                self._run(port, check=check, dataset=options["dataset"], data=options["data"])
        except KeyboardInterrupt:
            self._say("\nInterrupted.")
            sys.exit(INTERRUPTED)

    def _run(self, port: int, *, check: bool, dataset: str, data: str | None) -> None:
        site, worker = SiteProcess(port), WorkerProcess()
        serving = False
        try:
            self._prepare(dataset, data)
            self._step("Site", site.start)
            if check:
                check_site(site.address, self._say, fitting_questions())
            else:
                self._step("Worker for jobs", worker.start)
                serving = True
                self._say(f"\nThe site is at {site.address} (end it with Ctrl-C).")
                command = "movierec" if settings.INSTALLED else ".venv/bin/python manage.py"
                self._say(
                    f"An account for its admin, made in another terminal: {command} create_operator --username NAME"
                )
                while not site.wait(LOOK_SECONDS):
                    worker.look_after(self._say)
                raise CommandError("The site has ended by itself; its messages stand above.")
        except KeyboardInterrupt:
            if not serving:
                raise
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

    def _prepare(self, dataset: str, data: str | None) -> None:
        self._step("Database", lambda: call_command("migrate", interactive=False, verbosity=0))
        if not settings.REDIS_URL:
            give_up_held_jobs()  # no worker of this home lives: the lease is this demo's
        self._step("Static files", lambda: call_command("collectstatic", interactive=False, verbosity=0))
        place: Path | None = None
        if data:
            place = Path(data).resolve()
            self._step(f"Data in {place}", lambda: self._look(Path(data)))
        elif dataset != FOLDER_NAME:
            place = self._fetch(KNOWN[dataset].title if dataset in KNOWN else dataset, dataset)
        else:
            self._step("MovieLens-100k", lambda: call_command("fetch_movielens"))
        if place is not None:
            # The worker's jobs read the same data.
            os.environ["MOVIEREC_DATA"] = str(place)
        self._step("Elasticsearch", self._start_search)
        self._step(
            "Spark pipeline",
            lambda: call_command("run_pipeline", **({} if place is None else {"data": place})),
        )

    def _fetch(self, title: str, dataset: str) -> Path:
        answer = StringIO()
        self._step(
            title,
            lambda: call_command("fetch", dataset=dataset, json=True, stdout=answer, stderr=self.stdout),
        )
        return Path(json.loads(answer.getvalue())["path"])

    def _look(self, place: Path) -> None:
        """Say what is there before minutes go by."""
        look = look_into(place)
        if look.problem:
            raise CommandError(look.problem, returncode=2)
        self._say(f"{look.name}, read as {look.layout}; ratings: {look.scale}")

    def _start_search(self) -> None:
        """Neither a cluster of one's own nor a node that ran before is ours to stop, unless a demo that was killed left it."""
        home = Path(settings.MOVIEREC_HOME)
        running = localnode.running_node(home)
        left = running is not None and running.pid == self._lease.node_pid
        self._owns_search = not settings.ELASTICSEARCH_URL and (running is None or left)
        if self._owns_search:
            self._keeper.start(self._lease)
        answer = StringIO()
        call_command("elasticsearch", "start", "--json", stdout=answer)
        started = json.loads(answer.getvalue())
        self._lease.node_pid = started.get("pid") if self._owns_search else None
        write_lease(home, self._lease)
        self._say(f"Elasticsearch answers at {started['url']}")

    def _stop_search(self) -> None:
        self._keeper.stop()
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
