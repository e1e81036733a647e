"""Looks after the jobs every few seconds (gives up those of dead workers, wakes workers for those that wait), and submits
what the schedule asks for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from recommendations.models import Job, WorkerSign
from recommendations.services.jobs.requests import send_job, submit_job
from recommendations.services.jobs.states import JobActiveError, State, move_job, record_event
from recommendations.services.stored_sentences import LEFT_OUT, WORKER_LOST, in_english

# A job that nobody has taken for so long is sent again: its message may have been lost with the broker.
RESEND_AFTER = timedelta(seconds=10)
FORGET_AFTER = timedelta(days=1)
logger = logging.getLogger(__name__)


def tend_jobs() -> None:
    """Reap, then wake."""
    reap_lost_jobs()
    wake_waiting_job(older_than=RESEND_AFTER)


def give_sign_of_life(*, worker: str) -> None:
    """Keep that this worker looks after the jobs; what workers of other days have left is forgotten."""
    now = timezone.now()
    WorkerSign.objects.update_or_create(worker=worker, defaults={"seen_at": now})
    WorkerSign.objects.filter(seen_at__lt=now - FORGET_AFTER).delete()


def give_up_held_jobs() -> list[Job]:
    """The same as :func:`reap_lost_jobs` without waiting, where it is known that no worker lives; also forgets its signs."""
    WorkerSign.objects.all().delete()
    return reap_lost_jobs(silent_for=timedelta())


def reap_lost_jobs(*, silent_for: timedelta | None = None) -> list[Job]:
    """Turn running jobs whose worker has given no sign of life for so long into lost ones; returns them.

    By default it is ``JOBS_LOST_AFTER_SECONDS``.
    Their Spark applications have ended with the worker (``spark_jobs.leash``); a worker that lives and was only cut off
    from the database stops them as soon as it reaches it again.
    """
    patience = timedelta(seconds=settings.JOBS_LOST_AFTER_SECONDS) if silent_for is None else silent_for
    silent_since = timezone.now() - patience
    lost = []
    for job in Job.objects.filter(state__in=Job.HELD, heartbeat_at__lt=silent_since):
        message = in_english(WORKER_LOST, worker=job.worker, time=f"{job.heartbeat_at:%H:%M:%S}")
        if move_job(job=job, to=State.LOST, message=message):
            logger.error("Job %s is lost: %s", job.pk, message)
            lost.append(job)
    return lost


def wake_waiting_job(*, older_than: timedelta = timedelta()) -> Job | None:
    """Send the oldest queued job to the workers if none is running; returns it."""
    if Job.objects.filter(state__in=Job.HELD).exists():
        return None
    waiting = Job.objects.filter(state=State.QUEUED, created_at__lte=timezone.now() - older_than)
    job = waiting.order_by("created_at", "pk").first()
    if job is not None:
        send_job(job=job)
    return job


def submit_scheduled_job(
    *, kind: str = Job.Kind.PIPELINE, parameters: Mapping[str, Any] | None = None
) -> Job:
    """Submit a job in nobody's name; where one of the kind is under way, that one is told and returned instead.

    Raises
    ------
    JobParametersError
        If the schedule's parameters do not fit; the worker's log then says so each time.
    """
    try:
        return submit_job(kind=kind, by=None, parameters=parameters)
    except JobActiveError as error:
        active = error.job
        logger.info("Job %s is under way, so the schedule's %s is left out", active.pk, kind)
        record_event(job=active, message=LEFT_OUT)
        return active
