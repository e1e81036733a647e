"""Changes when the schedule submits jobs."""

from __future__ import annotations

from celery.schedules import ParseException
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_celery_beat.models import CrontabSchedule, PeriodicTask

FIELDS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
LONGEST_CRONTAB = 200


class InvalidCrontabError(ValueError):
    """The text is no crontab of five fields."""


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
        schedule.crontab = _crontab(crontab)
    if enabled is not None:
        schedule.enabled = enabled
    schedule.save()
    return schedule


def _crontab(text: str) -> CrontabSchedule:
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
