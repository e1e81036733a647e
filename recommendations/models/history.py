"""What people keep about films besides marks: when they saw them, their own lists, and what a file
brought in."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.catalogue import Movie
from recommendations.models.feedback import MovieMark


class Viewing(MovieMark):
    """Somebody saw a film, once; ``seen_on`` is empty if they do not know when."""

    seen_on = models.DateField(_("seen on"), null=True, blank=True)
    again = models.BooleanField(_("seen before"), default=False)
    stars = models.FloatField(
        _("stars at that time"), null=True, blank=True, help_text=_("To the half, as they were given then.")
    )
    created_at = models.DateTimeField(_("added at"), auto_now_add=True)

    class Meta:
        verbose_name = _("viewing")
        verbose_name_plural = _("viewings")
        constraints = [
            models.UniqueConstraint(fields=("user", "movie", "seen_on"), name="one_viewing_a_day"),
            models.UniqueConstraint(
                fields=("user", "movie"), condition=models.Q(seen_on=None), name="one_viewing_without_a_day"
            ),
        ]


class FilmList(models.Model):
    """A list of films with a name, in an order; the one of ``LIKES`` holds what somebody has given a heart."""

    class Kind(models.TextChoices):
        OWN = "own", _("list")
        LIKES = "likes", _("likes")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="film_lists",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.OWN)
    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField(_("added at"), auto_now_add=True)
    movies = models.ManyToManyField(Movie, through="FilmListEntry", related_name="+", verbose_name=_("films"))

    class Meta:
        ordering = ("kind", "name", "pk")
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        constraints = [
            models.UniqueConstraint(fields=("user", "kind", "name"), name="one_list_of_a_name_per_user")
        ]

    def __str__(self) -> str:
        return self.name


class FilmListEntry(models.Model):
    """A film's place in a list."""

    film_list = models.ForeignKey(
        FilmList, on_delete=models.CASCADE, related_name="entries", verbose_name=_("list")
    )
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, verbose_name=_("film"))
    place = models.PositiveIntegerField(_("place"), default=0)
    created_at = models.DateTimeField(_("added at"), auto_now_add=True)

    class Meta:
        ordering = ("place", "pk")
        verbose_name = _("film of a list")
        verbose_name_plural = _("films of lists")
        constraints = [
            models.UniqueConstraint(fields=("film_list", "movie"), name="one_entry_per_list_and_movie")
        ]

    def __str__(self) -> str:
        return f"{self.film_list_id} – {self.movie_id}"


class Import(models.Model):
    """A file that somebody brought: waiting to be read, read and to be looked at, brought in, or taken back again.

    ``content`` is the file, packed, as long as it has to be read; ``preview`` what it would bring and ``plan`` how;
    ``undo`` is what was there before.
    """

    class State(models.TextChoices):
        COLUMNS = "columns", _("columns to be chosen")
        QUEUED = "queued", _("queued")
        READING = "reading", _("being read")
        READY = "ready", _("to be looked at")
        FAILED = "failed", _("failed")
        DONE = "done", _("brought in")
        UNDONE = "undone", _("taken back")

    #: A file in one of these states is being worked on; a person has one at most.
    ACTIVE: ClassVar = (State.QUEUED, State.READING)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports", verbose_name=_("person")
    )
    state = models.CharField(_("state"), max_length=8, choices=State)
    source = models.CharField(_("source"), max_length=40, blank=True)
    name = models.CharField(_("file"), max_length=200, blank=True)
    content = models.BinaryField(_("content"), null=True, blank=True)
    columns = models.JSONField(_("columns"), default=dict, blank=True)
    percent = models.FloatField(_("percent"), default=0.0)
    message = models.TextField(_("message"), blank=True)
    preview = models.JSONField(_("preview"), default=dict, blank=True)
    outcome = models.JSONField(_("outcome"), default=dict, blank=True)
    undo = models.JSONField(_("what was there before"), default=dict, blank=True)
    created_at = models.DateTimeField(_("brought at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.UniqueConstraint(
                fields=("user",),
                condition=models.Q(state__in=("queued", "reading")),
                name="one_file_at_a_time_per_user",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source or self.name} ({self.get_state_display()})"
