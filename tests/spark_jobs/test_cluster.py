"""The same jobs on a standalone cluster whose executors know nothing of this project's folder."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pyspark
import pytest

from spark_jobs.java import find_java
from spark_jobs.session import PROJECT_ROOT
from tests.sample_data import write_sample

pytestmark = [pytest.mark.spark, pytest.mark.stack]
SPARK_HOME = Path(pyspark.__file__).parent

_JOB = """
import sys
sys.path.insert(0, sys.argv[1])
from spark_jobs.ingest import ingest
from spark_jobs.session import build_session

def where(_):
    from recommendations.ranking import genres
    return genres.__file__

settings = {"spark.executor.memory": "600m", "spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false"}
spark = build_session("cluster test", master=sys.argv[2], driver_memory="600m", extra=settings)
report = ingest(spark, sys.argv[3], sys.argv[4])
print("ratings", report.ratings)
print("code", spark.sparkContext.parallelize([0], 1).map(where).first())
spark.stop()
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(path: Path, text: str) -> None:
    deadline = time.monotonic() + 60
    while text not in (path.read_text() if path.exists() else ""):
        assert time.monotonic() < deadline, f"{text!r} did not appear in {path}: {path.read_text()[-2000:]}"
        time.sleep(0.2)


@pytest.fixture
def master(tmp_path):
    """Address of a master with one worker, both of the pyspark package, both ended with the test."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {
        "SPARK_HOME": str(SPARK_HOME),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "JAVA_HOME": str(find_java().home),
    }
    address = f"spark://127.0.0.1:{free_port()}"
    services = {
        "master.Master": ["--port", address.rsplit(":", 1)[1]],
        "worker.Worker": ["--cores", "1", "--memory", "1g", "--work-dir", str(tmp_path / "work"), address],
    }
    processes = []
    try:
        for (name, arguments), ready in zip(services.items(), ("I have been elected leader", "Successfully registered"), strict=True):  # fmt: skip
            log = tmp_path / f"{name}.log"
            command = [str(SPARK_HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}"]
            command += ["--host", "127.0.0.1", "--webui-port", str(free_port()), *arguments]
            with log.open("w") as output:
                processes.append(
                    subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=output, stderr=output)
                )
            wait_for(log, ready)
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(timeout=30)


def test_the_executors_of_a_cluster_get_the_code_sent(master, tmp_path):
    sample = write_sample(tmp_path / "raw")
    # The caller's own search path would otherwise reach executors on the same machine.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-c", _JOB, str(PROJECT_ROOT), master, str(sample), str(tmp_path / "parsed")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    told = dict(
        line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith(("ratings", "code"))
    )
    assert int(told["ratings"]) == len((sample / "u.data").read_text().splitlines())
    assert "movierec_code.zip" in told["code"]
