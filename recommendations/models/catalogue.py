"""The catalogue: films and their genres, imported from the data of the champion."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Films of other data sets that somebody has marked have this number plus their primary key: no data set has such films.
FIRST_ASIDE = 1_500_000_000


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

    def served(self) -> MovieQuerySet:
        """Films of the data that the site serves: without those of other data that are kept beside the catalogue."""
        return self.filter(movielens_id__lt=FIRST_ASIDE)

    def each_once(self) -> MovieQuerySet:
        """Films of the data that the site serves, without their second numbers."""
        return self.served().filter(twin_of=None)


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
    alternative_titles = models.JSONField(_("other titles"), default=list, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, db_index=True)
    overview = models.TextField(_("overview"), blank=True)
    overview_url = models.CharField(_("where the overview is from"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=60, blank=True, db_index=True)
    countries = models.JSONField(_("countries"), default=list, blank=True)
    runtime = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    fact_sources = models.JSONField(
        _("facts from elsewhere"),
        default=dict,
        blank=True,
        help_text=_("Which enrichment a fact is from; what is not named is from the data."),
    )
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
        help_text=_(
            "How many ratings have 1, 2, 3, 4 and 5 stars, or each half star where the data have them; empty if not known."
        ),
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


class Credit(models.Model):
    """Somebody who made a film, with their ``place`` among those of the same role, from 0.

    ``folded`` is the name as :func:`recommendations.ranking.titles.fold_title` writes it, for looking it up.
    """

    class Role(models.TextChoices):
        DIRECTOR = "director", _("director")
        ACTOR = "actor", _("actor")

    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="credits", verbose_name=_("film"))
    role = models.CharField(_("role"), max_length=8, choices=Role.choices)
    place = models.PositiveSmallIntegerField(_("place"), default=0)
    name = models.CharField(_("name"), max_length=120)
    folded = models.CharField(max_length=120, editable=False, db_index=True)

    class Meta:
        ordering = ("movie", "-role", "place")
        constraints = (models.UniqueConstraint(fields=("movie", "role", "name"), name="one_credit_per_role"),)
        verbose_name = _("credit")
        verbose_name_plural = _("credits")

    def __str__(self) -> str:
        return self.name


class Enrichment(models.Model):
    """What another place knows of a film: ``facts`` by their names in :class:`Movie`, and ``directors`` and ``cast``.

    It hangs on the film's key in its data set, so that it outlives a change of the data set, and is used for what the data
    do not know themselves.
    """

    dataset = models.CharField(_("data set"), max_length=100)
    key = models.CharField(_("key in the data"), max_length=100)
    source = models.CharField(_("source"), max_length=100)
    facts = models.JSONField(_("facts"), default=dict)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        ordering = ("dataset", "key", "added_at")
        constraints = (
            models.UniqueConstraint(fields=("dataset", "key", "source"), name="one_enrichment_per_source"),
        )
        verbose_name = _("enrichment")
        verbose_name_plural = _("enrichments")

    def __str__(self) -> str:
        return f"{self.key} ({self.source})"
