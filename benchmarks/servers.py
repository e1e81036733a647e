"""The servers under load: the demo itself, and gunicorn with the yardsticks on the demo's Elasticsearch node."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from movierec_site.api_rates import UNLIMITED
from recommendations.management.site_process import free_port

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 900
# Loopback is asked directly, whatever proxy the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def serving(arguments: list[str], port: int, *, ready: str, environment: dict[str, str]) -> Iterator[int]:
    """Run a server until the end of the block; gives its process id once ``ready`` answers."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(f"http://127.0.0.1:{port}{ready}"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(arguments)} does not answer; its messages stand above.")
            time.sleep(0.2)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def demo() -> Iterator[tuple[str, int]]:
    """The whole demo; gives its address and process id. Nobody's requests are throttled: one address sends them all."""
    port = free_port()
    with serving(
        ["manage.py", "serve_demo", "--port", str(port)], port, ready="/healthz", environment=UNLIMITED
    ) as pid:
        yield f"http://127.0.0.1:{port}", pid


@contextmanager
def yardsticks() -> Iterator[str]:
    """Both yardsticks in one process; gives their address."""
    port = free_port()
    arguments = ["-m", "gunicorn", "benchmarks.yardsticks", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    with serving(arguments, port, ready="/by-id/?user=1", environment={"WEB_CONCURRENCY": "1"}):
        yield f"http://127.0.0.1:{port}"


def _answers(url: str) -> bool:
    try:
        with _opener.open(url, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def web_memory(pid: int) -> float:
    """Resident memory of the site's worker processes together, in MB."""
    children = psutil.Process(pid).children(recursive=True)
    web = [child for child in children if "movierec_site.wsgi" in child.cmdline()]
    workers = [child for child in web if child.ppid() in {process.pid for process in web}]
    return sum(child.memory_info().rss for child in workers) / 1e6


class MemoryWatch:
    """Notes the web processes' memory every second between ``with`` and its end."""

    def __init__(self, pid: int) -> None:
        self._pid, self._done = pid, threading.Event()
        self.megabytes: list[float] = []

    def __enter__(self) -> MemoryWatch:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(1.0):
            self.megabytes.append(web_memory(self._pid))
