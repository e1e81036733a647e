"""The site's user: Django's, plus the demographics that a newcomer's recommendations start from."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from recommendations.ranking.demographics import MAX_AGE, MIN_AGE, OCCUPATIONS
from recommendations.ranking.dials import NEXT

__all__ = ["ApiToken", "Service", "User"]


class User(AbstractUser):  # type: ignore[django-manager-missing]  # knox names the manager of tokens
    """A person with an account. Every demographic part is optional and only feeds recommendations."""

    class Gender(models.TextChoices):
        FEMALE = "F", _("female")
        MALE = "M", _("male")

    age = models.PositiveSmallIntegerField(
        _("age"), null=True, blank=True, validators=[MinValueValidator(MIN_AGE), MaxValueValidator(MAX_AGE)]
    )
    gender = models.CharField(_("gender"), max_length=1, choices=Gender, blank=True)
    occupation = models.CharField(
        _("occupation"), max_length=20, blank=True, choices=[(name, _(name)) for name in OCCUPATIONS]
    )
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    dials = models.JSONField(_("dials of the list"), default=dict, blank=True, editable=False)
    list_kind = models.CharField(_("kind of list"), max_length=10, default=NEXT, editable=False)
    hides_predicted_stars = models.BooleanField(_("hides predicted stars"), default=False, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="one_account_per_email_address"
            )
        ]


class Service(models.Model):  # type: ignore[django-manager-missing]  # knox names the manager of tokens
    """Another site whose people get lists from here. Each of its tokens, old or new, speaks for the same people."""

    owner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="services", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=60)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("other site")
        verbose_name_plural = _("other sites")
        constraints = [
            models.UniqueConstraint(fields=("owner", "name"), name="one_service_of_a_name_per_account")
        ]

    def __str__(self) -> str:
        return self.name


class ApiToken(AbstractAuthToken):
    """A token of one person. ``reference`` names it in public; the token itself is told once, when it is made.

    With a scope for other sites' people it speaks for one ``service``, and for nobody with an account here.
    """

    class Scope(models.TextChoices):
        READ = "read", _("read what is mine")
        WRITE = "write", _("change what is mine")
        OPERATE = "operate", _("operate jobs, models and schedules")
        PEOPLE_READ = "people:read", _("lists for the people of another site")
        PEOPLE_WRITE = "people:write", _("keep and delete the people of another site")

    reference = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    scopes = models.JSONField(_("scopes"), default=list)
    service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="tokens",
        verbose_name=_("other site"),
        help_text=_("For whose people it is; empty for tokens of an account of this site."),
    )

    class Meta:
        ordering = ("-created",)
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"
