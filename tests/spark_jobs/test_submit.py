"""Starting an application, hearing its events, and ending it with everything it started.

Small scripts stand in for ``spark-submit``; the pipeline's tests run the real one.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyspark
import pytest

from spark_jobs import leash
from spark_jobs import submit as submit_module
from spark_jobs.java_options import STACK, driver_options
from spark_jobs.submit import SparkJobError, submit

HEAD = """
import json, os, signal, subprocess, sys, time
def event(**values):
    print("@movierec " + json.dumps(values), flush=True)
"""
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Submit a Python text as the application."""

    def start(program: str, **options: Any) -> dict[str, Any]:
        script = tmp_path / "application.py"
        script.write_text(HEAD + textwrap.dedent(program))
        monkeypatch.setattr(submit_module, "_command", lambda *arguments: [sys.executable, str(script)])
        options = {"log_path": tmp_path / "logs" / "job.log", "master": "local[1]", **options}
        return submit("pipeline.py", [], driver_memory="1g", **options)

    return start


def is_gone(pid: int) -> bool:
    """True once nothing runs under this number any more (a zombie does not run)."""
    for _ in range(100):
        try:
            if (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_the_result_and_every_event_are_heard_as_they_come(run, tmp_path):
    heard: list[dict[str, Any]] = []
    result = run(
        """
        event(event="progress", stage="ingest", percent=0)
        print("noise of the JVM")
        print("[Stage 3:===>", end="")
        event(event="progress", stage="ingest", percent=50, detail="Été")
        event(event="result", version="v1")
        """,
        on_event=heard.append,
    )
    assert result["version"] == "v1"
    assert [event["percent"] for event in heard] == [0, 50]
    assert heard[1]["detail"] == "Été"
    assert "noise of the JVM" in (tmp_path / "logs" / "job.log").read_text()


def test_the_sentence_of_an_error_event_is_the_error(run):
    with pytest.raises(SparkJobError, match="^u.data is empty$") as failed:
        run(
            """
            print("Traceback (most recent call last):")
            event(event="error", message="u.data is empty")
            sys.exit(2)
            """
        )
    assert "Traceback" in failed.value.log_tail


def test_an_end_without_a_result_names_the_log(run, tmp_path):
    with pytest.raises(SparkJobError, match=f"exit code 0 without a result; its output is in {tmp_path}"):
        run("print('done?')")


def test_a_result_followed_by_a_failure_is_a_failure(run):
    with pytest.raises(SparkJobError, match="exit code 3"):
        run("event(event='result', version='v1'); sys.exit(3)")


def test_a_killed_application_is_said_to_be_killed(run):
    with pytest.raises(SparkJobError, match="ended by signal 9 without a result"):
        run("os.kill(os.getpid(), signal.SIGKILL)")


def test_only_the_end_of_a_long_output_is_kept(run):
    with pytest.raises(SparkJobError) as failed:
        run("[print('line', number) for number in range(1000)]")
    assert failed.value.log_tail.splitlines() == [f"line {number}" for number in range(960, 1000)]


def test_output_that_is_no_utf8_does_no_harm(run):
    assert (
        run(r"sys.stdout.buffer.write(b'\xff\xfe\n'); event(event='result', version='v1')")["version"] == "v1"
    )


def test_leaving_early_ends_the_whole_group(run, tmp_path):
    """Ctrl-C while waiting: the application and the workers that it has started are gone."""

    def interrupt(event: dict[str, Any]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(
            f"""
            worker = subprocess.Popen(["sleep", "300"])
            with open({str(tmp_path / "pids")!r}, "w") as file:
                file.write(f"{{os.getpid()}} {{worker.pid}}")
            event(event="progress", stage="train", percent=1)
            time.sleep(300)
            """,
            on_event=interrupt,
        )
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 2
    assert all(is_gone(pid) for pid in pids)


def test_an_application_that_ignores_sigterm_is_killed(run, monkeypatch):
    monkeypatch.setattr(submit_module, "GRACE_SECONDS", 0.3)
    heard: list[int] = []

    def leave(event: dict[str, Any]) -> None:
        heard.append(event["pid"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(
            """
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            event(event="progress", pid=os.getpid())
            time.sleep(300)
            """,
            on_event=leave,
        )
    assert is_gone(heard[0])


def test_workers_that_outlive_their_application_are_ended(run):
    result = run(
        """
        worker = subprocess.Popen(["sleep", "300"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        event(event="result", worker=worker.pid)
        """
    )
    assert is_gone(result["worker"])


def test_the_application_does_not_get_ctrl_c_of_the_terminal(run):
    result = run("event(event='result', group=os.getpgid(0), session=os.getsid(0))")
    assert result["group"] == result["session"] != os.getpgid(0)


def test_whoever_waits_may_look_around_and_leave(run):
    """``watch`` is called while the application says nothing, and what it raises ends everything."""
    looks: list[float] = []
    pids: list[int] = []

    def watch() -> None:
        looks.append(time.monotonic())
        if len(looks) == 3:
            raise TimeoutError("enough")

    with pytest.raises(TimeoutError, match="enough"):
        run(
            "event(event='progress', pid=os.getpid()); time.sleep(300)",
            on_event=lambda event: pids.append(event["pid"]),
            watch=watch,
        )
    assert is_gone(pids[0])
    assert max(later - earlier for earlier, later in itertools.pairwise(looks)) < 20, (
        "ten times what a quiet machine needs"
    )


def test_the_application_ends_when_its_starter_is_killed(tmp_path):
    """SIGKILL leaves nobody to clean up; the leash does it."""
    application = tmp_path / "application.py"
    application.write_text("import os, time; print(os.getpid(), flush=True); time.sleep(300)")
    starter = (
        "import subprocess, sys; subprocess.Popen([sys.executable, sys.argv[1], sys.executable, sys.argv[2]],"
        "stdin=subprocess.PIPE, start_new_session=True).wait()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", starter, leash.__file__, str(application)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    assert is_gone(pid)
    process.stdout.close()


def test_what_a_killed_command_leaves_behind_ends_with_it(tmp_path):
    """Its children are no children of the leash, but they are in its group; it ends as the command has ended."""
    application = tmp_path / "application.py"
    application.write_text(
        "import os, subprocess, time; child = subprocess.Popen(['sleep', '300'])\n"
        "print(os.getpid(), child.pid, flush=True); time.sleep(300)"
    )
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", leash.__file__, sys.executable, str(application)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    command, child = map(int, process.stdout.readline().split())
    os.kill(command, signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    assert is_gone(child)
    process.communicate()


def test_an_absent_master_is_one_clear_sentence(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        master = f"spark://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(ConnectionError, match=f"The Spark master {master} does not answer; start it"):
            submit("pipeline.py", [], master=master, driver_memory="1g", log_path=tmp_path / "job.log")


def test_a_master_that_goes_away_ends_the_application(run, tmp_path):
    """One that is started anew at the same place does not know the application, which would wait forever."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        master = f"spark://127.0.0.1:{server.getsockname()[1]}"
        pids: list[int] = []

        def restart(event: dict[str, Any]) -> None:
            pids.append(event["pid"])
            server.accept()[0].close()

        with pytest.raises(ConnectionError, match="went away in the middle; start it"):
            run("event(event='progress', pid=os.getpid()); time.sleep(300)", on_event=restart, master=master)
    assert is_gone(pids[0])


def test_the_environment_of_an_application(run):
    result = run(
        "event(event='result', environment=dict(os.environ))", environment={"ELASTICSEARCH_API_KEY": "secret"}
    )
    environment = result["environment"]
    assert (Path(environment["JAVA_HOME"]) / "bin" / "java").exists()
    assert environment["PYSPARK_PYTHON"] == environment["PYSPARK_DRIVER_PYTHON"] == sys.executable
    assert environment["ELASTICSEARCH_API_KEY"] == "secret"


def test_the_command_line():
    command = submit_module._command("pipeline.py", ["--data", "d"], "spark://host:7077", "2g")
    assert command[0] == str(Path(pyspark.__file__).parent / "bin" / "spark-submit")
    assert command[1:5] == ["--master", "spark://host:7077", "--driver-memory", "2g"]
    assert command[5:7] == ["--driver-java-options", driver_options()]
    assert command[7].endswith("spark_jobs/pipeline.py")
    assert command[8:] == ["--master", "spark://host:7077", "--data", "d"]


JAVA_CHILD = """
import json
from spark_jobs.session import build_session
spark = build_session("child", master="local[1]")
given = spark._jvm.java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments()
print(json.dumps(list(given)))
spark.stop()
"""


@pytest.mark.spark
def test_the_java_process_of_an_application_gets_its_options(tmp_path):
    """What a session sets comes too late for it: ``spark-submit`` has started that process long before."""
    script = tmp_path / "child.py"
    script.write_text(JAVA_CHILD)
    command = submit_module._command("pipeline.py", [], "local[1]", "700m")
    place = next(place for place, word in enumerate(command) if word.endswith("pipeline.py"))
    done = subprocess.run(
        [*command[:place], str(script)],
        env=submit_module._environment({}),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    given = json.loads(done.stdout.splitlines()[-1])
    assert STACK in given
    assert "-Xmx700m" in given
    assert set(driver_options().split()) <= set(given)


def test_an_unfinished_signal_does_not_reach_others():
    """The group of a process that has long gone is left alone."""
    submit_module._signal_group(2**22 - 1, signal.SIGTERM)
