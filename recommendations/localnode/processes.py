"""Which processes belong to a node, told apart from any others that got the same numbers later (Linux)."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from recommendations.search.errors import NodeError

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
