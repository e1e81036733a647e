"""Progress of a job as JSON lines, so that whoever started it can show or store what happens.

Spark and the JVM write to the same stream; each event therefore starts with :data:`PREFIX`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol, TextIO

PREFIX = "@movierec "


class Reporter(Protocol):
    """What a job needs in order to tell how far it is."""

    def stage(self, name: str) -> None: ...

    def update(
        self, *, percent: float | None = None, rows: int | None = None, detail: str | None = None
    ) -> None: ...

    def result(self, **values: Any) -> None: ...

    def error(self, message: str) -> None: ...


class Progress:
    """Writes one JSON line per event to ``stream`` and flushes it.

    ``percent`` counts 0 to 100 within the stage; ``eta_seconds`` is the remaining time of the stage at the
    pace so far, ``null`` while nothing can be said; ``at`` is the time in UTC (ISO 8601).
    """

    def __init__(self, stream: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._stage = ""
        self._begun = clock()

    def stage(self, name: str) -> None:
        """A new stage begins, at 0 percent."""
        self._stage = name
        self._begun = self._clock()
        self.update(percent=0.0)

    def update(
        self, *, percent: float | None = None, rows: int | None = None, detail: str | None = None
    ) -> None:
        """The stage is at ``percent``, ``rows`` rows are done."""
        if percent is not None:
            percent = min(100.0, max(0.0, float(percent)))
        self._write(
            event="progress",
            stage=self._stage,
            percent=percent,
            rows=rows,
            detail=detail,
            eta_seconds=self._remaining(percent),
        )

    def result(self, **values: Any) -> None:
        """The job (or a part of it) has ended with these values; they must fit into JSON."""
        self._write(event="result", stage=self._stage, **values)

    def error(self, message: str) -> None:
        """The job ends with this one sentence."""
        self._write(event="error", stage=self._stage, message=message)

    def _remaining(self, percent: float | None) -> float | None:
        if not percent:
            return None
        elapsed = self._clock() - self._begun
        return round(elapsed * (100.0 - percent) / percent, 1)

    def _write(self, **event: Any) -> None:
        event["at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._stream.write(PREFIX + json.dumps(event) + "\n")
        self._stream.flush()


class NullProgress:
    """Says nothing; for tests and for callers that do not care."""

    def stage(self, name: str) -> None:
        """A stage begins, of which nobody is told."""

    def update(
        self, *, percent: float | None = None, rows: int | None = None, detail: str | None = None
    ) -> None:
        """It goes on, of which nobody is told."""

    def result(self, **values: Any) -> None:
        """It is done; the caller has the result already."""

    def error(self, message: str) -> None:
        """It has failed; the caller gets the exception."""


def parse_event(line: str) -> dict[str, Any] | None:
    """The event in a line of a job's output, or ``None`` if the line is something else."""
    start = line.find(PREFIX)
    # A progress bar of Spark may stand on the same line, without a line feed after it.
    if start < 0:
        return None
    try:
        event = json.loads(line[start + len(PREFIX) :])
    except json.JSONDecodeError:
        return None
    return event if isinstance(event, dict) and "event" in event else None
