"""Lists that were made, and what people did with them. Rows are only added, and deleted with the person."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.other_sites import ServicePerson


class OfSomebody(models.Model):
    """Whose a row is: an account's, a visit's, a person's of another site, or nobody's."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("account"),
    )
    person = models.ForeignKey(
        ServicePerson,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person of another site"),
    )
    visitor = models.UUIDField(_("visit"), null=True, blank=True)

    class Meta:
        abstract = True


class MadeList(OfSomebody):
    """A list as somebody got it. ``places`` has, by row, the numbers of its films from the first place on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField(_("made at"), db_index=True)
    version = models.CharField(_("version"), max_length=40)
    experiment = models.PositiveBigIntegerField(_("experiment"), null=True, blank=True)
    arm = models.CharField(_("arm"), max_length=12, blank=True)
    degraded = models.BooleanField(_("without Elasticsearch"), default=False)
    milliseconds = models.PositiveIntegerField(_("milliseconds"), default=0)
    places = models.JSONField(_("places"), default=dict)
    scores = models.JSONField(_("scores"), default=list, help_text=_("Of the first row, place by place."))
    teams = models.CharField(
        _("teams"),
        max_length=100,
        blank=True,
        help_text=_("Of an interleaved list: whose each place is, a or b."),
    )

    class Meta:
        verbose_name = _("list that was made")
        verbose_name_plural = _("lists that were made")

    def __str__(self) -> str:
        return str(self.pk)


class RandomisedList(models.Model):
    """How the order of a list was drawn, and whom it was ranked for, so that other versions can be asked what they would have
    shown. It goes with its list.

    ``ranked`` are the numbers of the first films as the version ranked them; those at the places ``fixed`` (from 1) stayed there,
    and each other one came to each other place with ``probability``. ``ratings`` are the history as triples of film, stars
    and mark, oldest first.
    """

    made = models.OneToOneField(
        MadeList,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="randomised",
        verbose_name=_("list"),
    )
    share = models.FloatField(_("share of lists"))
    probability = models.FloatField(_("probability"))
    ranked = models.JSONField(_("films as ranked"))
    fixed = models.JSONField(_("fixed places"), default=list)
    ratings = models.JSONField(_("ratings"), default=list)
    demographics = models.JSONField(_("demographics"), default=dict)

    class Meta:
        verbose_name = _("list whose order was drawn")
        verbose_name_plural = _("lists whose order was drawn")

    def __str__(self) -> str:
        return str(self.pk)


class Event(OfSomebody):
    """Something that somebody did. ``day`` is that of its list, or of the event itself if it has none: by it the rows are
    kept apart, and an event that comes again meets the first one on the same day.

    ``id`` is made of the sender and the sender's own name for the event.
    """

    class Kind(models.TextChoices):
        IMPRESSION = "impression", _("seen on the screen")
        OPEN = "open", _("opened")
        WHY = "why", _("asked why")
        RATING = "rating", _("rated")
        SEEN = "seen", _("marked as seen")
        WATCHLIST = "watchlist", _("put on the watchlist")
        HIDE = "hide", _("hidden")
        NOT_TONIGHT = "not_tonight", _("not tonight")

    id = models.UUIDField(primary_key=True, editable=False)
    day = models.DateField(_("day"), db_index=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received at"))
    list_id = models.UUIDField(_("list"), null=True, blank=True)
    version = models.CharField(_("version"), max_length=40, blank=True)
    experiment = models.PositiveBigIntegerField(_("experiment"), null=True, blank=True)
    arm = models.CharField(_("arm"), max_length=12, blank=True)
    row = models.CharField(_("row"), max_length=20, blank=True)
    place = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)
    team = models.CharField(_("team"), max_length=1, blank=True)
    movie_id = models.PositiveIntegerField(_("film"), null=True, blank=True)
    stars = models.FloatField(_("stars"), null=True, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=("experiment", "day"), name="event_of_experiment")]

    def __str__(self) -> str:
        return f"{self.kind} {self.movie_id or ''}".rstrip()
