"""The settings about memory, and what a process has at all."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from recommendations.errors import MovierecError
from spark_jobs.training import limits
from spark_jobs.training.limits import Limits, bytes_of
from spark_jobs.training.ways import head_size

GB = 2**30


def test_a_driver_with_two_gigabytes_takes_a_smaller_head(monkeypatch):
    monkeypatch.setattr(limits, "memory_of_process", lambda: 2 * GB)
    small = Limits.read("5g", "512m", heap=GB)
    assert 0 < small.head_bytes < GB
    assert 1_000 < head_size(87_585, 3, small) < 10_000
    monkeypatch.setattr(limits, "memory_of_process", lambda: 64 * GB)
    assert Limits.read("5g", "512m") == Limits(5 * GB, 512 * 2**20)
    assert Limits.read("800m", "1g", heap=GB) == Limits(800 * 2**20, GB)


def test_the_memory_of_a_process_ends_where_its_limit_is():
    """In a process of its own, which may take three gigabytes."""
    script = "from spark_jobs.training.limits import memory_of_process; print(memory_of_process())"
    outcome = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (3 * GB, 3 * GB)),
        check=True,
    )
    assert 0 < int(outcome.stdout) <= 3 * GB


@pytest.mark.parametrize(
    ("text", "size"),
    [("512m", 2**29), ("5G", 5 * GB), ("64k", 2**16), ("1000", 1000), ("2gb", 2 * GB), ("1t", 2**40)],
)
def test_sizes_are_written_as_spark_writes_them(text, size):
    assert bytes_of(text) == size


@pytest.mark.parametrize("text", ["", "g", "0g", "-1g", "5 gb", "1.5g", "²g", "lots"])
def test_a_size_that_is_none_is_refused_with_the_name_of_its_setting(text):
    with pytest.raises(MovierecError, match="TRAINING_HEAD_MEMORY"):
        Limits.read(text, "512m")


@pytest.mark.spark
def test_the_settings_come_from_the_environment_of_the_driver(spark: SparkSession, monkeypatch):
    monkeypatch.setattr(limits, "memory_of_process", lambda: 64 * GB)
    monkeypatch.setenv("TRAINING_TASK_MEMORY", "64m")
    monkeypatch.delenv("TRAINING_HEAD_MEMORY", raising=False)
    assert Limits.of(spark) == Limits(5 * GB, 64 * 2**20)
