"""Jobs as they stand in the database after and during a run, with the events that tell how long each stage took."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from recommendations.models import Job, JobEvent


def ran(*, kind: str, ended: datetime | None = None, **stages: float) -> Job:
    """A job that has succeeded, whose stages took so many seconds, in this order."""
    ended = ended or timezone.now() - timedelta(hours=1)
    at = begun = ended - timedelta(seconds=sum(stages.values()))
    job = Job.objects.create(kind=kind, state="succeeded", started_at=begun, ended_at=ended, message="Done.")
    for stage, seconds in stages.items():
        _event(job, at, "running", stage)
        at += timedelta(seconds=seconds)
    _event(job, ended, "succeeded", list(stages)[-1])
    return job


def running(*, kind: str, ago: dict[str, float], **values: Any) -> Job:
    """A job in the last of these stages; each began so many seconds ago."""
    now, first = timezone.now(), max(ago.values())
    job = Job.objects.create(
        kind=kind,
        state="running",
        stage=list(ago)[-1],
        started_at=now - timedelta(seconds=first),
        heartbeat_at=now,
        **values,
    )
    for stage, seconds in ago.items():
        _event(job, now - timedelta(seconds=seconds), "running", stage)
    return job


def _event(job: Job, at: datetime, state: str, stage: str) -> None:
    event = JobEvent.objects.create(job=job, state=state, stage=stage)
    JobEvent.objects.filter(pk=event.pk).update(created_at=at)
