"""Ctrl-C and friends, sent to a real ``serve_demo`` with a real gunicorn; the long stages are stand-ins."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recommendations.management.site_process import SiteProcess, free_port, refuse_taken_port

pytestmark = pytest.mark.site
ROOT = Path(__file__).resolve().parents[2]


class Demo:
    """``serve_demo`` in a session of its own, as a terminal would run it."""

    def __init__(self, home: Path, block: str = "") -> None:
        self.home, self.site = home, SiteProcess(free_port())
        self.output = home / "output"
        environment = {
            **os.environ,
            "MOVIEREC_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "tests.management.stand_ins.settings",
            "ELASTICSEARCH_URL": "",
            "BLOCK_STAGE": block,
        }
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve_demo", "--port", str(self.site.port)],
                cwd=ROOT,
                env=environment,
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

    def serves(self) -> bool:
        return f"The site is at {self.site.address}" in self.told()


@pytest.fixture
def demo(tmp_path):
    running = []

    def start(block=""):
        running.append(Demo(tmp_path, block))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            os.killpg(each.process.pid, signal.SIGTERM)
        each.process.wait(120)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_everything_while_serving(demo, number):
    running = demo()
    running.wait_until(running.serves)
    assert running.press(number) == 0
    assert running.stages() == [
        "fetch_movielens",
        "elasticsearch start",
        "run_pipeline",
        "elasticsearch stop",
    ]
    refuse_taken_port(running.site.port)


def test_impatience_changes_nothing(demo):
    running = demo()
    running.wait_until(running.serves)
    assert running.press(signal.SIGINT, times=4) == 0
    assert running.stages()[-1] == "elasticsearch stop"
    refuse_taken_port(running.site.port)


@pytest.mark.parametrize("stage", ["elasticsearch start", "run_pipeline"])
def test_ends_everything_during_a_stage(demo, stage):
    running = demo(block=stage)
    running.wait_until(lambda: stage in running.stages())
    assert running.press(signal.SIGINT) == 130
    assert running.stages()[-1] == "elasticsearch stop"
    assert "Interrupted." in running.told()
    assert "Traceback" not in running.told()
