"""The whole demo as a user starts it: ``manage.py serve_demo`` in a home of its own, on real MovieLens."""

from __future__ import annotations

import os
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

from recommendations.management.site_process import free_port
from tests.prepared import copy_prepared, environment_of

# A migration, Elasticsearch and a site without training; about 20 s on two quiet cores.
START_SECONDS = 600


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
            env=environment_of(self.home),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def answers(url: str) -> bool:
    """Whether the site there is alive."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


@contextmanager
def running_demo() -> Iterator[DemoStack]:
    """Start the demo, wait until it answers, and end it with everything it started."""
    with TemporaryDirectory(prefix="movierec-demo-") as folder:
        copy_prepared("demo", Path(folder))
        home, port = Path(folder, "home"), free_port()
        versions = set((home / "models").iterdir())
        stack = DemoStack(f"http://127.0.0.1:{port}", home)
        log = home / "serve_demo.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve_demo", "--port", str(port)],
                cwd=settings.BASE_DIR,
                env=environment_of(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers(stack.url):
                assert process.poll() is None, f"the demo ended by itself:\n{log.read_text()}"
                assert time.monotonic() < deadline, f"the demo does not answer:\n{log.read_text()}"
                time.sleep(0.5)
            assert set((home / "models").iterdir()) == versions, "the demo has trained anew"
            yield stack
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=180)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
