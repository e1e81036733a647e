"""Starts, stops and looks at the one Elasticsearch node of a ``MOVIEREC_HOME``."""

from __future__ import annotations

import re
import shutil
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from recommendations.localnode.distribution import (
    DEFAULT_VERSION,
    Progress,
    cache_folder,
    expected,
    fetch_distribution,
    silent,
    unpack_distribution,
)
from recommendations.localnode.java import find_java
from recommendations.localnode.launch import launch, refuse_taken_port
from recommendations.localnode.places import node_folder, node_user
from recommendations.localnode.state import (
    NodeError,
    NodeState,
    fallback_for,
    file_lock,
    read_state,
    running_node,
    session_members,
    state_folder,
    terminate_session,
    write_state,
)

DEFAULT_HEAP = "512m"
STOP_SECONDS = 30.0
_LOCK_SECONDS = 300.0
# The security manager that older versions switch on is gone from Java 24 on.
_FIRST_ON_NEW_JAVA = (8, 18)
_LAST_OLD_JAVA = 23


@dataclass(frozen=True)
class StartedNode:
    """A node that answers; ``already_running`` if nothing had to be done. ``seconds`` is the time it took."""

    state: NodeState
    already_running: bool
    seconds: float


def start(
    home: Path,
    version: str = DEFAULT_VERSION,
    heap: str = DEFAULT_HEAP,
    port: int = 0,
    *,
    cache_dir: Path | None = None,
    progress: Progress = silent,
) -> StartedNode:
    """Make the node of ``home`` run and return once it answers; what runs already is left as it is.

    Parameters
    ----------
    heap
        Size of Java's heap, for example ``"512m"`` or ``"1g"``.
    port
        Where it answers over HTTP on loopback; 0 for any free port.

    Raises
    ------
    NodeError
        If it cannot be fetched, unpacked or started; ``log_tail`` then holds its last lines. Also if
        another version runs already.
    JavaMissingError
        If there is no Java that this version runs on.
    """
    begun = time.monotonic()
    _check(version, heap, port)
    home = home.resolve()
    with _lock(home, progress):
        running = running_node(home)
        if running is not None:
            if running.version != version or port not in (0, running.port):
                raise NodeError(
                    f"Elasticsearch {running.version} is already running on port {running.port}; "
                    "stop it first with: manage.py elasticsearch stop"
                )
            return StartedNode(running, already_running=True, seconds=time.monotonic() - begun)
        _clear(home)
        state = _start(home, version, heap, port, cache_dir or cache_folder(), progress)
    return StartedNode(state, already_running=False, seconds=time.monotonic() - begun)


def stop(home: Path, *, progress: Progress = silent) -> bool:
    """End the node of ``home`` and everything it started; its data stay. Returns whether anything ran.

    Raises
    ------
    NodeError
        If it belongs to another user.
    """
    home = home.resolve()
    if read_state(home) is None:
        return False
    with _lock(home, progress):
        state = read_state(home)
        if state is None or state.session is None:
            return False
        progress(f"Stopping Elasticsearch {state.version}", None)
        lived = bool(session_members(state.session, Path(state.folder)))
        _clear(home)
        return lived


def status(home: Path) -> NodeState | None:
    """The running node of ``home``, or ``None``; the record of one that died is cleaned up on the way."""
    home = home.resolve()
    state = read_state(home)
    if state is None or state.pid is None or state.is_alive():
        return running_node(home)
    with _lock(home, silent):
        running = running_node(home)  # perhaps it was started again meanwhile
        if running is None:
            _clear(home)
        return running


def remove(home: Path) -> None:
    """Stop the node of ``home`` and delete it with all of its data. The cache of fetched zips stays."""
    home = home.resolve()
    stop(home)
    # A start that failed early has made a folder, but no record of it.
    for folder in (fallback_for(home), state_folder(home)):
        shutil.rmtree(folder, ignore_errors=True)


def _lock(home: Path, progress: Progress) -> AbstractContextManager[None]:
    return file_lock(
        state_folder(home) / "lock",
        timeout_seconds=_LOCK_SECONDS,
        on_wait=lambda: progress("Waiting for another start or stop of this node", None),
    )


def _check(version: str, heap: str, port: int) -> None:
    expected(version)
    if not re.fullmatch(r"[1-9]\d*[mMgG]", heap):
        raise NodeError(f"The heap is {heap!r}; expected a number and m or g, for example {DEFAULT_HEAP}.")
    if heap[-1] in "mM" and int(heap[:-1]) < 128:
        raise NodeError(f"The heap is {heap}; Elasticsearch needs at least 128m.")
    if port != 0 and not 1024 <= port <= 65535:
        raise NodeError(f"The port is {port}; expected 0 for any free one, or 1024 to 65535.")


def _start(home: Path, version: str, heap: str, port: int, cache_dir: Path, progress: Progress) -> NodeState:
    refuse_taken_port(port)
    new_enough = _numbers(version)[:2] >= _FIRST_ON_NEW_JAVA
    java = find_java(maximum=None if new_enough else _LAST_OLD_JAVA)
    try:
        user = node_user()
        folder = node_folder(home, user)
        if not user.may("-x", java.executable):
            raise NodeError(
                f"The user {user.name}, as whom Elasticsearch has to run, cannot run {java.executable}; "
                "install Java for everybody (Debian: apt-get install openjdk-17-jre-headless)."
            )
        _refuse_downgrade(folder, version)
        if not (folder / f"elasticsearch-{version}").is_dir():
            archive = fetch_distribution(version, cache_dir, progress)
            unpack_distribution(archive, folder, progress)
        state = NodeState(version=version, folder=str(folder), heap=heap, user=user.name, java=str(java.home))
        state = launch(home, state, user, port, progress)
        _data_version(folder).write_text(version + "\n")
    except OSError as error:
        raise NodeError(f"The node's files could not be made: {error}.") from error
    return state


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _data_version(folder: Path) -> Path:
    return folder / "data-version"


def _refuse_downgrade(folder: Path, version: str) -> None:
    try:
        written_by = _data_version(folder).read_text().strip()
    except FileNotFoundError:
        return
    if _numbers(version) < _numbers(written_by):
        raise NodeError(
            f"The data in {folder / 'data'} were written by Elasticsearch {written_by}, which {version} "
            f"cannot read; start it with --version {written_by}, or use another MOVIEREC_HOME."
        )


def _clear(home: Path) -> None:
    """End what is left of a start that was killed, and forget a node that died. The lock is held."""
    state = read_state(home)
    if state is None or state.session is None:
        return
    terminate_session(state.session, Path(state.folder), grace_seconds=STOP_SECONDS)
    write_state(home, state.stopped())
