"""What there is to read about the schedule of jobs."""

from __future__ import annotations

import json
from typing import Any

from django_celery_beat.models import PeriodicTask

TASK = "recommendations.tasks.submit_scheduled_job"


def schedules_listed() -> tuple[PeriodicTask, ...]:
    """Everything that submits jobs at set times, by name. One query."""
    rows = PeriodicTask.objects.filter(task=TASK).exclude(crontab=None)
    return tuple(rows.select_related("crontab").order_by("name", "pk"))


def schedule_by_id(schedule_id: int) -> PeriodicTask | None:
    """One of them. One query."""
    rows = PeriodicTask.objects.filter(task=TASK).exclude(crontab=None)
    return rows.select_related("crontab").filter(pk=schedule_id).first()


def crontab_text(schedule: PeriodicTask) -> str:
    """Its five fields, as in a crontab (UTC)."""
    at = schedule.crontab
    return f"{at.minute} {at.hour} {at.day_of_month} {at.month_of_year} {at.day_of_week}"


def wanted_job(schedule: PeriodicTask) -> dict[str, Any]:
    """The kind and the parameters of the job that it submits; empty if they cannot be read."""
    try:
        told = json.loads(schedule.kwargs)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
