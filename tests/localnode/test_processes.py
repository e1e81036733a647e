"""A node's processes are found and ended, and nobody else's."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recommendations.localnode.state import (
    NodeError,
    NodeState,
    file_lock,
    identity,
    own_folder,
    read_state,
    running_node,
    session_members,
    state_file,
    terminate_session,
    write_state,
)

IGNORING = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
OBEYING = "import time; print('up', flush=True); time.sleep(60)"


@pytest.fixture
def spawn():
    """Starts Python in a session of its own, with ``folder`` on its command line; ended after the test."""
    spawned = []

    def start(code: str, folder: Path) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(folder / "x")], stdout=subprocess.PIPE, start_new_session=True
        )
        spawned.append(process)
        assert process.stdout.readline() == b"up\n"
        return process

    yield start
    for process in spawned:
        process.kill()
        process.wait()
        process.stdout.close()


def test_an_identity_is_kept_for_life_and_shared_with_nobody(spawn, tmp_path):
    first, second = spawn(OBEYING, tmp_path), spawn(OBEYING, tmp_path)
    assert identity(first.pid) == identity(first.pid)
    # Two starts within one clock tick may look alike, but never under the same number.
    assert identity(os.getpid()) != identity(second.pid)


def test_a_zombie_counts_as_gone(spawn, tmp_path):
    process = spawn(OBEYING, tmp_path)
    process.kill()
    while session_members(process.pid, tmp_path):
        time.sleep(0.01)
    assert identity(process.pid) is None  # it has not been waited for


def test_the_session_is_ended_and_one_that_does_not_listen_is_killed(spawn, tmp_path):
    obeying, ignoring = spawn(OBEYING, tmp_path), spawn(IGNORING, tmp_path)
    assert session_members(obeying.pid, tmp_path) == [obeying.pid]
    terminate_session(obeying.pid, tmp_path, grace_seconds=10)
    assert obeying.wait() == -15
    terminate_session(ignoring.pid, tmp_path, grace_seconds=0.3)
    assert ignoring.wait() == -9


def test_a_stranger_with_the_number_of_a_node_is_left_alone(spawn, tmp_path):
    stranger = spawn(OBEYING, tmp_path / "theirs")
    terminate_session(stranger.pid, tmp_path / "ours", grace_seconds=0.1)
    assert stranger.poll() is None


def test_a_record_of_a_reused_number_is_no_running_node(spawn, tmp_path):
    process = spawn(OBEYING, tmp_path)
    state = NodeState(
        "8.19.21",
        str(own_folder(tmp_path)),
        session=process.pid,
        pid=process.pid,
        identity="another-boot/1",
        port=1,
    )
    write_state(tmp_path, state)
    assert running_node(tmp_path) is None
    alive = NodeState(**{**vars(state), "identity": identity(process.pid)})
    write_state(tmp_path, alive)
    assert running_node(tmp_path) == alive


@pytest.mark.parametrize("content", ["", "{", "[]", '{"unknown": 1}'])
def test_a_broken_record_counts_as_none(tmp_path, content):
    state_file(tmp_path).parent.mkdir()
    state_file(tmp_path).write_text(content)
    assert read_state(tmp_path) is None


def test_a_lock_is_waited_for_and_given_up_with_a_sentence(tmp_path):
    waits = []
    with (
        file_lock(tmp_path / "lock", timeout_seconds=1),
        pytest.raises(NodeError, match="Another process has held"),
        file_lock(tmp_path / "lock", timeout_seconds=0.2, on_wait=lambda: waits.append(1)),
    ):
        pass
    assert waits == [1]
    with file_lock(tmp_path / "lock", timeout_seconds=0.2):
        pass
