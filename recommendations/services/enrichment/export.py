"""Gives the facts of all enrichments to training, and tells whether they have changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from recommendations.models import Enrichment

_BATCH = 2_000


def write_facts(*, path: Path) -> Path | None:
    """Write one line per film and source, older sources first, for :mod:`spark_jobs.facts`; ``None`` if there are none."""
    lines = list(_lines())
    if not lines:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def facts_digest() -> bytes:
    """Changes with the facts; empty without any."""
    total, count = hashlib.sha256(), 0
    for line in _lines():
        total.update(line.encode())
        count += 1
    return total.digest() if count else b""


def _lines() -> Iterator[str]:
    rows = Enrichment.objects.order_by("added_at", "dataset", "key").values_list("dataset", "key", "facts")
    for dataset, key, facts in rows.iterator(_BATCH):
        yield json.dumps({"dataset": dataset, "key": key, "facts": facts}, ensure_ascii=False, sort_keys=True)
