"""One demo in a home: the lock and the record, without a demo."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from recommendations.management.lease import VARIABLE, home_lease, processes_of, read_lease

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "http://127.0.0.1:5001"
# Holds a home, starts a process that goes on, and waits to be killed.
HOLDER = """
import subprocess, sys, time
from pathlib import Path
from recommendations.management.lease import home_lease
with home_lease(Path(sys.argv[1]), address="http://127.0.0.1:5001", tell=print):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    print("started", child.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_demo_that_ends_leaves_no_record(tmp_path):
    with home_lease(tmp_path / "home", address=ADDRESS, tell=print) as lease:
        assert read_lease(tmp_path / "home") == lease
        assert stat.S_IMODE((tmp_path / "home" / "demo.json").stat().st_mode) == 0o600
        assert os.environ[VARIABLE] == lease.token
    assert read_lease(tmp_path / "home") is None
    assert VARIABLE not in os.environ


def test_a_second_one_is_refused_in_one_sentence_and_the_first_keeps_its_home(tmp_path, holder):
    assert holder.stdout.readline().startswith("started")
    before = read_lease(tmp_path)
    with pytest.raises(CommandError) as refused, home_lease(tmp_path, address="x", tell=print):
        pass
    assert refused.value.returncode == 2
    assert str(refused.value).startswith(
        f"A demo of this home runs already at {ADDRESS} (process {holder.pid}); end it with Ctrl-C"
    )
    assert read_lease(tmp_path) == before
    assert len(processes_of(before)) == 1


def test_what_a_killed_one_has_left_is_ended_and_told(tmp_path, holder):
    orphan = int(holder.stdout.readline().split()[1])
    left = read_lease(tmp_path)
    holder.kill()
    holder.wait()
    assert processes_of(left) == [orphan]
    told: list[str] = []
    with home_lease(tmp_path, address=ADDRESS, tell=told.append) as lease:
        assert processes_of(left) == []
        assert (lease.pid, lease.token != left.token) == (os.getpid(), True)
    assert told == ["An earlier demo of this home was killed; ending what it has left …"]


def test_a_record_of_before_that_left_nothing_is_no_news(tmp_path, holder):
    orphan = int(holder.stdout.readline().split()[1])
    left = read_lease(tmp_path)
    os.kill(orphan, 9)
    holder.kill()
    holder.wait()
    while processes_of(left):  # a signal is under way for a moment
        time.sleep(0.05)
    told: list[str] = []
    with home_lease(tmp_path, address=ADDRESS, tell=told.append):
        assert told == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_record_that_is_none_is_passed_over(tmp_path, text):
    (tmp_path / "demo.json").write_text(text)
    with home_lease(tmp_path, address=ADDRESS, tell=print) as lease:
        assert read_lease(tmp_path) == lease


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(CommandError, match="The home .* cannot be used") as refused,
        home_lease(tmp_path / "file" / "home", address=ADDRESS, tell=print),
    ):
        pass
    assert refused.value.returncode == 2
