"""Stars in the database: half a star to five, in steps of half a star."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.stars import FEWEST_STARS, HALF, MOST_STARS, plain_stars


def validate_half_stars(stars: float) -> None:
    """Refuse thirds of a star."""
    if stars % HALF:
        raise ValidationError(_("Stars come in whole or half ones."), code="step")


class StarsField(models.FloatField):
    """Stars; whole ones are whole numbers in Python, as they are everywhere else."""

    default_validators = [
        MinValueValidator(FEWEST_STARS),
        MaxValueValidator(MOST_STARS),
        validate_half_stars,
    ]

    def from_db_value(self, value: float | None, expression: Any, connection: Any) -> int | float | None:
        """Whole stars without a point."""
        return None if value is None else plain_stars(value)
