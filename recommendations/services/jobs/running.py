"""Runs one job in a worker: claim it, do its work, and bring it into a true final state whatever happens."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from redis import Redis
from redis.exceptions import LockError, RedisError

from recommendations.errors import MovierecError
from recommendations.models import Job
from recommendations.services.jobs.states import State, move_job, record_event
from recommendations.services.jobs.work import do_work
from recommendations.services.pipeline import Observer
from recommendations.services.stored_sentences import (
    DATABASE_GONE,
    DATABASE_SILENT,
    DONE,
    GIVEN_UP,
    UNEXPECTED,
    WORKER_ENDS,
    in_english,
)
from spark_jobs.failures import in_one_sentence

STARTING = "start"
PAUSE_SECONDS = 1.0
BEAT_SECONDS = 1.0
LOCK_NAME, LOCK_ANSWER_SECONDS = "movierec:job", 2.0
DATABASE_AWAY = (OperationalError, InterfaceError)
#: What can go wrong in a run and is explained by one sentence instead of a stack trace.
EXPECTED = (MovierecError, OSError)
#: Set when this worker is about to end; every job in its hands ends first.
worker_is_ending = threading.Event()
logger = logging.getLogger(__name__)


def this_worker() -> str:
    """This process by name: host and number."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run_job(*, job_id: int, worker: str = "") -> Job | None:
    """Run a queued job to its end; returns None if it is not this worker's to run.

    That is so if it does not exist, has been taken or ended before (a message that came twice), or if another job is
    running: it then stays queued, and ``tending`` starts it.
    """
    lock = RunLock()
    if not lock.acquire():
        return None
    try:
        job = _claim(job_id, worker or this_worker())
        if job is not None:
            _run(job, JobWatch(job, lock))
        return job
    finally:
        lock.release()


@transaction.atomic
def _claim(job_id: int, worker: str) -> Job | None:
    job = Job.objects.filter(pk=job_id).first()
    if job is None or Job.objects.filter(state__in=Job.HELD).exists():
        return None
    log = Path(settings.MOVIEREC_HOME) / "logs" / f"job-{job.pk}.log"
    taken = move_job(job=job, to=State.RUNNING, worker=worker, log_path=str(log), stage=STARTING, message="")
    return job if taken else None


def _run(job: Job, watch: JobWatch) -> None:
    observer = Observer(notify=watch.notify, watch=watch.watch, log_path=Path(job.log_path))
    _note(job, f"{job} begins on {job.worker} with {job.parameters}.")
    try:
        outcome = do_work(job, observer)
    except JobStoppedError as stopped:
        _end_stopped(job, str(stopped))
    except EXPECTED as error:
        _end(job, State.FAILED, message=in_one_sentence(error))
    except DATABASE_AWAY as error:
        logger.error("Job %s lost the database: %s", job.pk, error)
        _end(job, State.FAILED, message=DATABASE_GONE)
    except Exception as error:
        _end(job, State.FAILED, message=in_english(UNEXPECTED, error=f"{type(error).__name__}: {error}"))
        raise
    else:
        done = {"result": outcome.result, "skipped_reason": outcome.skipped, "percent": 100}
        _end(job, State.SUCCEEDED, message=outcome.skipped or DONE, **done)


def _end_stopped(job: Job, reason: str) -> None:
    """Cancelled if somebody asked for it, else failed for this reason; a job that was given up stays lost."""
    if not _end(job, State.CANCELLED, only_from=State.CANCELLING):
        _end(job, State.FAILED, message=reason, only_from=State.RUNNING)


def _end(job: Job, state: str, **values: Any) -> bool:
    """Write the end down; a database that is away gets time to come back, and after that the job counts as lost."""
    deadline = time.monotonic() + settings.JOBS_LOST_AFTER_SECONDS
    while True:
        try:
            moved = move_job(job=job, to=state, **values)
        except DATABASE_AWAY as error:
            if time.monotonic() > deadline:
                logger.error("The end of job %s (%s) could not be written: %s", job.pk, state, error)
                return False
            connection.close()
            time.sleep(PAUSE_SECONDS)
            continue
        if moved:
            logger.info("Job %s %s: %s", job.pk, state, job.message)
            _note(job, f"{job} {state}: {job.message}")
        return moved


def _note(job: Job, sentence: str) -> None:
    """A line of our own in the job's log, which so is there from the start, before Spark says anything."""
    path = Path(job.log_path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{timezone.now():%H:%M:%S} {sentence}\n")
    except OSError as error:
        logger.warning("The log of job %s cannot be written: %s", job.pk, error)


class RunLock:
    """A lock in Redis, where there is one, beside the constraint of the database; held by the worker that runs a job.

    A job may be given up as lost although its worker was only cut off from the database: the lock then keeps a second
    one from starting beside it. Where Redis is away, the database alone decides.
    """

    def __init__(self) -> None:
        self._lock = (
            Redis.from_url(
                settings.REDIS_URL,
                socket_timeout=LOCK_ANSWER_SECONDS,
                socket_connect_timeout=LOCK_ANSWER_SECONDS,
            ).lock(LOCK_NAME, timeout=settings.JOBS_LOST_AFTER_SECONDS, thread_local=False)
            if settings.REDIS_URL
            else None
        )

    def acquire(self) -> bool:
        """False only if another worker holds it."""
        if self._lock is None:
            return True
        try:
            return self._lock.acquire(blocking=False)
        except RedisError as error:
            logger.warning("Redis does not answer, so the database alone keeps jobs apart: %s", error)
            return True

    def renew(self) -> None:
        """Hold it for another while; a Redis that was started anew has forgotten it, so it is taken again."""
        if self._lock is None:
            return
        try:
            if not self._lock.owned():
                self._lock.acquire(blocking=False)
            else:
                self._lock.reacquire()
        except RedisError as error:
            logger.warning("The lock of the running job was not renewed: %s", error)

    def release(self) -> None:
        """Let go; it may be lost already."""
        if self._lock is None:
            return
        try:
            if self._lock.owned():
                self._lock.release()
        except (LockError, RedisError) as error:
            logger.warning("The lock of the job that has ended goes by itself: %s", error)


class JobStoppedError(MovierecError):
    """The job must not go on: it was cancelled, given up as lost, or its worker ends."""


class JobWatch:
    """Writes progress and a sign of life about every second, and raises as soon as the job must stop.

    While the database is away the job goes on, for as long as nobody takes its worker for dead.
    """

    def __init__(self, job: Job, lock: RunLock) -> None:
        self._job = job
        self._lock = lock
        self._progress: dict[str, Any] = {}
        self._eta: tuple[float, float] | None = None
        self._written = self._answered = time.monotonic()

    def notify(self, event: dict[str, Any]) -> None:
        """A progress event of the Spark application (see ``spark_jobs.progress``)."""
        stage = str(event.get("stage") or "")[:30]
        begins = stage != self._job.stage
        if begins:
            self._job.stage = stage
            self._progress = {"stage": stage, "rows": None, "message": ""}
        self._progress["percent"] = event.get("percent")
        if event.get("rows") is not None:
            self._progress["rows"] = event["rows"]
        if event.get("detail"):
            self._progress["message"] = str(event["detail"])
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
            raise JobStoppedError(WORKER_ENDS)
        if time.monotonic() - self._written >= BEAT_SECONDS:
            self._write()

    def _write(self, *, begins: bool = False) -> None:
        self._written = time.monotonic()
        mine = Job.objects.filter(pk=self._job.pk, state=State.RUNNING, worker=self._job.worker)
        try:
            alive = mine.update(heartbeat_at=timezone.now(), eta_seconds=self._remaining(), **self._progress)
            if begins and alive:
                record_event(job=self._job)
        except DATABASE_AWAY as error:
            self._without_database(error)
            return
        self._answered = time.monotonic()
        if not alive:
            raise JobStoppedError(GIVEN_UP)
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
            raise JobStoppedError(DATABASE_SILENT) from error
