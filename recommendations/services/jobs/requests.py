"""What a person, the API or the schedule can wish: submit, cancel, retry."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from movierec_site.celery import app
from recommendations.models import Job
from recommendations.services.jobs.parameters import check_parameters
from recommendations.services.jobs.states import (
    JobActiveError,
    JobError,
    JobStateError,
    State,
    move_job,
    record_event,
)
from recommendations.services.stored_sentences import CANCELLED, CANCELLED_BY, UNSENT, in_english

LONGEST_KEY = 100


def submit_job(
    *, kind: str, by: Any, parameters: Mapping[str, Any] | None = None, request_key: str = ""
) -> Job:
    """Queue a job; ``by`` is a user, or None for the schedule.

    A ``request_key`` that the same person has sent before gives the job of that time and starts nothing.

    Raises
    ------
    JobParametersError
    JobActiveError
        If a job of this kind is queued or running.
    """
    return _submit(kind=kind, by=by, parameters=parameters or {}, request_key=request_key, parent=None)


def cancel_job(*, job: Job, by: Any) -> Job:
    """Stop a job: at once if it is queued; a running one ends its Spark application within seconds.

    A job that is being cancelled already stays so.

    Raises
    ------
    JobStateError
        If it has ended.
    """
    asked = in_english(CANCELLED_BY, who=by) if by else in_english(CANCELLED)
    # A worker may take a queued job in this very moment; then it is running, and stopped as such.
    for state, target in ((State.QUEUED, State.CANCELLED), (State.RUNNING, State.CANCELLING)):
        if move_job(job=job, to=target, by=by, message=asked, only_from=state):
            return job
    if job.state == State.CANCELLING:
        return job
    raise JobStateError(
        _("Job %(job)s is over (%(state)s); only a queued or running job can be cancelled.")
        % {"job": job.pk, "state": job.get_state_display()}
    )


def retry_job(*, job: Job, by: Any) -> Job:
    """A new job with the parameters of one that did not succeed; it names that one as its parent.

    Raises
    ------
    JobStateError
        If the job is not over, or has succeeded.
    JobActiveError
    """
    if not job.can_be_retried:
        raise JobStateError(
            _("Job %(job)s is %(state)s; only a failed, cancelled or lost job can be run again.")
            % {"job": job.pk, "state": job.get_state_display()}
        )
    again = _submit(kind=job.kind, by=by, parameters=job.parameters, request_key="", parent=job)
    # Whoever runs it again has seen that it did not succeed.
    Job.objects.filter(pk=job.pk, seen_at=None).update(seen_at=timezone.now())
    return again


def _submit(
    *, kind: str, by: Any, parameters: Mapping[str, Any], request_key: str, parent: Job | None
) -> Job:
    if len(request_key) > LONGEST_KEY:
        raise JobError(
            _("The request key is longer than %(longest)s characters; send a shorter one.")
            % {"longest": LONGEST_KEY}
        )
    checked = check_parameters(kind, parameters)
    earlier = _of_key(by, request_key)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, parameters=checked, requested_by=by, request_key=request_key, parent=parent
            )
            record_event(job=job, by=by)
    except IntegrityError:
        # The same wish in another tab came first, or a job of this kind is under way.
        earlier = _of_key(by, request_key)
        if earlier is not None:
            return earlier
        active = Job.objects.filter(kind=kind, state__in=Job.ACTIVE).first()
        if active is None:
            raise
        raise JobActiveError(
            _("This is already under way: %(kind)s (job %(job)s, %(state)s); wait for its end or cancel it.")
            % {"kind": active.get_kind_display(), "job": active.pk, "state": active.get_state_display()},
            active,
        ) from None
    transaction.on_commit(lambda: send_job(job=job))
    return job


def _of_key(by: Any, request_key: str) -> Job | None:
    if not request_key:
        return None
    return Job.objects.filter(requested_by=by, request_key=request_key).first()


RUN_TASK = "recommendations.tasks.run_job"
# While no worker runs, a waiting job is sent again and again; old messages are dropped.
FORGOTTEN_AFTER_SECONDS = 600
logger = logging.getLogger(__name__)


def send_job(*, job: Job) -> bool:
    """Wake a worker for this job; returns False, and says so in the job, if the broker does not take the message."""
    task_id = str(uuid4())
    try:
        app.send_task(RUN_TASK, args=[job.pk], task_id=task_id, retry=False, expires=FORGOTTEN_AFTER_SECONDS)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("Job %s could not be sent to the queue: %s", job.pk, error)
        Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(message=UNSENT)
        return False
    Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(task_id=task_id, message="")
    return True
