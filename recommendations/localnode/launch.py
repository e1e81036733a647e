"""Starts the server process and waits until it answers."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import time
from collections import deque
from dataclasses import replace
from pathlib import Path

from recommendations.localnode.configuration import SUBFOLDERS, server_environment, write_configuration
from recommendations.localnode.distribution import Progress
from recommendations.localnode.places import NodeUser
from recommendations.localnode.state import (
    HOST,
    NodeError,
    NodeState,
    identity,
    terminate_session,
    write_state,
)

# A busy machine makes a node slow, but it goes on writing its log; one that is stuck falls silent.
SILENT_SECONDS = 180.0
_RECOVERY_SECONDS = 60.0
_POLL_SECONDS = 0.1
_ABORT_SECONDS = 10.0
_TAIL_LINES = 25


def refuse_taken_port(port: int) -> None:
    """Raise ``NodeError`` naming ``port`` and the way out if something listens there; 0 is always free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a node stopped just now is no obstacle
        try:
            probe.bind((HOST, port))
        except OSError:
            raise NodeError(
                f"Port {port} is taken by another program; end it, choose another --port, "
                "or leave --port out for any free one."
            ) from None


def launch(home: Path, state: NodeState, user: NodeUser, port: int, progress: Progress) -> NodeState:
    """Start the unpacked node of ``state`` and return its state once ``_cluster/health`` answers.

    The processes get a session of their own, so that Ctrl-C in the terminal does not reach them. They are
    recorded before they can be lost: whoever kills this process leaves a record by which the next start
    ends them.

    Raises
    ------
    NodeError
        If it ends or does not answer in time. Nothing is left running then, nor after an interruption.
    """
    folder = Path(state.folder)
    _prepare(folder, user, port)
    program = folder / f"elasticsearch-{state.version}" / "bin" / "elasticsearch"
    with (folder / "start.log").open("wb") as log:
        # As a daemon the launching script and its own JVM end as soon as the server is up.
        launcher = subprocess.Popen(
            [str(program), "-d", "-p", str(folder / "node.pid")],
            cwd=folder / "logs",
            env=server_environment(folder, Path(state.java), state.heap),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **user.as_process(),
        )
    answering = False
    try:
        state = replace(state, session=launcher.pid)
        write_state(home, state)
        state = _wait(state, launcher, progress)
        write_state(home, state)
        answering = True
        return state
    finally:
        if not answering:
            terminate_session(launcher.pid, folder, grace_seconds=_ABORT_SECONDS)
            write_state(home, state.stopped())
        launcher.wait()


def _prepare(folder: Path, user: NodeUser, port: int) -> None:
    for name in SUBFOLDERS:
        (folder / name).mkdir(exist_ok=True)
        user.own(folder / name)
    for written in (folder / "node.pid", folder / "logs" / "http.ports"):  # by the last start
        written.unlink(missing_ok=True)
    for path in (folder / "tmp").iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    write_configuration(folder, port)


class _Silence:
    """For how long a log, which may not exist yet, has not grown."""

    def __init__(self, log: Path) -> None:
        self._log, self._size, self._since = log, 0, time.monotonic()

    def seconds(self) -> float:
        size = self._log.stat().st_size if self._log.exists() else 0
        if size != self._size:
            self._size, self._since = size, time.monotonic()
        return time.monotonic() - self._since


def _wait(state: NodeState, launcher: subprocess.Popen[bytes], progress: Progress) -> NodeState:
    stage = f"Starting Elasticsearch {state.version}"
    silence = _Silence(state.log_file)
    while launcher.poll() is None:
        if silence.seconds() > SILENT_SECONDS:
            raise _failed(state, f"did not start and has written nothing for {SILENT_SECONDS:.0f} seconds")
        progress(stage, None)
        time.sleep(_POLL_SECONDS)
    if launcher.returncode != 0:
        raise _failed(state, f"could not be started (exit code {launcher.returncode})")
    folder = Path(state.folder)
    try:
        pid = int((folder / "node.pid").read_text())
        port = int((folder / "logs" / "http.ports").read_text().split()[0].rpartition(":")[2])
    except (OSError, ValueError, IndexError):
        # The launcher may end with 0 although the server's JVM never came up.
        raise _failed(state, "could not be started") from None
    state = replace(state, pid=pid, identity=identity(pid), port=port)
    recovered_by = time.monotonic() + _RECOVERY_SECONDS
    while state.is_alive():
        health = cluster_health(port)
        # An index that cannot be recovered is no reason to refuse the node: rebuild_indices needs it running.
        if health is not None and (health != "red" or time.monotonic() > recovered_by):
            return state
        if health is None and silence.seconds() > SILENT_SECONDS:
            raise _failed(state, f"does not answer and has written nothing for {SILENT_SECONDS:.0f} seconds")
        progress(stage, None)
        time.sleep(_POLL_SECONDS)
    raise _failed(state, "ended while it was starting")


def cluster_health(port: int, *, timeout_seconds: float = 5.0) -> str | None:
    """``green``, ``yellow`` or ``red`` as the node at ``port`` says; ``None`` if it does not answer."""
    asking = http.client.HTTPConnection(HOST, port, timeout=timeout_seconds)
    try:
        # `GET /` is no ping: the server core answers it with 405 from 8.9 on.
        asking.request("GET", "/_cluster/health")
        answer = asking.getresponse()
        return json.load(answer).get("status") if answer.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        asking.close()


def _failed(state: NodeState, what: str) -> NodeError:
    lines: list[str] = []
    for path in (state.log_file, Path(state.folder, "start.log")):
        if path.exists():
            with path.open(errors="replace") as log:
                lines += deque(log, maxlen=_TAIL_LINES)
    return NodeError(
        f"Elasticsearch {state.version} {what}; see {state.log_file}.", log_tail="".join(lines).rstrip()
    )
