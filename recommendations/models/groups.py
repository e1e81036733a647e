"""Groups that choose a film together, by link and without accounts."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.catalogue import Movie

LONGEST_NAME = 40


def new_key() -> str:
    """A key that nobody guesses: 128 random bits, for addresses and sessions."""
    return secrets.token_urlsafe(16)


class WatchGroup(models.Model):
    """Two to eight people and one list. Who knows ``key`` may join, as long as the group has not ended."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    floor = models.PositiveSmallIntegerField(_("floor in per cent"), default=0)
    created_at = models.DateTimeField(_("started at"), auto_now_add=True)
    ends_at = models.DateTimeField(_("ends at"), db_index=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class GroupMember(models.Model):
    """Somebody of a group, with what the ranking may use of them as they were when they last looked.

    ``key`` is kept in their session. ``person`` holds MovieLens number, demographics, ratings and hidden films. Somebody
    with an account leaves with it.
    """

    group = models.ForeignKey(WatchGroup, on_delete=models.CASCADE, related_name="members")
    key = models.CharField(max_length=32, default=new_key, editable=False)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    is_founder = models.BooleanField(default=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True)
    person = models.JSONField(default=dict)
    #: Whether what they rate on the site counts here as well; not for who picked films for this group.
    follows_site = models.BooleanField(default=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("group", "name"), name="one_name_per_group"),)

    def __str__(self) -> str:
        return self.name


class GroupVeto(models.Model):
    """A film that a member does not want to see; the common list goes without it."""

    member = models.ForeignKey(GroupMember, on_delete=models.CASCADE, related_name="vetoes")
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("member", "movie"), name="one_veto_per_member_and_movie"),
        )

    def __str__(self) -> str:
        return f"{self.member} – {self.movie}"
