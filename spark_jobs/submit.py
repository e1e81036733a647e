"""Starts a Spark application as a ``spark-submit`` subprocess and listens to its progress. No Django."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from recommendations.errors import MovierecError
from recommendations.localnode.java import find_java
from spark_jobs import PROJECT_ROOT, leash
from spark_jobs.cluster import MasterWatch
from spark_jobs.java_options import driver_options
from spark_jobs.progress import parse_event

# How long an application may take to end after SIGTERM before it is killed.
GRACE_SECONDS = 15
LOG_TAIL_LINES = 40
# How often whoever waits for an application gets a chance to look around.
WATCH_SECONDS = 1.0


class SparkJobError(MovierecError):
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
    watch: Callable[[], None] = lambda: None,
    environment: Mapping[str, str] | None = None,
    append: bool = False,
) -> dict[str, Any]:
    """Run ``spark_jobs/<script>`` and return the values of its result event.

    ``on_event`` is called for every progress event as it arrives, ``watch`` about every second. All output goes to
    ``log_path``, behind what stands there if ``append`` says so. The application has a process group of its own, which is ended if this function is left early, by
    Ctrl-C or by what ``watch`` raises, and also if this process is killed.

    Raises
    ------
    SparkJobError
        If it fails, ends without a result, or PySpark is not installed.
    ConnectionError
        If the master of the cluster does not answer, or goes away in the middle.
    recommendations.localnode.java.JavaMissingError
        If there is no Java.
    """
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with MasterWatch(master) as cluster:

        def look() -> None:
            cluster.check()
            watch()

        process = _start(script, arguments, master, driver_memory, environment or {})
        return _run(process, log_path, on_event, look, append=append)


def _start(
    script: str, arguments: Sequence[str], master: str, driver_memory: str, environment: Mapping[str, str]
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", leash.__file__, *_command(script, arguments, master, driver_memory)],
        env=_environment(environment),
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )


def _run(
    process: subprocess.Popen[str],
    log_path: Path,
    on_event: Callable[[dict[str, Any]], None],
    look: Callable[[], None],
    *,
    append: bool,
) -> dict[str, Any]:
    result: dict[str, Any] | None = None
    message = ""
    tail: deque[str] = deque(maxlen=LOG_TAIL_LINES)
    try:
        # Line by line, for those who read along.
        with log_path.open("a" if append else "w", encoding="utf-8", buffering=1) as log:
            for line in _lines(process, look):
                log.write(line)
                event = parse_event(line)
                if event is None:
                    tail.append(line)
                elif event["event"] == "result":
                    result = event
                elif event["event"] == "error":
                    message = event["message"]
                else:
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


def _lines(process: subprocess.Popen[str], watch: Callable[[], None]) -> Iterator[str]:
    """The lines of the output as they come; in between and beside them, ``watch`` is called."""
    output = process.stdout
    assert output is not None
    arrived: Queue[str | None] = Queue()

    def read() -> None:
        for line in output:
            arrived.put(line)
        arrived.put(None)

    threading.Thread(target=read, daemon=True).start()
    watched = time.monotonic()
    while True:
        if time.monotonic() - watched >= WATCH_SECONDS:
            watch()
            watched = time.monotonic()
        try:
            line = arrived.get(timeout=WATCH_SECONDS)
        except Empty:
            continue
        if line is None:
            return
        yield line


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
    if process.stdin is not None:
        process.stdin.close()


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _spark_home() -> Path:
    """The folder of PySpark, which is looked for but not loaded: what starts Spark does not run it."""
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise SparkJobError("PySpark is not installed here; applications are started by the Celery worker.")
    return Path(found.origin).parent


def _command(script: str, arguments: Sequence[str], master: str, driver_memory: str) -> list[str]:
    options = [
        "--master",
        master,
        "--driver-memory",
        driver_memory,
        "--driver-java-options",
        driver_options(),
    ]
    return [
        str(_spark_home() / "bin" / "spark-submit"),
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
        "SPARK_HOME": str(_spark_home()),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYTHONPATH": str(PROJECT_ROOT),
        "PYTHONUNBUFFERED": "1",
        # In the locale C, Java could not open a folder with an accent in its name.
        "LC_ALL": "C.UTF-8",
        **extra,
    }
