"""Folders that appear as a whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Gives an empty folder beside ``target`` that takes its place at the end of the block.

    If the block raises, the new folder is removed and ``target`` stays as it was. A process that is killed
    leaves at most a hidden folder behind, which nobody reads and the next run removes.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = target.with_name(f".{target.name}-staging")
    previous = target.with_name(f".{target.name}-previous")
    if previous.exists() and not target.exists():
        # A run was killed between the two renames below.
        os.replace(previous, target)
    for leftover in (staging, previous):
        shutil.rmtree(leftover, ignore_errors=True)
    staging.mkdir()
    try:
        yield staging
        if target.exists():
            os.replace(target, previous)
        os.replace(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        shutil.rmtree(previous, ignore_errors=True)
