"""The states of a job: the one place that knows which may follow which, and that changes them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from recommendations.errors import ConflictError, InvalidError, MovierecError
from recommendations.models import Job, JobEvent
from recommendations.services.jobs.mailing import is_worth_a_letter, mail_about

State = Job.State
ALLOWED: dict[str, frozenset[str]] = {
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED, State.FAILED}),
    State.RUNNING: frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLING, State.LOST}),
    # A job that was through before anybody could stop it has succeeded, whatever was asked of it.
    State.CANCELLING: frozenset({State.CANCELLED, State.SUCCEEDED, State.FAILED, State.LOST}),
    State.SUCCEEDED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
    State.LOST: frozenset(),
}


class JobError(MovierecError):
    """A job is refused, and nothing has changed."""


class JobParametersError(JobError, InvalidError):
    """The parameters do not fit the kind of job; the message names the one that is wrong."""

    field = "parameters"


class JobActiveError(JobError, ConflictError):
    """A job of the same kind is under way; ``job`` is that one."""

    def __init__(self, message: str, job: Job) -> None:
        super().__init__(message)
        self.job = job


class JobStateError(JobError, ConflictError):
    """The job is in a state in which this cannot be done."""


def sources_of(target: str) -> list[str]:
    """The states from which a job may come into ``target``."""
    return [state for state, targets in ALLOWED.items() if target in targets]


@transaction.atomic
def move_job(
    *, job: Job, to: str, by: Any = None, message: str = "", only_from: str = "", **values: Any
) -> bool:
    """Bring a job into a state and write the event; returns False, and changes nothing, where that is not allowed.

    One conditional UPDATE decides, so that of two processes that move the same job one wins. ``only_from`` is the
    one state that the caller means, if it does not mean all; ``message`` replaces the job's own if it says something;
    ``values`` are further fields to set. ``job`` is read anew in either case.
    """
    now = timezone.now()
    if message:
        values["message"] = message
    if to == State.RUNNING:
        values |= {"started_at": now, "heartbeat_at": now}
    if not ALLOWED[to]:
        values |= {"ended_at": now, "eta_seconds": None}
    sources = [state for state in sources_of(to) if only_from in ("", state)]
    moved = Job.objects.filter(pk=job.pk, state__in=sources).update(state=to, **values)
    job.refresh_from_db()
    if moved:
        record_event(job=job, by=by, message=message)
        if is_worth_a_letter(job):
            transaction.on_commit(lambda: mail_about(job), robust=True)
    return bool(moved)


def record_event(*, job: Job, by: Any = None, message: str = "") -> JobEvent:
    """Write down where the job stands now."""
    return JobEvent.objects.create(job=job, state=job.state, stage=job.stage, by=by, message=message)
