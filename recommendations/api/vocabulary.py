"""Fields whose words are those of the version that serves: its genres, genders and occupations."""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from recommendations.api.fields import WholeNumberField, shown
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.demographics import MAX_AGE, MIN_AGE
from recommendations.ranking.dials import LONGEST_GENRE
from recommendations.selectors.lists.champion import champion_data
from recommendations.stars import FEWEST_STARS, HALF, LEAST_STARS, MOST_STARS, plain_stars

_KEPT = "data_set"


def data_of(field: serializers.Field) -> DataSet:
    """What the data of the champion have; asked for once per body, however many people and films are in it."""
    kept = cast(dict[str, Any], field.context)  # the one of the whole body
    if _KEPT not in kept:
        kept[_KEPT] = champion_data()
    data: DataSet = kept[_KEPT]
    return data


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": LONGEST_GENRE})
class VocabularyField(serializers.CharField):
    """One of the words of a vocabulary (``genres``, ``genders`` or ``occupations``) of the champion's data, as they spell it."""

    def __init__(self, vocabulary: str, **kwargs: Any) -> None:
        self._vocabulary = vocabulary
        super().__init__(**kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # REST framework's own goes around to_internal_value for an empty text.
        return self.to_internal_value(data) if data == "" else super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        words = getattr(data_of(self), self._vocabulary)
        if not isinstance(data, str) or data not in words:
            details = {"name": self.field_name, "value": shown(data), "choices": ", ".join(words)}
            sentence = (
                _("%(name)s is %(value)s; expected one of %(choices)s.")
                if words
                else _("%(name)s is %(value)s, but the data of this site know nothing of it; leave it out.")
            )
            raise serializers.ValidationError(sentence % details, code="invalid_choice")
        return data


@extend_schema_field({"type": "number", "minimum": 0.5, "maximum": 5, "multipleOf": 0.5})
class StarsField(WholeNumberField):
    """1 to 5 stars, and halves from half a star on where the data of the champion have them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text", "1 (bad) to 5 (great); also halves, from 0.5 on, where the data have them."
        )
        super().__init__(min_value=LEAST_STARS, max_value=MOST_STARS, **kwargs)

    def to_internal_value(self, data: Any) -> int | float:  # type: ignore[override]
        is_half = type(data) in (int, float) and FEWEST_STARS <= data <= MOST_STARS and not data % HALF
        if type(data) is int and is_half and data >= LEAST_STARS:
            return data
        if not data_of(self).has_halves:
            return super().to_internal_value(data)
        if not is_half:
            sentence = _("%(name)s is %(value)s; expected half or whole stars from 0.5 to 5.")
            raise serializers.ValidationError(sentence % {"name": self.field_name, "value": shown(data)})
        return plain_stars(data)


@extend_schema_field({"type": "number", "minimum": 0.5, "maximum": 5, "multipleOf": 0.5})
class GivenStarsField(serializers.Field):
    """Stars in an answer: whole ones as whole numbers."""

    def to_representation(self, value: float) -> int | float:
        return plain_stars(value)


class AgeField(WholeNumberField):
    """An age in years, where the data of the champion know ages."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=MIN_AGE, max_value=MAX_AGE, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        age = super().to_internal_value(data)
        if not data_of(self).has_ages:
            sentence = _("%(name)s is %(value)s, but the data of this site know nothing of it; leave it out.")
            raise serializers.ValidationError(sentence % {"name": self.field_name, "value": age})
        return age
