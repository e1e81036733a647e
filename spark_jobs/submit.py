"""Starts a Spark application as a ``spark-submit`` subprocess and listens to its progress. No Django."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyspark

from spark_jobs.java import find_java
from spark_jobs.progress import parse_event
from spark_jobs.session import PROJECT_ROOT

# How long an application may take to end after SIGTERM before it is killed.
GRACE_SECONDS = 15
LOG_TAIL_LINES = 40


class SparkJobError(Exception):
    """A Spark application failed; the message is one sentence, ``log_tail`` the end of its output."""

    def __init__(self, message: str, log_tail: str = "") -> None:
        super().__init__(message)
        self.log_tail = log_tail


def submit(
    script: str,
    arguments: Sequence[str],
    *,
    master: str,
    driver_memory: str,
    log_path: Path,
    on_event: Callable[[dict[str, Any]], None] = lambda event: None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Run ``spark_jobs/<script>`` and return the values of its result event.

    ``on_event`` is called for every progress event as it arrives. All output goes to ``log_path``. The application
    has a process group of its own, which is ended if this function is left early, by Ctrl-C for example.

    Raises
    ------
    SparkJobError
        If it fails, or ends without a result.
    spark_jobs.java.JavaMissingError
        If there is no Java.
    """
    log_path.parent.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        _command(script, arguments, master, driver_memory),
        env=_environment(environment or {}),
        cwd=PROJECT_ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    result: dict[str, Any] | None = None
    message = ""
    tail: deque[str] = deque(maxlen=LOG_TAIL_LINES)
    try:
        assert process.stdout is not None
        with log_path.open("w", encoding="utf-8") as log:
            for line in process.stdout:
                log.write(line)
                event = parse_event(line)
                if event is None:
                    tail.append(line)
                elif event["event"] == "result":
                    result = event
                elif event["event"] == "error":
                    message = event["message"]
                else:
                    log.flush()
                    on_event(event)
        code = process.wait()
    finally:
        end_process_group(process)
    if code == 0 and result is not None:
        return result
    if not message:
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        message = f"The Spark application {how} without a result; its output is in {log_path}."
    raise SparkJobError(message, "".join(tail))


def end_process_group(process: subprocess.Popen[str]) -> None:
    """End an application with everything it started: SIGTERM, then SIGKILL."""
    for number, patience in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, None)):
        if process.poll() is None:
            _signal_group(process.pid, number)
            try:
                process.wait(timeout=patience)
            except subprocess.TimeoutExpired:
                continue
    # The leader is gone; Python workers that it left behind are not needed by anybody.
    _signal_group(process.pid, signal.SIGKILL)


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _command(script: str, arguments: Sequence[str], master: str, driver_memory: str) -> list[str]:
    home = Path(pyspark.__file__).parent
    options = ["--master", master, "--driver-memory", driver_memory]
    return [
        str(home / "bin" / "spark-submit"),
        *options,
        str(PROJECT_ROOT / "spark_jobs" / script),
        "--master",
        master,
        *arguments,
    ]


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    return {
        **os.environ,
        "JAVA_HOME": str(find_java().home),
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYTHONPATH": str(PROJECT_ROOT),
        "PYTHONUNBUFFERED": "1",
        **extra,
    }
