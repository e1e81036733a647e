"""Parts of the full stack as processes on loopback, each of which can be killed and started again."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from recommendations.management.site_process import HOST, free_port

# Ten times what the slowest part, Elasticsearch, needs on a quiet machine.
START_SECONDS = 300
_loopback = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def wait_until(happened: Callable[[], object], what: str, seconds: float = START_SECONDS) -> None:
    """Return once ``happened()`` is true; fail with ``what`` otherwise."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


class Service:
    """A process in a group of its own; what it says goes to ``<folder>/<name>.log``."""

    #: An unprivileged user that the program insists on, if the tests run as root.
    user: str | None = None

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.name, self.folder = name, folder
        self.log = folder / f"{name}.log"
        self._environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        return True

    def as_user(self) -> str | None:
        return self.user if os.getuid() == 0 else None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.working_folder(),
                env=None if self._environment is None else dict(self._environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.as_user(),
                group=pwd.getpwnam(self.as_user() or "").pw_gid if self.as_user() else None,
            )
        wait_until(self._ready_or_dead, f"{self.name} is ready; see its log:\n{self.tail()}")

    def working_folder(self) -> Path:
        return self.folder

    def _ready_or_dead(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"{self.name} has ended:\n{self.tail()}"
        return self.is_ready()

    def kill(self) -> None:
        """SIGKILL to the whole group, as when the machine or the container is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self.process is None:
            return
        for each in (number, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, each)
            except ProcessLookupError:
                break
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                continue
        self.process.wait(timeout=30)
        self.process = None

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


class Program(Service):
    """A part of this project: ``python -m …`` or ``manage.py …`` in the project's folder."""

    def __init__(
        self, name: str, folder: Path, environment: Mapping[str, str], root: Path, *arguments: str
    ) -> None:
        super().__init__(name, folder, environment)
        self._root, self._arguments = root, arguments

    def working_folder(self) -> Path:
        return self._root

    def command(self) -> list[str]:
        return [sys.executable, *self._arguments]


class Web(Program):
    def __init__(self, folder: Path, environment: Mapping[str, str], root: Path) -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        arguments = ("-m", "gunicorn", "movierec_site.wsgi", "--bind", f"{HOST}:{self.port}")
        super().__init__("web", folder, environment, root, *arguments)

    def is_ready(self) -> bool:
        try:
            with _loopback.open(f"{self.url}/healthz", timeout=5) as response:
                return response.status == 200
        except OSError:
            return False


class Worker(Program):
    def __init__(self, folder: Path, environment: Mapping[str, str], root: Path) -> None:
        super().__init__("celery", folder, environment, root, "-m", "celery", "-A", "movierec_site", "worker")
        self._told = 0

    def start(self) -> None:
        self._told = len(self.log.read_text()) if self.log.exists() else 0
        super().start()

    def is_ready(self) -> bool:
        return " ready." in self.log.read_text(errors="replace")[self._told :]


class Beat(Program):
    def __init__(self, folder: Path, environment: Mapping[str, str], root: Path) -> None:
        arguments = ("-m", "celery", "-A", "movierec_site", "beat", "--pidfile=")
        super().__init__("beat", folder, environment, root, *arguments)
