"""Jobs in the admin: start, watch, cancel, run again, read the log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import user_of
from recommendations.admin.job_forms import KINDS, RunJobForm
from recommendations.admin.read_only import DetailAdmin
from recommendations.models import Job, ModelVersion
from recommendations.selectors.job_stages import progress_of, stage_label
from recommendations.selectors.jobs import job_by_id, log_file, log_lines, log_tail
from recommendations.services.figures import duration as as_duration
from recommendations.services.jobs import JobActiveError, JobError, cancel_job, retry_job, submit_job
from recommendations.services.jobs.parameters import parameters_of, value_label
from recommendations.services.stored_sentences import (
    JOB_CANCELLED,
    JOB_RUN_AGAIN,
    JOB_STARTED,
    in_active_language,
)
from recommendations.services.ticking import tick_off_job

SHOWN_LINES = 60


@admin.register(Job)
class JobAdmin(DetailAdmin):
    """Buttons need the permissions ``add_job`` (run, run again) and ``change_job`` (cancel)."""

    list_display = ("name", "state_badge", "progress", "asked_by", "created_at", "duration")
    list_filter = ("state", "kind")
    date_hierarchy = "created_at"
    search_fields = ("id", "message", "requested_by__username")
    list_select_related = ("requested_by",)
    list_per_page = 50
    change_list_template = "admin/recommendations/job/change_list.html"
    detail_template = "admin/recommendations/job/job.html"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.may(request, "add")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:number>/cancel/", view(self.cancel), name="recommendations_job_cancel"),
            path("<int:number>/retry/", view(require_POST(self.retry)), name="recommendations_job_retry"),
            path("<int:number>/seen/", view(require_POST(self.seen)), name="recommendations_job_seen"),
            path("<int:number>/log/", view(require_safe(self.log)), name="recommendations_job_log"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("job"), ordering="pk")
    def name(self, job: Job) -> str:
        return f"{job.pk} · {job.get_kind_display()}"

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, job: Job) -> str:
        return format_html('<span class="state state-{}">{}</span>', job.state, job.get_state_display())

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, job: Job) -> str:
        if job.state in Job.HELD:
            progress = progress_of(job)
            label = stage_label(job.stage)
            return format_html(
                '<progress max="100" value="{}" aria-label="{}"></progress> <span>{}\u202f% · {}</span>',
                round(progress.percent),
                label,
                round(progress.percent),
                label,
            )
        return in_active_language(job.skipped_reason or job.message) or stage_label(job.stage) or "–"

    @admin.display(description=gettext_lazy("requested by"), ordering="requested_by")
    def asked_by(self, job: Job) -> str:
        return str(job.requested_by or _("the schedule"))

    @admin.display(description=gettext_lazy("duration"))
    def duration(self, job: Job) -> str:
        return as_duration(seconds_of(job))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        self.require(request, "add")
        asked = {**request.GET.dict(), **request.POST.dict()}
        form = RunJobForm(request.POST or None, kind=asked.get("kind", ""), initial=request.GET.dict())
        active = None
        if request.method == "POST" and form.is_valid():
            try:
                job = submit_job(
                    kind=form.cleaned_data["kind"], by=request.user, parameters=form.parameters()
                )
            except JobActiveError as error:
                form.add_error(None, str(error))
                active = error.job
            except JobError as error:
                form.add_error(None, str(error))
            else:
                self.write_down(request, job, JOB_STARTED, job=job)
                return HttpResponseRedirect(page_of(job))
        context = self.page(
            request,
            _("Run a job"),
            form=form,
            media=self.media + form.media,
            active=active,
            kinds=[(kind.value, kind.label, KINDS[kind]) for kind in KINDS],
        )
        return TemplateResponse(request, "admin/recommendations/job/run.html", context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Job | None:
        return job_by_id(int(object_id)) if object_id.isdecimal() else None

    def details(self, request: HttpRequest, row: Job) -> dict[str, Any]:
        return {
            "title": str(row).capitalize(),
            "job": row,
            "seconds": as_duration(seconds_of(row)),
            "progress": progress_of(row),
            "parameters": parameters_in_words(row),
            "version": ModelVersion.objects.filter(version=row.result.get("version") or "").first(),
            "may_cancel": self.may(request, "change") and row.can_be_cancelled,
            "may_retry": self.may(request, "add") and row.can_be_retried,
            "has_log": log_file(row) is not None,
            "shows_log": row.started_at is not None or log_file(row) is not None,
            "tail": log_tail(row, lines=SHOWN_LINES),
            "shown_lines": SHOWN_LINES,
        }

    def cancel(self, request: HttpRequest, number: int) -> HttpResponse:
        """Asks first; what ran for minutes is lost."""
        self.require(request, "change")
        job = get_object_or_404(Job, pk=number)
        if request.method != "POST":
            if not job.can_be_cancelled:
                return HttpResponseRedirect(page_of(job))
            context = self.page(
                request, _("Cancel %(job)s?") % {"job": job}, job=job, progress=progress_of(job)
            )
            return TemplateResponse(request, "admin/recommendations/job/cancel.html", context)
        try:
            job = cancel_job(job=job, by=request.user)
        except JobError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.write_down(request, job, JOB_CANCELLED, job=job)
            self.message_user(request, _("%(job)s is being cancelled.") % {"job": job}, messages.SUCCESS)
        return HttpResponseRedirect(page_of(job))

    def retry(self, request: HttpRequest, number: int) -> HttpResponse:
        self.require(request, "add")
        job = get_object_or_404(Job, pk=number)
        try:
            job = retry_job(job=job, by=request.user)
        except JobError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.write_down(request, job, JOB_RUN_AGAIN, job=job, parent=job.parent)
        return HttpResponseRedirect(page_of(job))

    def seen(self, request: HttpRequest, number: int) -> HttpResponse:
        self.require(request, "change")
        tick_off_job(job=get_object_or_404(Job, pk=number), by=user_of(request))
        return HttpResponseRedirect(reverse("admin:index"))

    def log(self, request: HttpRequest, number: int) -> HttpResponse | StreamingHttpResponse:
        self.require(request, "view")
        job = get_object_or_404(Job, pk=number)
        if log_file(job) is None:
            self.message_user(request, _("%(job)s has no log.") % {"job": job}, messages.WARNING)
            return HttpResponseRedirect(page_of(job))
        response = StreamingHttpResponse(log_lines(job), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="job-{job.pk}-{job.kind}.log"'
        return response


def parameters_in_words(job: Job) -> list[tuple[str, str]]:
    """What the job was asked for, in words: the labels of the form and what was chosen there."""
    known = parameters_of(job.kind)
    return [
        (_(known[name].label) if name in known else name, value_label(known.get(name), value))
        for name, value in job.parameters.items()
    ]


def page_of(job: Job) -> str:
    """The address of the job's page."""
    return reverse("admin:recommendations_job_change", args=[job.pk])


def seconds_of(job: Job) -> int | None:
    """How long the job has run, in whole seconds; None before it began."""
    if job.started_at is None:
        return None
    return round(((job.ended_at or timezone.now()) - job.started_at).total_seconds())
