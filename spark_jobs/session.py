"""Starts Spark, sized for a small machine; the same jobs run on ``local[*]`` and on a cluster."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from spark_jobs.java import find_java

PROJECT_ROOT = Path(__file__).resolve().parents[1]
LOGGING = Path(__file__).with_name("log4j2.properties")
# MovieLens-100k has 100,000 rows: with the default of 200 partitions, Spark would only schedule.
SHUFFLE_PARTITIONS = 4


def build_session(app_name: str, *, master: str = "local[*]", driver_memory: str = "2g") -> SparkSession:
    """A running Spark session; ``driver_memory`` in Spark's notation (``2g``).

    Raises
    ------
    spark_jobs.java.JavaMissingError
        If there is no Java 17 or newer.
    """
    os.environ["JAVA_HOME"] = str(find_java().home)
    python_path = os.pathsep.join(filter(None, [str(PROJECT_ROOT), os.environ.get("PYTHONPATH", "")]))
    # Executors must run this very interpreter and find this project, whatever folder the job starts in.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    builder = (
        SparkSession.builder.appName(app_name)
        .master(master)
        .config("spark.driver.memory", driver_memory)
        .config("spark.sql.shuffle.partitions", SHUFFLE_PARTITIONS)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.executorEnv.PYTHONPATH", python_path)
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.driver.extraJavaOptions", f"-Dlog4j2.configurationFile={LOGGING.as_uri()}")
    )
    if master.startswith("local"):
        os.environ["PYTHONPATH"] = python_path
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        # Nobody outside of this machine has business with a local session.
        builder = (
            builder.config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
        )
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
