"""A real ``serve_demo`` with a real gunicorn and a real worker, whose long stages are stand-ins."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from recommendations.management.site_process import SiteProcess, free_port

ROOT = Path(__file__).resolve().parents[2]


class Demo:
    """``serve_demo`` in a session of its own, as a terminal would run it."""

    def __init__(self, home: Path, block: str = "", port: int = 0, **variables: str) -> None:
        self.home, self.site = home, SiteProcess(port or free_port())
        self.output = home / f"output-{time.monotonic_ns()}"
        environment = {
            **os.environ,
            "MOVIEREC_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "tests.management.stand_ins.settings",
            "ELASTICSEARCH_URL": "",
            "BLOCK_STAGE": block,
            **variables,
        }
        self.started_with: dict[str, Any] = {"cwd": ROOT, "env": environment}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve_demo", "--port", str(self.site.port)],
                **self.started_with,
                start_new_session=True,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def stages(self) -> list[str]:
        log = self.home / "stages"
        return log.read_text().splitlines() if log.exists() else []

    def wait_until(self, happened) -> None:
        deadline = time.monotonic() + 180
        while not happened():
            assert self.process.poll() is None, self.told()
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def press(self, number: int, times: int = 1) -> int:
        """Send a signal to the foreground group as a terminal does; the exit code."""
        for _time in range(times):
            os.killpg(self.process.pid, number)
            time.sleep(0.05)
        return self.process.wait(120)

    def told(self) -> str:
        return self.output.read_text()

    def readiness(self) -> dict[str, Any]:
        """What ``/readyz`` says, also while it is not ready."""
        try:
            with urllib.request.urlopen(f"{self.site.address}/readyz", timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def serves(self) -> bool:
        return f"The site is at {self.site.address}" in self.told()


@pytest.fixture
def demo(tmp_path):
    running = []

    def start(block="", port=0, **variables):
        running.append(Demo(tmp_path, block, port, **variables))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            os.killpg(each.process.pid, signal.SIGTERM)
        each.process.wait(120)
