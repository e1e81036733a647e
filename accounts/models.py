"""The site's user: Django's, plus the demographics that a newcomer's recommendations start from."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.token_model import ApiToken
from recommendations.ranking.demographics import MAX_AGE, MIN_AGE, OCCUPATIONS

__all__ = ["ApiToken", "User"]


class User(AbstractUser):
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

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="one_account_per_email_address"
            )
        ]
