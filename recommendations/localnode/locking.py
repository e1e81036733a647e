"""One process at a time: an advisory lock that ends with its holder, however that ends."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from recommendations.search.errors import NodeError

_POLL_SECONDS = 0.1


@contextmanager
def file_lock(
    path: Path, *, timeout_seconds: float, on_wait: Callable[[], None] | None = None
) -> Iterator[None]:
    """Hold ``path`` (created if need be) exclusively.

    ``on_wait`` is called once if another process holds it.

    Raises
    ------
    NodeError
        If another process still holds it after ``timeout_seconds``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + timeout_seconds
    with path.open("a") as handle:
        told = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told and on_wait is not None:
                    on_wait()
                told = True
                if time.monotonic() >= deadline:
                    raise NodeError(
                        f"Another process has held {path} for {timeout_seconds:.0f} seconds; "
                        "wait until it has ended, or end it, and try again."
                    ) from None
                time.sleep(_POLL_SECONDS)
        yield
