"""The site as a child process: is the port free, start it, wait until it answers, end it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO

from django.conf import settings
from django.core.management.base import CommandError

from spark_jobs import leash

HOST = "127.0.0.1"
START_SECONDS = 180.0
STOP_SECONDS = 15.0
# By default glibc keeps a memory pool for each of several threads: 25 MB more for each web process.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}


def free_port() -> int:
    """A port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def refuse_taken_port(port: int) -> None:
    """Raise ``CommandError`` (exit code 2) naming ``port`` and the way out if the site could not listen on it."""
    if not 1 <= port <= 65535:
        raise CommandError(f"The port is {port}; expected a number from 1 to 65535.", returncode=2)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a site stopped just now is no obstacle
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise CommandError(
                f"Port {port} needs more rights than this user has; choose another one: make demo PORT=5001",
                returncode=2,
            ) from error
        except OSError as error:
            other = port + 1 if port < 65535 else 5001
            raise CommandError(
                f"Port {port} is taken by another program; end it, or choose another one: make demo PORT={other}",
                returncode=2,
            ) from error


class ChildProcess:
    """A program of this project on loopback, in a process group of its own.

    The group keeps Ctrl-C of the terminal away from it, so that it ends in order, after what it has in hand. It is on a
    leash: if this process is killed, it ends as well, with its children.
    """

    _process: subprocess.Popen[bytes] | None = None

    def _launch(self, *command: str, output: IO[bytes] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", leash.__file__, sys.executable, "-m", *command],
            cwd=settings.BASE_DIR,
            env={**ENVIRONMENT, **os.environ},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    @property
    def code(self) -> int | None:
        """Its exit code, or minus the signal that ended it; None while it runs or was never started."""
        return self._process.returncode if self._process is not None else None

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has ended by itself within ``seconds``."""
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """End it and everything it started; twice does nothing more."""
        process, self._process = self._process, None
        if process is None:
            return
        _signal_group(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        _signal_group(process, signal.SIGKILL)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


class SiteProcess(ChildProcess):
    """gunicorn as ``gunicorn.conf.py`` describes it."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def address(self) -> str:
        """Where the site answers."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Start it and return once it answers; ``CommandError`` if it does not, and then it is ended again."""
        configuration = settings.RESOURCES / "gunicorn.conf.py"
        self._launch(
            *("gunicorn", "movierec_site.wsgi", "--config", str(configuration)),
            *("--bind", f"{HOST}:{self.port}"),
        )
        try:
            self._wait_for_answer()
        except BaseException:
            self.stop()
            raise

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process is None or self._process.poll() is not None:
                raise CommandError("The site could not be started; its messages stand above.")
            if time.monotonic() > deadline:
                raise CommandError(f"The site did not answer within {START_SECONDS:.0f} seconds.")
            time.sleep(0.1)

    def _answers(self) -> bool:
        asking = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            asking.request("GET", "/healthz")
            return asking.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            asking.close()
