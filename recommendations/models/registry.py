"""The model registry: every trained version and every switch of the champion."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_NOTE = 2000


class ModelVersion(models.Model):
    """A write-once model folder. ``artefact_digest`` is checked before anything of it is loaded."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        CHAMPION = "champion", _("champion")
        RETIRED = "retired", _("retired")

    version = models.CharField(_("version"), max_length=40, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CANDIDATE)
    index_label = models.CharField(
        _("index label"),
        max_length=60,
        blank=True,
        help_text=_("Its indices are movies-<label> and user_profiles-<label>; empty until they are built."),
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=64, db_index=True)
    data_digest = models.CharField(_("data digest"), max_length=64)
    artefact_digest = models.CharField(_("artefact digest"), max_length=64)
    parameters = models.JSONField(_("parameters"), default=dict)
    metrics = models.JSONField(_("metrics"), default=dict)
    gate = models.JSONField(
        _("promotion gate"),
        default=dict,
        blank=True,
        help_text=_("What the gate found when the version was last judged."),
    )
    card = models.JSONField(
        _("model card"),
        default=dict,
        blank=True,
        help_text=_(
            "What its data were, how well it serves whom, and what changed since the version before."
        ),
    )
    pruned_at = models.DateTimeField(
        _("pruned at"),
        null=True,
        blank=True,
        help_text=_("Since then its model folder and indices are gone; the row stays."),
    )
    note = models.TextField(
        _("note"), blank=True, max_length=LONGEST_NOTE, help_text=_("What operators want to remember of it.")
    )
    seen_at = models.DateTimeField(
        _("seen at"), null=True, blank=True, help_text=_("When an operator ticked its refusal off.")
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, verbose_name=_("parent")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        constraints = [
            models.UniqueConstraint(
                fields=("state",), condition=models.Q(state="champion"), name="one_champion_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def is_champion(self) -> bool:
        """True if the site answers from this version."""
        return self.state == self.State.CHAMPION


class PromotionEvent(models.Model):
    """Who made which version the champion, when and why."""

    class Kind(models.TextChoices):
        PROMOTION = "promotion", _("promotion")
        ROLLBACK = "rollback", _("roll-back")
        REBUILD = "rebuild", _("indices rebuilt")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PROMOTION)
    version = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, related_name="promotions", verbose_name=_("version")
    )
    previous = models.ForeignKey(
        ModelVersion,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("previous champion"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, verbose_name=_("promoted by")
    )
    reason = models.CharField(_("reason"), max_length=300)
    overridden = models.BooleanField(
        _("gate overridden"), default=False, help_text=_("Promoted although the gate had refused it.")
    )
    created_at = models.DateTimeField(_("promoted at"), auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")

    def __str__(self) -> str:
        return f"{self.version} ({self.created_at:%Y-%m-%d %H:%M})"


def lock_registry() -> None:
    """Hold every row of the registry until the transaction ends.

    All of them, because the row that another transaction makes the champion meanwhile would not be among those that
    a lock on the present champion holds. SQLite has one writer at a time anyway.
    """
    list(ModelVersion.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
