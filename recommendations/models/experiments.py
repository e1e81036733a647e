"""Experiments: the champion against another version, or against itself with other dials, on real people."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.registry import ModelVersion


class Experiment(models.Model):
    """Arm ``a`` is the champion of the beginning, arm ``b`` the challenger. One runs at a time."""

    class Kind(models.TextChoices):
        INTERLEAVING = "interleaving", _("interleaving: both versions in one list")
        AB = "ab", _("A/B: each person gets one version")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        ENDED = "ended", _("ended")
        PROMOTED = "promoted", _("challenger promoted")

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INTERLEAVING)
    champion = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, related_name="+", verbose_name=_("champion")
    )
    challenger = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, related_name="+", verbose_name=_("challenger")
    )
    dials = models.JSONField(
        _("dials of the challenger"),
        default=dict,
        blank=True,
        help_text=_('For people who have turned none themselves, such as {"discovery": 0.2}.'),
    )
    share = models.FloatField(
        _("share of people"), default=1.0, validators=[MinValueValidator(0.01), MaxValueValidator(1.0)]
    )
    salt = models.CharField(_("salt"), max_length=32, editable=False)
    most_days = models.PositiveSmallIntegerField(
        _("days at most"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    alpha = models.FloatField(
        _("chance of a false alarm"),
        default=0.05,
        validators=[MinValueValidator(0.001), MaxValueValidator(0.2)],
    )
    stops_when_clear = models.BooleanField(_("ends as soon as the result is clear"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING, db_index=True)
    reason = models.CharField(_("ended because"), max_length=300, blank=True)
    result = models.JSONField(_("result at the end"), default=dict, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("started by"),
    )
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        verbose_name = _("experiment")
        verbose_name_plural = _("experiments")
        constraints = [
            models.UniqueConstraint(
                fields=("state",), condition=models.Q(state="running"), name="one_running_experiment"
            )
        ]

    def __str__(self) -> str:
        return self.name
