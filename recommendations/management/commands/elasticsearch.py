"""Start, stop and look at the Elasticsearch node of this home."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from recommendations import localnode
from recommendations.errors import MovierecError
from recommendations.search.client import get_client, shown_address
from recommendations.search.connection import is_alive

STOPPED = 1
FAILED = 2


class Command(BaseCommand):
    help = (
        "Run Elasticsearch for this home (MOVIEREC_HOME) on the loopback address. The first start fetches the "
        "server and checks it against a pinned SHA-256. If ELASTICSEARCH_URL is set, that cluster is used, and "
        "nothing is started or stopped. Exit code: 0 done or running, 1 status of a node that is stopped, 2 failure."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="start|stop|status")
        start = actions.add_parser("start", help="start the node and wait until it answers")
        start.add_argument(
            "--version",
            dest="node_version",
            help=f"which Elasticsearch (default {settings.ELASTICSEARCH_VERSION}; "
            f"pinned: {', '.join(localnode.PINNED)}; others need ELASTICSEARCH_SHA256)",
        )
        start.add_argument(
            "--heap",
            default=localnode.DEFAULT_HEAP,
            help=f"memory of the server (default {localnode.DEFAULT_HEAP})",
        )
        start.add_argument("--port", type=int, default=0, help="where it listens (default: a free port)")
        stop = actions.add_parser("stop", help="end the node; its data stay")
        status = actions.add_parser("status", help="tell whether the node runs, and where")
        for action in (start, stop, status):
            action.add_argument(
                "--json", action="store_true", help="print one JSON object instead of sentences"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["json"]
        action = options["action"]
        if settings.ELASTICSEARCH_URL:
            self._tell_external(action, as_json)
            return
        home = Path(settings.MOVIEREC_HOME)
        try:
            if action == "start":
                self._start(home, options, as_json)
            elif action == "stop":
                self._stop(home, as_json)
            else:
                self._status(home, as_json)
        except MovierecError as error:
            if tail := getattr(error, "log_tail", ""):
                self.stderr.write(tail)
            raise CommandError(str(error), returncode=FAILED) from error

    def _start(self, home: Path, options: dict[str, Any], as_json: bool) -> None:
        version = options["node_version"] or settings.ELASTICSEARCH_VERSION
        with _progress_bar() as progress:
            started = localnode.start(
                home, version, heap=options["heap"], port=options["port"], progress=progress
            )
        verb = "was already running" if started.already_running else "runs"
        self._tell(
            as_json,
            f"Elasticsearch {started.state.version} {verb} at {started.state.url}",
            {**_running(started.state), "already_running": started.already_running},
        )

    def _stop(self, home: Path, as_json: bool) -> None:
        stopped = localnode.stop(home)
        self._tell(
            as_json,
            "Elasticsearch has been stopped." if stopped else "Elasticsearch was not running.",
            {"state": "stopped", "was_running": stopped},
        )

    def _status(self, home: Path, as_json: bool) -> None:
        running = localnode.status(home)
        if running is None:
            self._tell(as_json, "Elasticsearch is stopped.", {"state": "stopped"})
            sys.exit(STOPPED)
        answers = is_alive(get_client())
        self._tell(
            as_json,
            f"Elasticsearch {running.version} runs at {running.url} (process {running.pid})"
            + ("" if answers else ", but it does not answer"),
            {**_running(running), "answers": answers},
        )

    def _tell_external(self, action: str, as_json: bool) -> None:
        where = shown_address()
        used = f"ELASTICSEARCH_URL is set, so the cluster at {where} is used"
        if action != "status":
            self._tell(
                as_json, f"{used}; there is nothing to {action} here.", {"state": "external", "url": where}
            )
            return
        alive = is_alive(get_client())
        self._tell(
            as_json,
            f"{used}; it {'answers' if alive else 'does not answer'}.",
            {"state": "running" if alive else "stopped", "external": True, "url": where},
        )
        if not alive:
            sys.exit(STOPPED)

    def _tell(self, as_json: bool, text: str, values: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(values) if as_json else text)


def _running(state: localnode.NodeState) -> dict[str, Any]:
    """What ``--json`` tells of a node that runs."""
    return {
        "state": "running",
        "version": state.version,
        "url": state.url,
        "pid": state.pid,
        "heap": state.heap,
        "user": state.user,
        "folder": state.folder,
        "log": str(state.log_file),
    }


@contextmanager
def _progress_bar() -> Iterator[Any]:
    """Shows how far a start is, on standard error and only on a terminal; yields the node's progress callback."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def show(stage: str, fraction: float | None) -> None:
            if stage not in tasks:
                for task in tasks.values():
                    bar.update(task, visible=False)
                tasks[stage] = bar.add_task(stage, total=None)
            if fraction is not None:
                bar.update(tasks[stage], total=1.0, completed=fraction)

        yield show
