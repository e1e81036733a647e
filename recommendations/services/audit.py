"""The audit log of privileged acts that do not go through the admin's own forms."""

from __future__ import annotations

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models

from accounts.models import User


def record_act(*, by: User, on: models.Model, message: str) -> None:
    """Keep who did what to which row; the admin shows it beside its own entries."""
    LogEntry.objects.log_actions(user_id=by.pk, queryset=[on], action_flag=CHANGE, change_message=message)
