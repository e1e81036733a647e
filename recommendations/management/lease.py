"""One demo at a time in a home: who runs it, and what a demo that was killed has left.

The lock goes with the process that holds it. The record beside it names the demo, and a token that everything carries in its
environment that the demo starts, so that the next start finds it whatever has become of the parents.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex

from django.core.management.base import CommandError

VARIABLE, KEEPER_VARIABLE = "MOVIEREC_DEMO", "MOVIEREC_DEMO_KEEPER"
REFUSED = 2
# What is left ends by itself, because its parent is gone; a keeper then stops the node, which may take half a minute.
ORDERLY_SECONDS = 15.0
KEEPER_SECONDS = 60.0
_POLL_SECONDS = 0.1


@dataclass
class Lease:
    """What the record of a running demo says; ``node_pid`` is the Elasticsearch process that it started and has to stop."""

    pid: int
    address: str
    token: str
    node_pid: int | None = None


@contextmanager
def home_lease(home: Path, *, address: str, tell: Callable[[str], None]) -> Iterator[Lease]:
    """Hold the home for one demo. What a killed one has left is ended first; its node, if it still runs, is taken over.

    Raises
    ------
    CommandError
        With exit code 2 and one sentence if another demo of this home runs, or if its files cannot be made.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(home / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CommandError(f"The home {home} cannot be used: {error}.", returncode=REFUSED) from error
    record = home / "demo.json"
    try:
        _lock(lock, record, home)
        left = read_lease(home)
        lease = Lease(os.getpid(), address, token_hex(16), node_pid=left.node_pid if left else None)
        if left is not None:
            _end_what_is_left(left, tell)
        write_lease(home, lease)
        os.environ[VARIABLE] = lease.token
        try:
            yield lease
        finally:
            del os.environ[VARIABLE]
            record.unlink(
                missing_ok=True
            )  # the demo has ended its processes; only one that is killed leaves it
    finally:
        os.close(lock)


def _lock(lock: int, record: Path, home: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        running = read_lease(home)
        who = f" at {running.address} (process {running.pid})" if running else ""
        end = f", or with: kill {running.pid}" if running else ""
        raise CommandError(
            f"A demo of this home runs already{who}; end it with Ctrl-C in its terminal{end}, or set MOVIEREC_HOME to "
            "another folder.",
            returncode=REFUSED,
        ) from None


def read_lease(home: Path) -> Lease | None:
    """The record of the demo that runs or ran last and did not end in order; None if there is none."""
    try:
        return Lease(**json.loads((home / "demo.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_lease(home: Path, lease: Lease) -> None:
    """Replace the record; a reader sees the old one or the new one, never a part."""
    fresh = home / f".demo.json.{os.getpid()}"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(lease)) + "\n")
    os.replace(fresh, home / "demo.json")


def processes_of(lease: Lease, *, variable: str = VARIABLE) -> list[int]:
    """The living processes that the demo of this lease, or one of its children, has started."""
    mark = f"{variable}={lease.token}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:  # it is gone, or somebody else's
            continue
    return found


def _end_what_is_left(lease: Lease, tell: Callable[[str], None]) -> None:
    left = processes_of(lease)
    if left or processes_of(lease, variable=KEEPER_VARIABLE):
        tell("An earlier demo of this home was killed; ending what it has left …")
    _signal(left, signal.SIGTERM)
    if not _gone(lease, VARIABLE, ORDERLY_SECONDS):
        _signal(processes_of(lease), signal.SIGKILL)
        _gone(lease, VARIABLE, ORDERLY_SECONDS)
    if not _gone(lease, KEEPER_VARIABLE, KEEPER_SECONDS):
        _signal(processes_of(lease, variable=KEEPER_VARIABLE), signal.SIGKILL)


def _gone(lease: Lease, variable: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while processes_of(lease, variable=variable):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
