"""How long lists and events are kept, and that a list is worth more than its record."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from recommendations.models import Event, MadeList
from recommendations.selectors.lists.recommendations import RecommendationList
from recommendations.services.events.made_lists import forget_old_lists, record_list
from recommendations.services.events.partitions import (
    AHEAD,
    days_with_partitions,
    forget_old_events,
    prepare_days,
)

pytestmark = pytest.mark.django_db
EMPTY = RecommendationList(items=(), engine="numpy", model_version="v", profile_weight=0.0)


def test_lists_are_forgotten_after_thirty_days():
    old, new = record_list(EMPTY), record_list(EMPTY)
    MadeList.objects.filter(pk=old).update(made_at=timezone.now() - timedelta(days=31))
    assert forget_old_lists() == 1
    assert MadeList.objects.get().pk == new


def test_events_are_forgotten_after_the_time_that_is_set(settings):
    settings.EVENTS_KEPT_DAYS = 10
    now = timezone.now()
    for days in (9, 11):
        moment = now - timedelta(days=days)
        Event.objects.create(id=uuid4(), day=moment.date(), kind="open", at=moment, received_at=now)
    forget_old_events()  # says rows, or on PostgreSQL whole days that had a partition
    assert Event.objects.get().day == (now - timedelta(days=9)).date()


def test_only_postgresql_has_partitions():
    """Elsewhere one table needs none; there today and the next days get theirs, once."""
    today = timezone.now().date()
    wanted = {today + timedelta(days=ahead) for ahead in range(AHEAD)} if _has_partitions() else set()
    assert prepare_days() == prepare_days() == len(days_with_partitions())
    assert wanted <= set(days_with_partitions())


def _has_partitions():
    return connection.vendor == "postgresql"


def test_a_list_that_cannot_be_written_down_has_no_id(monkeypatch):
    def full(*_arguments, **_named):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(MadeList, "save", full)
    assert record_list(EMPTY) is None
    assert not MadeList.objects.exists()
