"""Runs one job in a worker: claim it, do its work, and bring it into a true final state whatever happens."""

from __future__ import annotations

import logging
import os
import socket
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from recommendations.models import Job
from recommendations.services.failures import EXPECTED
from recommendations.services.jobs.lock import RunLock
from recommendations.services.jobs.states import State, move_job
from recommendations.services.jobs.watching import DATABASE_AWAY, JobStoppedError, JobWatch
from recommendations.services.jobs.work import do_work
from recommendations.services.pipeline import Observer
from spark_jobs.failures import in_one_sentence

STARTING = "start"
PAUSE_SECONDS = 1.0
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
    try:
        outcome = do_work(job, observer)
    except JobStoppedError as stopped:
        _end_stopped(job, str(stopped))
    except EXPECTED as error:
        _end(job, State.FAILED, message=in_one_sentence(error))
    except DATABASE_AWAY as error:
        logger.error("Job %s lost the database: %s", job.pk, error)
        _end(job, State.FAILED, message="The database went away in the middle of the job; run the job again.")
    except Exception as error:
        _end(job, State.FAILED, message=f"The job met an unexpected error ({type(error).__name__}: {error}).")
        raise
    else:
        done = {"result": outcome.result, "skipped_reason": outcome.skipped, "percent": 100}
        _end(job, State.SUCCEEDED, message=outcome.skipped or "Done.", **done)


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
        return moved
