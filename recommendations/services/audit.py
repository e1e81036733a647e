"""The audit log of privileged acts that do not go through the admin's own forms."""

from __future__ import annotations

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models
from django.utils import translation

from accounts.models import User


def record_act(*, by: User, on: models.Model, message: str) -> None:
    """Keep who did what to which row; ``message`` is a sentence of ``stored_sentences``, in English as all that is kept."""
    with translation.override("en"):
        LogEntry.objects.log_actions(user_id=by.pk, queryset=[on], action_flag=CHANGE, change_message=message)
