"""Work on the Spark cluster that somebody, or the schedule, has asked for, and what happened to it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One run of one kind of work. ``services.jobs`` alone changes its state."""

    class Kind(models.TextChoices):
        INGEST = "ingest", _("read the data")
        PROFILE = "profile", _("profiles")
        TRAIN = "train", _("training")
        EVALUATE = "evaluate", _("evaluation")
        PUBLISH = "publish", _("indices")
        PIPELINE = "pipeline", _("full pipeline")

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        CANCELLING = "cancelling", _("cancelling")
        SUCCEEDED = "succeeded", _("succeeded")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        LOST = "lost", _("lost")

    #: A job in one of these states may still change by itself; there is at most one of a kind.
    ACTIVE: ClassVar = (State.QUEUED, State.RUNNING, State.CANCELLING)
    #: A worker has a job in one of these states in hand.
    HELD: ClassVar = (State.RUNNING, State.CANCELLING)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED, db_index=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="jobs",
        verbose_name=_("requested by"),
        help_text=_("Empty: by the schedule."),
    )
    request_key = models.CharField(
        _("request key"),
        max_length=100,
        blank=True,
        help_text=_("The same key by the same person means the same job, however often it is sent."),
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="retries",
        verbose_name=_("retry of"),
    )
    stage = models.CharField(_("stage"), max_length=30, blank=True)
    percent = models.FloatField(_("percent"), null=True, blank=True, help_text=_("Within the stage."))
    rows = models.BigIntegerField(_("rows"), null=True, blank=True)
    eta_seconds = models.FloatField(_("seconds left in the stage"), null=True, blank=True)
    message = models.TextField(_("message"), blank=True)
    skipped_reason = models.CharField(
        _("left out because"),
        max_length=300,
        blank=True,
        help_text=_("Why there was nothing to do; empty if the work was done."),
    )
    result = models.JSONField(_("result"), default=dict, blank=True)
    log_path = models.CharField(_("log file"), max_length=500, blank=True)
    worker = models.CharField(_("worker"), max_length=200, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    task_id = models.CharField(_("task"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    seen_at = models.DateTimeField(
        _("seen at"), null=True, blank=True, help_text=_("When an operator ticked its failure off.")
    )

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=("kind",),
                condition=models.Q(state__in=("queued", "running", "cancelling")),
                name="one_active_job_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=("requested_by", "request_key"),
                condition=~models.Q(request_key=""),
                name="one_job_per_user_and_request_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_active(self) -> bool:
        """True while the job may still change by itself."""
        return self.state in self.ACTIVE

    @property
    def can_be_cancelled(self) -> bool:
        """True while nobody has stopped it yet and it is not over."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def can_be_retried(self) -> bool:
        """True once it is over without success."""
        return self.state in (self.State.FAILED, self.State.CANCELLED, self.State.LOST)


class JobEvent(models.Model):
    """A step in the life of a job: every change of state, and every stage that began."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events", verbose_name=_("job"))
    state = models.CharField(_("state"), max_length=10, choices=Job.State)
    stage = models.CharField(_("stage"), max_length=30, blank=True)
    message = models.TextField(_("message"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ("created_at", "pk")
        verbose_name = _("job event")
        verbose_name_plural = _("job events")

    def __str__(self) -> str:
        return f"{self.job_id}: {self.state} {self.stage}".rstrip()


class WorkerSign(models.Model):
    """When a worker has looked after the jobs for the last time; one row for each, as long as it is of interest."""

    worker = models.CharField(_("worker"), max_length=120, unique=True)
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        ordering = ("-seen_at",)
        verbose_name = _("sign of life of a worker")
        verbose_name_plural = _("signs of life of workers")

    def __str__(self) -> str:
        return f"{self.worker}: {self.seen_at:%Y-%m-%d %H:%M:%S}"
