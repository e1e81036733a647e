"""The people of other sites: known by keys of their own, apart from the accounts of this site and from each other."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.catalogue import Movie
from recommendations.stars import LEAST_STARS, MOST_STARS

LONGEST_KEY = 128


class ServicePerson(models.Model):
    """Somebody of another site. The key is the site's own; another site may use the same one for somebody else."""

    service = models.ForeignKey(
        "accounts.Service", on_delete=models.CASCADE, related_name="people", verbose_name=_("other site")
    )
    key = models.CharField(_("key"), max_length=LONGEST_KEY)
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=1, blank=True)
    occupation = models.CharField(_("occupation"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("person of another site")
        verbose_name_plural = _("people of other sites")
        constraints = [
            models.UniqueConstraint(fields=("service", "key"), name="one_person_of_a_key_per_service")
        ]

    def __str__(self) -> str:
        return self.key


class _OfServicePerson(models.Model):
    person = models.ForeignKey(ServicePerson, on_delete=models.CASCADE, verbose_name=_("person"))
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, verbose_name=_("film"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.person_id} – {self.movie_id}"


class ServiceRating(_OfServicePerson):
    """The stars that somebody of another site gave."""

    stars = models.FloatField(
        _("stars"), validators=[MinValueValidator(LEAST_STARS), MaxValueValidator(MOST_STARS)]
    )
    rated_at = models.DateTimeField(_("rated at"))

    class Meta:
        verbose_name = _("rating on another site")
        verbose_name_plural = _("ratings on other sites")
        constraints = [
            models.UniqueConstraint(fields=("person", "movie"), name="one_rating_per_service_person")
        ]


class ServiceMark(_OfServicePerson):
    """A film that somebody of another site has seen, hidden or put on a list."""

    class Kind(models.TextChoices):
        SEEN = "seen", _("seen")
        HIDDEN = "hide", _("hidden")
        WATCHLIST = "watchlist", _("on the watchlist")

    #: What is marked so does not come again.
    NEVER_SHOWN: ClassVar = (Kind.SEEN, Kind.HIDDEN)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)

    class Meta:
        verbose_name = _("mark on another site")
        verbose_name_plural = _("marks on other sites")
        constraints = [
            models.UniqueConstraint(fields=("person", "movie", "kind"), name="one_mark_per_service_person")
        ]


class ListBatch(models.Model):
    """Lists for many people of another site, made in the background into a file of one line per person.

    ``done`` people and ``size`` bytes are sure; what a worker that died has written beyond them is cut off.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        SUCCEEDED = "succeeded", _("succeeded")
        FAILED = "failed", _("failed")

    reference = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(
        "accounts.Service", on_delete=models.CASCADE, related_name="batches", verbose_name=_("other site")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED, db_index=True)
    wanted = models.JSONField(_("what is wanted"), default=dict)
    keys = models.JSONField(_("keys"), null=True, help_text=_("Empty: everybody of the site."))
    total = models.PositiveIntegerField(_("people"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    last_person = models.PositiveBigIntegerField(default=0, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    message = models.CharField(_("message"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("batch of lists")
        verbose_name_plural = _("batches of lists")

    def __str__(self) -> str:
        return str(self.reference)
