"""Starts Spark, sized for a small machine; the same jobs run on ``local[*]`` and on a cluster."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from py4j.protocol import Py4JError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from recommendations.errors import MovierecError
from recommendations.localnode.java import find_java
from spark_jobs import PROJECT_ROOT
from spark_jobs.failures import in_one_sentence
from spark_jobs.java_options import STACK, driver_options
from spark_jobs.progress import Progress

# What may go wrong in an application for reasons of its data and services; everything else is a fault of the program.
EXPECTED = (MovierecError, ValueError, OSError, PySparkException, Py4JError)
# What the executors of a cluster may need of this project: code, no settings and no templates.
PACKAGES = ("spark_jobs", "recommendations")
# The name that Spark's master, workers and executors look for.
SECRET_VARIABLE = "_SPARK_AUTH_SECRET"
# MovieLens-100k has 100,000 rows: with the default of 200 partitions, Spark would only schedule.
SHUFFLE_PARTITIONS = 4


def is_local(master: str) -> bool:
    """True if ``master`` runs everything in this process and its JVM."""
    return master.startswith("local")


def build_session(
    app_name: str,
    *,
    master: str = "local[*]",
    driver_memory: str = "2g",
    extra: Mapping[str, str] | None = None,
) -> SparkSession:
    """A running Spark session; ``driver_memory`` in Spark's notation (``2g``), ``extra`` further Spark settings.

    A cluster (``spark://host:7077``) gets the code of this project sent along; its executors run
    ``PYSPARK_PYTHON`` if that is set, else this interpreter's path.

    Raises
    ------
    recommendations.localnode.java.JavaMissingError
        If there is no Java 17 or newer.
    """
    os.environ["JAVA_HOME"] = str(find_java().home)
    # Workers must run this very interpreter and find this project, whatever folder the job starts in.
    os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    if is_local(master):
        os.environ["PYSPARK_PYTHON"] = sys.executable
        os.environ["PYTHONPATH"] = _python_path()
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    else:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        **_settings(driver_memory),
        **(_local_settings() if is_local(master) else _cluster_settings()),
        **(extra or {}),
    }
    builder = SparkSession.builder.appName(app_name).master(master)
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    if not is_local(master):
        # Executors fetch the archive from where it lies, whenever they start.
        folder = tempfile.mkdtemp(prefix="movierec-code-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        session.sparkContext.addPyFile(str(pack_code(Path(folder, "movierec_code.zip"))))
    return session


def run_as_program(work: Callable[[Progress], dict[str, Any]]) -> int:
    """Do the work of a program; progress and outcome go to stdout as events. Returns the exit code: 2 if it failed."""
    progress = Progress(sys.stdout)
    try:
        outcome = work(progress)
    except EXPECTED as error:
        traceback.print_exc()
        progress.error(in_one_sentence(error))
        return 2
    progress.result(**outcome)
    return 0


def pack_code(archive: Path) -> Path:
    """Writes the Python files of :data:`PACKAGES` into the zip ``archive`` and returns its path."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for package in PACKAGES:
            for source in sorted((PROJECT_ROOT / package).rglob("*.py")):
                packed.write(source, source.relative_to(PROJECT_ROOT).as_posix())
    return archive


def _settings(driver_memory: str) -> dict[str, str]:
    return {
        "spark.driver.memory": driver_memory,
        "spark.driver.extraJavaOptions": driver_options(),
        "spark.executor.extraJavaOptions": STACK,
        "spark.sql.shuffle.partitions": str(SHUFFLE_PARTITIONS),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }


def _local_settings() -> dict[str, str]:
    return {
        "spark.executorEnv.PYTHONPATH": _python_path(),
        "spark.ui.enabled": "false",
        # Nobody outside of this machine has business with a local session.
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }


def _cluster_settings() -> dict[str, str]:
    """What a cluster asks of whoever wants to run something on it: its secret, if it has one.

    Spark's own processes take it from the environment; of the driver, Spark wants it as a setting. It is set here,
    and not on the command line, where every user of the machine could read it.
    """
    secret = os.environ.get(SECRET_VARIABLE)
    return {"spark.authenticate": "true", "spark.authenticate.secret": secret} if secret else {}


def _python_path() -> str:
    known = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    return os.pathsep.join(dict.fromkeys([str(PROJECT_ROOT), *known]))
