"""Keeps PostgreSQL's partitions of events, one per day; another database has one table, and old rows are deleted from it."""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from recommendations.models import Event

AHEAD = 3
_NAME = re.compile(r"recommendations_event_(\d{4})(\d\d)(\d\d)")
logger = logging.getLogger(__name__)


def prepare_days() -> int:
    """Make the partitions of today and the next days; returns how many are there. Called by the schedule.

    A day without one goes into the table for the rest, so nothing is lost while nobody calls this.
    """
    if connection.vendor != "postgresql":
        return 0
    first = timezone.now().date()
    for day in (first + timedelta(days=ahead) for ahead in range(AHEAD)):
        if _exists(day):
            continue
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f"CREATE TABLE {_name(day)} PARTITION OF recommendations_event "
                    f"FOR VALUES FROM ('{day}') TO ('{day + timedelta(days=1)}')"
                )
        except DatabaseError as error:  # another process was first, or events of that day lie in the rest
            logger.info("There is no partition of its own for %s: %s", day, error)
    return len(days_with_partitions())


def days_with_partitions() -> list[date]:
    """The days that have one, oldest first."""
    with connection.cursor() as cursor:
        # Not table_names(), which leaves partitions out.
        tables = connection.introspection.get_table_list(cursor)
    found = (_NAME.fullmatch(table.name) for table in tables)
    return sorted(date(int(read[1]), int(read[2]), int(read[3])) for read in found if read)


def forget_old_events() -> int:
    """Delete the events of days older than ``EVENTS_KEPT_DAYS``, whole partitions at once; returns how many rows or days."""
    last = timezone.now().date() - timedelta(days=settings.EVENTS_KEPT_DAYS)
    if connection.vendor != "postgresql":
        return Event.objects.filter(day__lt=last).delete()[0]
    old = [day for day in days_with_partitions() if day < last]
    with connection.cursor() as cursor:
        for day in old:
            cursor.execute(f"DROP TABLE {_name(day)}")
    Event.objects.filter(day__lt=last).delete()
    return len(old)


def _name(day: date) -> str:
    return f"recommendations_event_{day:%Y%m%d}"


def _exists(day: date) -> bool:
    return day in days_with_partitions()
