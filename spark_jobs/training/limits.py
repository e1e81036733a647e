"""How much memory training may take: two settings, and what the process has at all."""

from __future__ import annotations

import os
import re
import resource
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import SparkSession

from recommendations.errors import MovierecError

# What a process has besides its squares: histories, thin matrices, libraries.
SHARE_OF_MEMORY, BASE_BYTES = 0.5, 400_000_000
UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SIZE = re.compile(r"(?P<number>[0-9]{1,15})(?P<unit>[kmgt]?)b?")
HEAD_SETTING, TASK_SETTING = "TRAINING_HEAD_MEMORY", "TRAINING_TASK_MEMORY"
DEFAULTS = {HEAD_SETTING: "5g", TASK_SETTING: "512m"}


def bytes_of(text: str, setting: str = "the size") -> int:
    """``512m``, ``5g`` or ``5gb``, as Spark writes sizes, in bytes.

    Raises
    ------
    MovierecError
        If it is none; the message names the setting.
    """
    found = _SIZE.fullmatch(text.lower())
    if found is None or not int(found["number"]):
        raise MovierecError(f"{setting} is {text!r}; expected a size such as 512m or 5g")
    return int(found["number"]) * UNITS[found["unit"]]


@dataclass(frozen=True)
class Limits:
    """``head_bytes``: what the squares of films × films may take on the driver; ``task_bytes``: what one task of the
    sums may hold at once."""

    head_bytes: int = 5 * 2**30
    task_bytes: int = 512 * 2**20

    @classmethod
    def of(cls, spark: SparkSession) -> Limits:
        """From the environment of the driver of this application."""
        heap = spark.sparkContext.getConf().get("spark.driver.memory") or "1g"
        environment = {setting: os.environ.get(setting) or default for setting, default in DEFAULTS.items()}
        return cls.read(environment[HEAD_SETTING], environment[TASK_SETTING], heap=bytes_of(heap))

    @classmethod
    def read(cls, head: str, task: str, *, heap: int = 0) -> Limits:
        """From the settings; a driver that has less gets a smaller head. ``heap`` are the bytes that its JVM takes.

        Raises
        ------
        MovierecError
            If one of them is no size; the message names the setting.
        """
        fits = int(SHARE_OF_MEMORY * max(0, memory_of_process() - heap - BASE_BYTES))
        return cls(min(bytes_of(head, HEAD_SETTING), fits), bytes_of(task, TASK_SETTING))


def memory_of_process() -> int:
    """The bytes that this process may take: the machine's, less where a container or ``ulimit -v`` says so."""
    found = [_first_number(Path("/proc/meminfo"), 2**10), resource.getrlimit(resource.RLIMIT_AS)[0]]
    found += [
        _first_number(Path("/sys/fs/cgroup") / name)
        for name in ("memory.max", "memory/memory.limit_in_bytes")
    ]
    return min(value for value in found if value > 0) if any(value > 0 for value in found) else 4 * 2**30


def _first_number(path: Path, unit: int = 1) -> int:
    try:
        words = path.read_text().split()
    except OSError:
        return -1
    return next((int(word) * unit for word in words if word.isdecimal()), -1)
