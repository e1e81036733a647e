"""The same jobs on a standalone cluster whose executors know nothing of this project's folder."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from spark_jobs import PROJECT_ROOT
from tests.sample_data import write_sample
from tests.stack.outside import SparkMaster, SparkWorker

pytestmark = [pytest.mark.spark, pytest.mark.stack]

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


@pytest.fixture
def master(tmp_path) -> Iterator[str]:
    """Address of a master with one worker, both ended with the test."""
    master = SparkMaster(tmp_path)
    services = [master, SparkWorker("spark-worker", tmp_path, master)]
    try:
        for service in services:
            service.start()
        yield master.url
    finally:
        for service in reversed(services):
            service.stop()


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
