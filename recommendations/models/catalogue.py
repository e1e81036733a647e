"""The catalogue: films and their genres, imported from the data of the champion."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Genre(models.Model):
    """A genre; ``name`` is the exact spelling of the data."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("genre")
        verbose_name_plural = _("genres")

    def __str__(self) -> str:
        return self.name


class MovieQuerySet(models.QuerySet["Movie"]):
    """Films, looked up so that one under two numbers is one."""

    def numbered(self, movie_id: int) -> MovieQuerySet:
        """The film with this MovieLens number, or the one whose second number it is."""
        kept = Movie.objects.filter(movielens_id=movie_id).values("twin_of")
        return self.filter(models.Q(movielens_id=movie_id, twin_of=None) | models.Q(movielens_id__in=kept))

    def each_once(self) -> MovieQuerySet:
        """Without the second numbers of films."""
        return self.filter(twin_of=None)


class Movie(models.Model):
    """A film. ``movielens_id`` is its number in tables, indices and API, ``key`` what the data call it.

    Two films are the same only if ``source`` and ``key`` are: another data set may mean another film by a number.
    """

    movielens_id = models.PositiveIntegerField(_("MovieLens number"), unique=True)
    key = models.CharField(_("key in the data"), max_length=100, blank=True, db_index=True)
    source = models.CharField(_("data set"), max_length=100, default="ml-100k", editable=False)
    imdb_id = models.CharField(_("IMDb number"), max_length=12, blank=True)
    tmdb_id = models.PositiveIntegerField(_("TMDB number"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200, help_text=_("As shown: “The Godfather”."))
    original_title = models.CharField(
        _("title in the data"), max_length=200, help_text=_("As in the data: “Godfather, The (1972)”.")
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, db_index=True)
    genres = models.ManyToManyField(Genre, related_name="movies", verbose_name=_("genres"))
    twin_of = models.PositiveIntegerField(
        _("second number of"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("MovieLens number under which the same film is shown; empty for that one."),
    )
    rating_count = models.PositiveIntegerField(_("ratings"), default=0)
    mean_stars = models.FloatField(_("mean stars"), null=True, blank=True)
    like_share = models.FloatField(_("like share"), default=0.0)
    histogram = models.JSONField(
        _("ratings by stars"),
        default=list,
        blank=True,
        help_text=_("How many ratings have 1, 2, 3, 4 and 5 stars; empty if that is not known."),
    )

    added_at = models.DateTimeField(
        _("added at"),
        null=True,
        blank=True,
        editable=False,
        default=timezone.now,
        help_text=_("Empty for the films that the catalogue began with."),
    )

    objects = MovieQuerySet.as_manager()

    class Meta:
        ordering = ("title", "movielens_id")
        verbose_name = _("film")
        verbose_name_plural = _("films")

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title
