"""Folders that appear as a whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Gives an empty folder beside ``target`` that takes its place at the end of the block.

    If the block raises, the new folder is removed and ``target`` stays as it was. A process that is killed
    leaves at most a hidden folder behind, which nobody reads and the next run removes. While another process
    replaces a folder of the same parent, this one waits.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = target.with_name(f".{target.name}-staging")
    previous = target.with_name(f".{target.name}-previous")
    with _alone_in(target.parent):
        _clear(staging, previous, target)
        staging.mkdir()
        try:
            yield staging
            if target.exists():
                os.replace(target, previous)
            os.replace(staging, target)
        finally:
            _clear(staging, previous, target)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """The lock is on the folder itself and goes with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _clear(staging: Path, previous: Path, target: Path) -> None:
    """Remove both helpers; if only one of the two renames was done, the former folder comes back."""
    if previous.exists() and not target.exists():
        os.replace(previous, target)
    for leftover in (staging, previous):
        shutil.rmtree(leftover, ignore_errors=True)
