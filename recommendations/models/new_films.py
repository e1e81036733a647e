"""Films that operators put into the catalogue after training, and how much of a list they may have."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.catalogue import Movie

# Beyond the numbers of every data set, and below those of films that are kept beside the catalogue.
FIRST_NEW = 1_000_000_000
# The data set that they are said to be from.
SOURCE = "new"
LONGEST_KEY = 100


class NewFilm(models.Model):
    """A film by the key of whoever put it. The row, and with it the number, stays when the film is withdrawn, so that what
    people said of it comes back with it.

    ``facts`` are what was told of it. ``indexed_in`` names the indices that hold it as it is (or, withdrawn, no longer
    hold it); empty means that they have yet to be written.
    """

    key = models.CharField(_("key"), max_length=LONGEST_KEY, unique=True)
    movie = models.OneToOneField(
        Movie,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="new_film",
        verbose_name=_("film"),
    )
    facts = models.JSONField(_("facts"), default=dict)
    indexed_in = models.CharField(_("written to"), max_length=60, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("put by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    created_at = models.DateTimeField(_("put"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("new film")
        verbose_name_plural = _("new films")

    def __str__(self) -> str:
        return str(self.facts.get("title") or self.key)

    @property
    def number(self) -> int:
        """Its number in tables, indices and API."""
        return FIRST_NEW + self.pk


class NewFilmsState(models.Model):
    """The one row of what holds for all new films. ``revision`` counts their changes, by which every process notices them;
    ``share`` is how much of a list they may have."""

    revision = models.PositiveBigIntegerField(default=0, editable=False)
    share = models.FloatField(
        _("share of a list"),
        default=0.1,
        validators=(MinValueValidator(0.0), MaxValueValidator(1.0)),
        help_text=_(
            "From 0 (new films are found but never recommended) to 1; 0.1 gives them one place in ten, where they fit."
        ),
    )

    class Meta:
        verbose_name = _("exposure of new films")
        verbose_name_plural = _("exposure of new films")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def now(cls) -> NewFilmsState:
        """The row as it is; before anything was changed, the defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
