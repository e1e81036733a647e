"""Keeps the numbers that keys of films and people have got, so that every later run gives the same ones."""

from __future__ import annotations

from pathlib import Path

from recommendations.models import KeyNumber
from spark_jobs.data_files import NUMBERS_FILE
from spark_jobs.key_numbers import read_numbers, write_numbers

_BATCH = 5_000


def write_known_numbers(*, path: Path) -> Path:
    """Write every number that was given so far to ``path``, for the Spark application, and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known: dict[str, dict[str, int]] = {kind: {} for kind in KeyNumber.Kind.values}
    rows = KeyNumber.objects.order_by("kind", "number").values_list("kind", "key", "number")
    for kind, key, number in rows.iterator(chunk_size=_BATCH):
        known[kind][key] = number
    write_numbers(known, path)
    return path


def keep_new_numbers(*, parsed_dir: Path) -> int:
    """Enter the numbers that reading these data has given; returns how many there are. A second time changes nothing."""
    path = parsed_dir / NUMBERS_FILE
    if not path.is_file():
        return 0
    given = read_numbers(path).given
    rows = [
        KeyNumber(kind=kind, key=key, number=number)
        for kind, pairs in given.items()
        for key, number in pairs.items()
    ]
    KeyNumber.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    return len(rows)
