"""A node ends with whoever started it, if that one is killed: a stand-in for the server, the rest is real."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from recommendations.localnode import keeper
from recommendations.localnode.state import NodeState, identity, own_folder, read_state, write_state

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(tmp_path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is recorded as the node of ``tmp_path``."""
    folder = str(own_folder(tmp_path))
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)", folder], start_new_session=True
    )
    state = NodeState("8.19.0", folder, session=process.pid, pid=process.pid, identity=identity(process.pid))
    write_state(tmp_path, state)
    yield process
    process.kill()
    process.wait()


def test_the_node_is_stopped_once_nobody_holds_the_other_end(server, tmp_path):
    watching = subprocess.Popen(
        [sys.executable, "-m", keeper.__name__, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE
    )
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            watching.wait(2)
        assert server.poll() is None
        watching.stdin.close()
        assert watching.wait(60) == 0
        assert server.wait(10) != 0
        assert read_state(tmp_path).pid is None
    finally:
        if psutil.pid_exists(watching.pid):
            watching.kill()
        watching.wait()
