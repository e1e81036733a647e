"""Runs a command that must not outlive whoever started it; a program of its own, started by :mod:`spark_jobs.submit`, and by
the demo for its site and its worker.

The starter holds the other end of this process's standard input and never writes to it. When the starter ends, however
suddenly (SIGKILL, a container that is stopped), that end closes, and the whole process group is ended. So is what a
command leaves behind that is killed itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

GRACE_SECONDS = 10


def end_with_starter() -> None:
    """Wait until nobody holds the other end any more, then end the group: this process, the command, its children."""
    while os.read(0, 1024):
        pass
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


def end_the_rest() -> None:
    """Kill what is left of the group once the command has ended: children that a killed command could not end itself."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # The program's name, in brackets, may itself hold blanks and brackets; the group is the third field after it.
            group = int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[2])
            if group == os.getpgrp() and int(entry.name) != os.getpid():
                os.kill(int(entry.name), signal.SIGKILL)
        except (OSError, ValueError, IndexError):
            continue


def main(command: list[str]) -> int:
    """Run the command and end as it ends: with its exit code, or by the signal that ended it."""
    # The command gets the same signal and ends first, in order; a handler, unlike SIG_IGN, is not inherited.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=end_with_starter, daemon=True).start()
    code = child.wait()
    end_the_rest()
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
