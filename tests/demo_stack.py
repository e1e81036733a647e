"""The whole demo as a user starts it: ``manage.py serve_demo`` in a home of its own, on real MovieLens."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from recommendations import localnode
from recommendations.localnode.state import file_lock
from recommendations.management.site_process import free_port
from recommendations.services.movielens.downloads import cache_folder

# Spark, training and indexing on two busy cores; usually about a minute.
START_SECONDS = 600
PROGRAM = ("accounts", "movierec_site", "recommendations", "spark_jobs")


@dataclass(frozen=True)
class DemoStack:
    """A running demo: its base address and its home."""

    url: str
    home: Path

    def manage(self, *arguments: str) -> str:
        """Run a management command in the demo's home and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=_environment(self.home),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _environment(home: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "ELASTICSEARCH_URL"}
    return {**inherited, "MOVIEREC_HOME": str(home), "DJANGO_SETTINGS_MODULE": "movierec_site.settings.demo"}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


def _program() -> str:
    """Names the program as it is on disk: any change of it asks for a demo from nothing."""
    total = hashlib.sha256()
    for package in PROGRAM:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _copy_prepared_home(target: Path) -> None:
    """Copy a home in which ``serve_demo --check`` has passed with this program to ``target``, an empty folder.

    It is made by the first session that needs it and lies in the user's cache folder, so that the next session trains
    nothing. A home whose check has failed is never copied.
    """
    shelf = cache_folder() / "tests-demo"
    prepared = shelf / _program()
    with file_lock(shelf / "lock", timeout_seconds=START_SECONDS):
        if not (prepared / "ready").exists():
            for old in (path for path in shelf.iterdir() if path.is_dir()):
                localnode.remove(old)  # its files may lie outside of the home
                shutil.rmtree(old)
            done = subprocess.run(
                [sys.executable, "manage.py", "serve_demo", "--check"],
                cwd=settings.BASE_DIR,
                env=_environment(prepared),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=START_SECONDS,
            )
            assert done.returncode == 0, done.stdout
            (prepared / "ready").touch()
        # With its owners: Elasticsearch never runs as root. The copy has a node of its own; if the prepared one lies
        # outside of its home, the first start publishes again, without training.
        subprocess.run(["cp", "--archive", f"{prepared}/.", str(target)], check=True)
        (target / "elasticsearch" / "node.json").unlink(missing_ok=True)


@contextmanager
def running_demo() -> Iterator[DemoStack]:
    """Start the demo, wait until it answers, and end it with everything it started."""
    with TemporaryDirectory(prefix="movierec-demo-") as folder:
        home, port = Path(folder), free_port()
        _copy_prepared_home(home)
        stack = DemoStack(f"http://127.0.0.1:{port}", home)
        log = home / "serve_demo.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve_demo", "--port", str(port)],
                cwd=settings.BASE_DIR,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _answers(stack.url):
                assert process.poll() is None, f"the demo ended by itself:\n{log.read_text()}"
                assert time.monotonic() < deadline, f"the demo does not answer:\n{log.read_text()}"
                time.sleep(0.5)
            yield stack
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=60)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
