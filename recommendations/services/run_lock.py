"""One pipeline run at a time in a home, whoever starts it: a worker, a command, or two of them at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from recommendations.errors import MovierecError


class PipelineError(MovierecError):
    """The pipeline cannot run; the message is one clear sentence. The live model and indices are untouched."""


@contextmanager
def only_run() -> Iterator[None]:
    """Hold this home's pipeline lock; it goes with the process, so a killed run never blocks the next."""
    path = Path(settings.MOVIEREC_HOME) / "pipeline.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PipelineError(
                f"Another pipeline run works in {settings.MOVIEREC_HOME}; wait until it has ended."
            ) from error
        yield
