"""What operators decide about lists: rules about films, labels for films, the order of rows; and what is trending."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.catalogue import Movie
from recommendations.ranking.randomised import MOST_SHARE


def new_salt() -> str:
    """What keeps one site's draws apart from another's."""
    return secrets.token_hex(8)


class HouseTag(models.Model):
    """A label that operators give to films, so that a rule can mean all of them."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    movies = models.ManyToManyField(Movie, related_name="house_tags", blank=True, verbose_name=_("films"))

    class Meta:
        ordering = ("name",)
        verbose_name = _("house tag")
        verbose_name_plural = _("house tags")

    def __str__(self) -> str:
        return self.name


class HouseRule(models.Model):
    """What the house does to some films in everybody's lists, or in those of newcomers, for a time.

    ``value`` is a genre of the data, the first year of a decade, the name of a :class:`HouseTag` or a film's key.
    """

    class Act(models.TextChoices):
        PIN = "pin", _("pin: the one that fits best comes first")
        BOOST = "boost", _("boost: they move up")
        BURY = "bury", _("bury: they come last")
        HIDE = "hide", _("hide: they are not recommended")

    class Field(models.TextChoices):
        GENRE = "genre", _("genre")
        DECADE = "decade", _("decade")
        TAG = "tag", _("house tag")
        KEY = "key", _("film (its key)")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("everyone")
        NEWCOMERS = "newcomers", _("newcomers (fewer than five ratings)")

    name = models.CharField(_("name"), max_length=60)
    act = models.CharField(_("what happens"), max_length=5, choices=Act)
    field = models.CharField(_("films by"), max_length=6, choices=Field)
    value = models.CharField(
        _("which"),
        max_length=100,
        help_text=_("A genre (Western), a decade (1990), the name of a house tag, or a film’s key."),
    )
    strength = models.PositiveSmallIntegerField(
        _("strength of a boost"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text=_("1 a little, 2 clearly, 3 as far as the whole list is wide."),
    )
    audience = models.CharField(_("for whom"), max_length=9, choices=Audience, default=Audience.EVERYONE)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("ended_at", "-created_at", "-pk")
        verbose_name = _("house rule")
        verbose_name_plural = _("house rules")

    def __str__(self) -> str:
        return self.name


class PageRow(models.Model):
    """Where a row of the list page stands among the others, and whether it is shown; a kind without one keeps its place."""

    kind = models.CharField(_("row"), max_length=20, unique=True)
    place = models.PositiveSmallIntegerField(_("place"))
    is_shown = models.BooleanField(_("shown"), default=True)

    class Meta:
        ordering = ("place", "kind")
        verbose_name = _("row of the list page")
        verbose_name_plural = _("rows of the list page")

    def __str__(self) -> str:
        return self.kind


class ListRandomisation(models.Model):
    """The one row that says for which share of lists (by person and day) the order is drawn; 0 draws none. The salt stays, so that
    who is drawn at a small share is also drawn at a greater one."""

    share = models.FloatField(
        _("share of lists"),
        default=0.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(MOST_SHARE)],
    )
    salt = models.CharField(_("salt"), max_length=32, default=new_salt, editable=False)

    class Meta:
        verbose_name = _("lists in a drawn order")
        verbose_name_plural = _("lists in a drawn order")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def now(cls) -> ListRandomisation:
        """The row as it is; before anything was changed, the defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class FilmTrend(models.Model):
    """How many ``people`` rated, saw or noted a film in the last ``days``: of this site, or of the data until their end."""

    days = models.PositiveSmallIntegerField(_("days"))
    source = models.CharField(
        _("data"),
        max_length=64,
        blank=True,
        help_text=_("Digest of the data; empty for people of this site."),
    )
    movie_id = models.PositiveIntegerField(_("film"))
    people = models.PositiveIntegerField(_("people"))
    until = models.DateField(_("until"))

    class Meta:
        ordering = ("-people", "movie_id")
        verbose_name = _("trend")
        verbose_name_plural = _("trends")
        constraints = [
            models.UniqueConstraint(fields=("days", "source", "movie_id"), name="one_trend_per_film")
        ]

    def __str__(self) -> str:
        return f"{self.movie_id}: {self.people}"
