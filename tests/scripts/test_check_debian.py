"""``scripts/check_debian.sh`` that is stopped in the middle: nothing of it lives on, and its folder goes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

# What each stage does for minutes: here it says its number and sleeps, and, as unshare does, it ignores SIGTERM.
STUCK = 'trap "" TERM\nsleep 600 &\necho "$!" > "{file}"\nwait'


def wait_for(file: Path, process: subprocess.Popen[str]) -> psutil.Process:
    deadline = time.monotonic() + 60
    while not (file.exists() and file.read_text().strip()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return psutil.Process(int(file.read_text()))


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("stage", ["debootstrap", "unshare"])
def test_a_signal_ends_the_inner_processes_as_well(machine, tmp_path, stage, number, code):
    inner, work = tmp_path / "inner", tmp_path / "work"
    work.mkdir()
    for tool in ("sleep", "tar", "cp", "cat"):
        (machine.path / tool).symlink_to(shutil.which(tool))
    machine.stand_in("id", "echo 0")
    machine.stand_in("git", r"printf 'scripts/common.sh\0'")
    made = 'for last; do :; done\nmkdir -p "$4/etc/ssl/certs"\n'
    machine.stand_in("debootstrap", STUCK.format(file=inner) if stage == "debootstrap" else made)
    machine.stand_in("unshare", STUCK.format(file=inner))
    process = subprocess.Popen(
        [machine.project / "scripts" / "check_debian.sh"],
        env={"PATH": str(machine.path), "HOME": str(machine.project), "TMPDIR": str(work), "LC_ALL": "C"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # What begins with SIGINT ignored, as background commands of scripts do, could not set a trap for it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        sleeping = wait_for(inner, process)
        assert list(work.iterdir())
        process.send_signal(number)
        assert process.wait(30) == code
        assert psutil.wait_procs([sleeping], timeout=10)[1] == []
        assert list(work.iterdir()) == []
    finally:
        process.kill()
        if inner.exists() and psutil.pid_exists(int(inner.read_text() or 0)):
            os.kill(int(inner.read_text()), signal.SIGKILL)
