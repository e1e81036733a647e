"""What one home remembers of its node: ``MOVIEREC_HOME/elasticsearch/node.json``."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from recommendations.errors import MovierecError

HOST = "127.0.0.1"
FALLBACK_FOLDER = Path("/var/tmp")  # nosec B108


class NodeError(MovierecError):
    """The managed node could not be fetched, started or stopped. ``log_tail`` holds its last lines, if any."""

    def __init__(self, message: str, log_tail: str = "") -> None:
        super().__init__(message)
        self.log_tail = log_tail


@dataclass(frozen=True)
class NodeState:
    """The node as it was last known.

    ``session`` is the process session everything of the node lives in (``None``: stopped); ``pid`` and
    ``identity`` are the server process once it has answered. ``folder`` holds its program, settings, data
    and logs and stays the same from start to start.
    """

    version: str
    folder: str
    session: int | None = None
    pid: int | None = None
    identity: str | None = None
    port: int | None = None
    heap: str = ""
    user: str = ""
    java: str = ""

    @property
    def url(self) -> str:
        """Where the node answers; only of use while it runs."""
        return f"http://{HOST}:{self.port}"

    @property
    def log_file(self) -> Path:
        """What the node itself writes down."""
        return Path(self.folder, "logs", "node.log")

    def is_alive(self) -> bool:
        """Whether the recorded server process still runs (not merely one with the same number)."""
        return self.pid is not None and self.identity is not None and identity(self.pid) == self.identity

    def stopped(self) -> NodeState:
        """The same node without any process."""
        return replace(self, session=None, pid=None, identity=None, port=None)


def state_folder(home: Path) -> Path:
    """Where this home keeps everything about its node."""
    return home / "elasticsearch"


def own_folder(home: Path) -> Path:
    """Where the node's files lie if its user can reach them there."""
    return state_folder(home.resolve()) / "node"


def fallback_for(home: Path) -> Path:
    """Where they lie for a home that the node's user cannot reach, for example in a closed folder of root."""
    return FALLBACK_FOLDER / f"movierec-{hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]}"


def state_file(home: Path) -> Path:
    """The file that :func:`read_state` reads."""
    return state_folder(home) / "node.json"


def read_state(home: Path) -> NodeState | None:
    """The recorded state, or ``None`` if no node was ever started here or the file is not readable as one.

    A record that came with a copied home names the node of the original, which is none of this home's business.
    """
    try:
        state = NodeState(**json.loads(state_file(home).read_text()))
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return None
    return state if Path(state.folder) in (own_folder(home), fallback_for(home)) else None


def write_state(home: Path, state: NodeState) -> None:
    """Replace the recorded state; a reader sees the old one or the new one, never a part."""
    target = state_file(home)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.write_text(json.dumps(asdict(state), indent=2) + "\n")
    os.replace(fresh, target)


def running_node(home: Path) -> NodeState | None:
    """The state of this home's node if its process lives, else ``None``. Reads only; well under a millisecond."""
    state = read_state(home)
    return state if state is not None and state.is_alive() else None


_POLL_SECONDS = 0.1


@contextmanager
def file_lock(
    path: Path, *, timeout_seconds: float, on_wait: Callable[[], None] | None = None
) -> Iterator[None]:
    """Hold ``path`` (created if need be) exclusively.

    ``on_wait`` is called once if another process holds it.

    Raises
    ------
    NodeError
        If another process still holds it after ``timeout_seconds``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + timeout_seconds
    with path.open("a") as handle:
        announced = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not announced and on_wait is not None:
                    on_wait()
                announced = True
                if time.monotonic() >= deadline:
                    raise NodeError(
                        f"Another process has held {path} for {timeout_seconds:.0f} seconds; "
                        "wait until it has ended, or end it, and try again."
                    ) from None
                time.sleep(_POLL_SECONDS)
        yield


_PROC = Path("/proc")
_POLL_SECONDS = 0.1
_KILLED_SECONDS = 10.0


def _stat_fields(pid: int) -> list[str] | None:
    """The fields of ``/proc/PID/stat`` from the state on; ``None`` for a process that is gone or a zombie."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The second field is the program's name in brackets and may itself hold blanks and brackets.
    fields = text.rpartition(")")[2].split()
    return None if not fields or fields[0] in "ZX" else fields


def identity(pid: int) -> str | None:
    """A text that no other process ever shares: boot and start time. ``None`` if there is no such process."""
    fields = _stat_fields(pid)
    if fields is None:
        return None
    boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{fields[19]}"


def session_members(session: int, folder: Path) -> list[int]:
    """Living processes of ``session`` whose command line names ``folder``.

    The session's number alone could have been given to a stranger meanwhile; the folder is the node's own.
    """
    members = []
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        pid = int(entry.name)
        fields = _stat_fields(pid)
        if fields is None or int(fields[3]) != session:
            continue
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in command:
            members.append(pid)
    return members


def _signal_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
        except PermissionError:
            raise NodeError(
                f"Process {pid} of the Elasticsearch node belongs to another user; stop it as that user."
            ) from None


def terminate_session(session: int, folder: Path, *, grace_seconds: float) -> None:
    """End every process of a node: SIGTERM, and SIGKILL for what still lives after ``grace_seconds``.

    Raises
    ------
    NodeError
        If a process may not be signalled, or survives both.
    """
    for number, seconds in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, _KILLED_SECONDS)):
        members = session_members(session, folder)
        _signal_all(members, number)
        deadline = time.monotonic() + seconds
        while members and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
            members = session_members(session, folder)
        if not members:
            return
    raise NodeError(f"Process {members[0]} of the Elasticsearch node could not be ended.")
