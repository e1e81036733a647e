"""What a running job tells the database, and hears from it."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from recommendations.models import Job
from recommendations.services.jobs.lock import RunLock
from recommendations.services.jobs.states import State, record_event

BEAT_SECONDS = 1.0
DATABASE_AWAY = (OperationalError, InterfaceError)
#: Set when this worker is about to end; every job in its hands ends first.
worker_is_ending = threading.Event()
logger = logging.getLogger(__name__)


class JobStoppedError(Exception):
    """The job must not go on: it was cancelled, given up as lost, or its worker ends."""


class JobWatch:
    """Writes progress and a sign of life about every second, and raises as soon as the job must stop.

    While the database is away the job goes on, for as long as nobody takes its worker for dead.
    """

    def __init__(self, job: Job, lock: RunLock) -> None:
        self._job = job
        self._lock = lock
        self._told: dict[str, Any] = {}
        self._eta: tuple[float, float] | None = None
        self._written = self._answered = time.monotonic()

    def notify(self, event: dict[str, Any]) -> None:
        """A progress event of the Spark application (see ``spark_jobs.progress``)."""
        stage = str(event.get("stage") or "")[:30]
        begins = stage != self._job.stage
        if begins:
            self._job.stage = stage
            self._told = {"stage": stage, "rows": None, "message": ""}
        self._told["percent"] = event.get("percent")
        if event.get("rows") is not None:
            self._told["rows"] = event["rows"]
        if event.get("detail"):
            self._told["message"] = str(event["detail"])
        eta = event.get("eta_seconds")
        self._eta = None if eta is None else (float(eta), time.monotonic())
        if begins:
            self._write(begins=True)
        else:
            self.watch()

    def watch(self) -> None:
        """Called often; writes once a second.

        Raises
        ------
        JobStoppedError
        """
        if worker_is_ending.is_set():
            raise JobStoppedError("The worker was shut down while the job was running; run the job again.")
        if time.monotonic() - self._written >= BEAT_SECONDS:
            self._write()

    def _write(self, *, begins: bool = False) -> None:
        self._written = time.monotonic()
        mine = Job.objects.filter(pk=self._job.pk, state=State.RUNNING, worker=self._job.worker)
        try:
            alive = mine.update(heartbeat_at=timezone.now(), eta_seconds=self._remaining(), **self._told)
            if begins and alive:
                record_event(job=self._job)
        except DATABASE_AWAY as error:
            self._without_database(error)
            return
        self._answered = time.monotonic()
        if not alive:
            raise JobStoppedError("The job was cancelled or given up.")
        self._lock.renew()

    def _remaining(self) -> float | None:
        """Seconds left in the stage by now: what was told last, less the time since then."""
        if self._eta is None:
            return None
        seconds, at = self._eta
        return max(0.0, round(seconds - (time.monotonic() - at), 1))

    def _without_database(self, error: Exception) -> None:
        logger.warning("Job %s cannot reach the database: %s", self._job.pk, error)
        connection.close()
        if time.monotonic() - self._answered > settings.JOBS_LOST_AFTER_SECONDS:
            raise JobStoppedError(
                "The database did not answer for too long; run the job again once it is back."
            ) from error
