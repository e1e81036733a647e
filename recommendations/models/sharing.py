"""Lists that people show to others by a link."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.history import FilmList


class SharedList(models.Model):
    """A list under an unguessable link, to be read by whoever has it, until it is taken back.

    ``films`` are the numbers of a list as it was when it was shared; the other kinds are read when somebody looks.
    """

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("recommended films")
        RATINGS = "ratings", _("ratings")
        WATCHLIST = "watchlist", _("watchlist")
        LIST = "list", _("list")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="shared_lists",
        verbose_name=_("person"),
    )
    token = models.CharField(_("token"), max_length=43, unique=True)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    film_list = models.ForeignKey(
        FilmList, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("list")
    )
    films = models.JSONField(_("films"), default=list, blank=True)
    title = models.CharField(_("title"), max_length=100)
    created_at = models.DateTimeField(_("shared at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("shared list")
        verbose_name_plural = _("shared lists")

    def __str__(self) -> str:
        return self.title
