"""The schedule in the admin: only tasks that are made for it, so that nobody runs any other code of the worker."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_celery_beat.admin import PeriodicTaskAdmin, PeriodicTaskForm, TaskSelectWidget
from django_celery_beat.models import PeriodicTask

from recommendations.services.jobs.schedules import TASK


def known_tasks() -> list[str]:
    """What the schedule may run: jobs, and what the settings schedule themselves."""
    return sorted({TASK, *(entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values())})


class _KnownTasks(TaskSelectWidget):
    def tasks_as_choices(self) -> Any:
        return (("", ""), *((name, name) for name in known_tasks()))


class ScheduleForm(PeriodicTaskForm):
    """Refuses every other task, whichever of the two fields names it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regtask"].widget = _KnownTasks()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        task = data.get("task")
        if task and task not in known_tasks():
            sentence = _("The schedule does not run %(task)s; it runs %(known)s.")
            known = ", ".join(known_tasks())
            raise ValidationError({"task": sentence % {"task": task, "known": known}})
        return data


admin.site.unregister(PeriodicTask)


@admin.register(PeriodicTask)
class ScheduleAdmin(PeriodicTaskAdmin):
    """Celery's own page with that form."""

    form = ScheduleForm

    @admin.action(description=PeriodicTaskAdmin.run_tasks.short_description, permissions=["change"])
    def run_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """Rows of before that name another task are left out."""
        super().run_tasks(request, queryset.filter(task__in=known_tasks()))
