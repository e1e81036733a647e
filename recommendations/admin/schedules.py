"""The schedule in the admin: jobs that start by themselves. What looks after the jobs is shown, and nobody's to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_celery_beat import admin as _scheduler  # noqa: F401  (registers its tables)
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from recommendations.admin.job_forms import KINDS
from recommendations.admin.jobs import page_of
from recommendations.admin.read_only import PlainListAdmin
from recommendations.admin.schedule_forms import ScheduleForm
from recommendations.models import Job
from recommendations.services.jobs import JobError, submit_job
from recommendations.services.jobs.schedules import TASK, next_run, times_in_words, wanted_job
from recommendations.services.stored_sentences import in_active_language

# Times belong to the schedule that has them; as tables of their own they would be for a programmer.

for _table in (PeriodicTask, CrontabSchedule, IntervalSchedule, ClockedSchedule, SolarSchedule):
    admin.site.unregister(_table)


@admin.register(PeriodicTask)
class ScheduleAdmin(PlainListAdmin):
    """Only rows that submit a job: the others belong to the program, which would be lame without them."""

    form = ScheduleForm
    list_display = ("called", "state_badge", "job", "times", "next_one", "last_run_at")
    list_display_links = ("called",)
    search_fields = ("name", "description")
    actions = ("run_now",)
    ordering = ("name",)
    change_list_template = "admin/recommendations/schedule/change_list.html"
    change_form_template = "admin/recommendations/schedule/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PeriodicTask]:
        return super().get_queryset(request).filter(task=TASK).exclude(crontab=None).select_related("crontab")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Parameters come and go with the kind, so Django is not asked for them by name."""
        kind = str(request.POST.get("kind") or request.GET.get("kind") or "")
        return type("ScheduleForm", (ScheduleForm,), {"__init__": _about(kind)})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        form = self.get_form(request, obj)(instance=obj)
        own = ("name", "enabled", "at", "days", "other_times", "description", "kind")
        parameters = tuple(name for name in form.fields if name not in own)
        return (
            (None, {"fields": ("name", "enabled", "description")}),
            (_("Times"), {"fields": ("at", "days", "other_times")}),
            (Job.Kind(form.of_kind).label.capitalize(), {"fields": (*parameters, "kind")}),
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        upkeep = (
            PeriodicTask.objects.exclude(task=TASK).select_related("interval", "crontab").order_by("name")
        )
        return super().changelist_view(request, {"upkeep": upkeep, "title": _("Schedules")})

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        kinds = [(kind.value, kind.label, KINDS[kind]) for kind in KINDS]
        row = self.get_object(request, object_id) if object_id else None
        title = in_active_language(row.name) if row else _("Add a schedule")
        return super().changeform_view(
            request, object_id, form_url, {"kinds": kinds, "title": title, "subtitle": None}
        )

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def called(self, row: PeriodicTask) -> str:
        return in_active_language(row.name)

    @admin.display(description=gettext_lazy("state"), ordering="enabled")
    def state_badge(self, row: PeriodicTask) -> str:
        style, name = ("succeeded", _("runs")) if row.enabled else ("still", _("switched off"))
        return format_html('<span class="state state-{}">{}</span>', style, name)

    @admin.display(description=gettext_lazy("job"))
    def job(self, row: PeriodicTask) -> str:
        kind = wanted_job(row).get("kind", Job.Kind.PIPELINE)
        return str(Job.Kind(kind).label) if kind in Job.Kind.values else str(kind)

    @admin.display(description=gettext_lazy("times (UTC)"))
    def times(self, row: PeriodicTask) -> str:
        return times_in_words(row)

    @admin.display(description=gettext_lazy("next run"))
    def next_one(self, row: PeriodicTask) -> Any:
        return next_run(row) if row.enabled else None

    @admin.action(description=gettext_lazy("Run the job now"), permissions=["change"])
    def run_now(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """In the name of whoever asks, as if the run form had been filled in like this."""
        for row in queryset:
            wanted = wanted_job(row)
            try:
                job = submit_job(
                    kind=wanted.pop("kind", Job.Kind.PIPELINE), by=request.user, parameters=wanted
                )
            except JobError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                link = format_html('<a href="{}">{}</a>', page_of(job), job)
                self.message_user(request, format_html(_("{} is queued."), link), messages.SUCCESS)


def _about(kind: str) -> Any:
    """The form's own start, with the kind that the page is about."""

    def begin(form: ScheduleForm, *args: Any, **kwargs: Any) -> None:
        ScheduleForm.__init__(form, *args, kind=kind, **kwargs)

    return begin
