"""When the schedule submits which job: read and changed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from celery.schedules import ParseException
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from recommendations.errors import InvalidError

TASK = "recommendations.tasks.submit_scheduled_job"
FIELDS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
LONGEST_CRONTAB = 200


class InvalidCrontabError(InvalidError):
    """The text is no crontab of five fields."""

    field = "crontab"


@transaction.atomic
def change_schedule(
    *, schedule: PeriodicTask, enabled: bool | None = None, crontab: str | None = None
) -> PeriodicTask:
    """Switch a schedule on or off, or give it other times (UTC); the beat process follows by itself.

    Raises
    ------
    InvalidCrontabError
    """
    if crontab is not None:
        schedule.crontab = crontab_of(crontab)
    if enabled is not None:
        schedule.enabled = enabled
    schedule.save()
    return schedule


def crontab_of(text: str) -> CrontabSchedule:
    """The row of these times, made if there is none yet.

    Raises
    ------
    InvalidCrontabError
    """
    parts = text.split()
    sentence = _(
        "crontab is %(value)s; expected five fields: minute, hour, day of month, month, day of week, such as 30 3 * * *."
    ) % {"value": text[:LONGEST_CRONTAB]}
    if len(parts) != len(FIELDS) or len(text) > LONGEST_CRONTAB:
        raise InvalidCrontabError(sentence)
    wanted = {**dict(zip(FIELDS, parts, strict=True)), "timezone": "UTC"}
    try:
        at = CrontabSchedule(**wanted)
        at.full_clean(validate_unique=False)
        # What Celery itself makes of it decides.
        assert at.schedule.remaining_estimate(timezone.now()) is not None
    except (ValidationError, ParseException, ValueError, ArithmeticError, LookupError) as error:
        raise InvalidCrontabError(sentence) from error
    found = CrontabSchedule.objects.filter(**wanted).first()
    return found or CrontabSchedule.objects.create(**wanted)


def schedules_listed() -> tuple[PeriodicTask, ...]:
    """Everything that submits jobs at set times, by name. One query."""
    rows = PeriodicTask.objects.filter(task=TASK).exclude(crontab=None)
    return tuple(rows.select_related("crontab").order_by("name", "pk"))


def schedule_by_id(schedule_id: int) -> PeriodicTask | None:
    """The schedule with this number, in one query; None if there is none."""
    rows = PeriodicTask.objects.filter(task=TASK).exclude(crontab=None)
    return rows.select_related("crontab").filter(pk=schedule_id).first()


def crontab_text(schedule: PeriodicTask) -> str:
    """Its five fields, as in a crontab (UTC)."""
    at = schedule.crontab
    return f"{at.minute} {at.hour} {at.day_of_month} {at.month_of_year} {at.day_of_week}"


def next_run(schedule: PeriodicTask) -> datetime:
    """When it is due next, whether or not it is switched on."""
    now = timezone.now()
    return now + schedule.crontab.schedule.remaining_estimate(now)


def times_in_words(schedule: PeriodicTask) -> str:
    """Its times in words, where they are as simple as most; else its five fields."""
    at = schedule.crontab
    if not (at.minute.isdecimal() and at.hour.isdecimal() and at.day_of_month == at.month_of_year == "*"):
        return crontab_text(schedule)
    time = f"{int(at.hour):02}:{int(at.minute):02}"
    if at.day_of_week == "*":
        return _("every day at %(time)s") % {"time": time}
    numbers = at.day_of_week.split(",")
    if not all(number.isdecimal() and int(number) < 7 for number in numbers):
        return crontab_text(schedule)
    # Django counts days from Monday = 0, a crontab from Sunday = 0.
    days = ", ".join(str(WEEKDAYS[(int(number) + 6) % 7]) for number in numbers)
    return _("%(days)s at %(time)s") % {"days": days, "time": time}


def wanted_job(schedule: PeriodicTask) -> dict[str, Any]:
    """The kind and the parameters of the job that it submits; empty if they cannot be read."""
    try:
        wanted = json.loads(schedule.kwargs)
    except ValueError:
        return {}
    return wanted if isinstance(wanted, dict) else {}
