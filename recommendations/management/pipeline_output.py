"""How the pipeline commands show progress and failures."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from django.db import DatabaseError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from recommendations.errors import MovierecError


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what can go wrong into one sentence on stderr and exit code 2."""
    try:
        yield
    except (MovierecError, OSError) as error:
        raise CommandError(str(error), returncode=2) from error
    except DatabaseError as error:
        sentence = f"The database cannot be used ({error}); manage.py migrate makes its tables."
        raise CommandError(sentence, returncode=2) from error


class StageDisplay:
    """One bar per stage on a terminal, one line per stage elsewhere, JSON lines for machines."""

    def __init__(self, stdout: OutputWrapper, *, as_json: bool) -> None:
        self._stdout = stdout
        self._as_json = as_json
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._stage = ""

    def __enter__(self) -> StageDisplay:
        if sys.stdout.isatty() and not self._as_json:
            columns = (
                TextColumn("{task.description:<10}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
            )
            self._bars = Progress(
                *columns, TimeElapsedColumn(), TextColumn("{task.fields[detail]}"), console=Console()
            )
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def event(self, event: dict[str, Any]) -> None:
        """Show a progress event of a Spark application."""
        stage, percent, detail = event["stage"], event.get("percent") or 0, event.get("detail") or ""
        if self._as_json:
            self._stdout.write(json.dumps(event))
        elif self._bars is not None:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(stage, total=100, detail="")
            self._bars.update(self._tasks[stage], completed=percent, detail=detail)
        elif stage != self._stage:
            self._stdout.write(f"  {stage} …")
            self._stdout.flush()
        self._stage = stage
