"""Keys to the API: only their hash is kept, they expire, and each opens no more than its scopes."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class ApiToken(AbstractAuthToken):
    """A token of one person. ``reference`` names it in public; the token itself is told once, when it is made."""

    class Scope(models.TextChoices):
        READ = "read", _("read what is mine")
        WRITE = "write", _("change what is mine")
        OPERATE = "operate", _("operate jobs, models and schedules")

    reference = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    scopes = models.JSONField(_("scopes"), default=list)

    class Meta:
        ordering = ("-created",)
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"
