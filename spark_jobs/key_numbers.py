"""The numbers that keys have got, in memory and in a file; see :mod:`spark_jobs.transforms.numbers` for what gets one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Beyond every number of eight digits, and below those of the people with an account.
FIRST_GIVEN = 100_000_000
PERSON, FILM = "person", "film"


@dataclass
class Numbers:
    """By kind, the numbers of keys that have been given so far, and those that are new."""

    given: dict[str, dict[str, int]] = field(default_factory=lambda: {PERSON: {}, FILM: {}})
    new: dict[str, dict[str, int]] = field(default_factory=lambda: {PERSON: {}, FILM: {}})

    def give(self, kind: str, keys: list[str]) -> None:
        """Give each of these keys a number if it has none, in their order."""
        given = self.given[kind]
        following = max(given.values(), default=FIRST_GIVEN - 1) + 1
        for key in sorted(set(keys) - given.keys()):
            given[key] = self.new[kind][key] = following
            following += 1


def read_numbers(path: Path | None) -> Numbers:
    """What has been given before; ``None`` for nothing."""
    numbers = Numbers()
    if path is not None:
        with path.open(encoding="utf-8") as file:
            for line in file:
                entry = json.loads(line)
                numbers.given[entry["kind"]][entry["key"]] = entry["number"]
    return numbers


def write_numbers(new: Mapping[str, Mapping[str, int]], path: Path) -> None:
    """One JSON object per key: ``kind``, ``key``, ``number``."""
    with path.open("w", encoding="utf-8") as file:
        for kind, pairs in new.items():
            for key, number in pairs.items():
                file.write(
                    json.dumps({"kind": kind, "key": key, "number": number}, ensure_ascii=False) + "\n"
                )
