"""The dials of a list, as the API takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from recommendations.api.fields import NumberField, StrictSerializer, WholeNumberField, shown
from recommendations.ranking.dials import Dials
from recommendations.ranking.genres import GENRES

FIRST_DECADE, LAST_DECADE = 1880, 2090
_WISH = re.compile(r"-?(0(\.[0-9]{1,6})?|1(\.0{1,6})?)", re.ASCII)
WISHES_PATTERN = "^({0}):{1}(,({0}):{1})*$".format("|".join(map(re.escape, GENRES)), _WISH.pattern)


@extend_schema_field(
    {
        "type": "object",
        "properties": {name: {"type": "number", "minimum": -1, "maximum": 1} for name in GENRES},
        "additionalProperties": False,
    }
)
class GenreWishesField(serializers.DictField):
    """Genre names with numbers from -1 (less) to 1 (more)."""

    child = NumberField(min_value=-1, max_value=1)

    def to_internal_value(self, data: Any) -> dict[str, float]:
        if not isinstance(data, Mapping):
            sentence = _("%(name)s is %(value)s; expected an object such as %(example)s.")
            raise serializers.ValidationError(
                sentence % {"name": self.field_name, "value": shown(data), "example": '{"Comedy": 0.5}'}
            )
        errors: dict[str, Any] = {}
        wishes: dict[str, float] = {}
        for name, value in data.items():
            if name not in GENRES:
                sentence = _("%(value)s is not a genre; expected one of %(choices)s.")
                errors[name] = [sentence % {"value": shown(name), "choices": ", ".join(GENRES)}]
                continue
            wish = NumberField(min_value=-1, max_value=1)
            wish.bind(field_name=name, parent=self)  # type: ignore[arg-type]  # any field may be a parent
            try:
                wishes[name] = wish.run_validation(value)
            except serializers.ValidationError as error:
                errors[name] = error.detail
        if errors:
            raise serializers.ValidationError(errors)
        return wishes


@extend_schema_field({"type": "integer", "minimum": FIRST_DECADE, "maximum": LAST_DECADE, "multipleOf": 10})
class DecadeField(WholeNumberField):
    """The first year of a decade."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=FIRST_DECADE, max_value=LAST_DECADE, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        decade = super().to_internal_value(data)
        if decade % 10:
            sentence = _("%(name)s is %(value)s; expected the first year of a decade, such as 1980.")
            raise serializers.ValidationError(sentence % {"name": self.field_name, "value": shown(data)})
        return decade


class DialsSerializer(StrictSerializer):
    """What this list should have more or less of. Neutral dials change nothing."""

    genres = GenreWishesField(required=False, help_text="By genre, from -1 (less) to 1 (more).")
    discovery = NumberField(
        required=False, min_value=-1, max_value=1, help_text="From -1 (well known) to 1 (little known)."
    )
    decade = DecadeField(required=False, allow_null=True, help_text="A decade to favour, such as 1990.")
    diversity = NumberField(
        required=False,
        min_value=0,
        max_value=1,
        help_text="From 0 (the best films) to 1 (films unlike each other).",
    )

    @staticmethod
    def to_dials(told: Mapping[str, Any]) -> Dials:
        """The dials of valid data."""
        return Dials(**told)


@extend_schema_field({"type": "string", "pattern": WISHES_PATTERN})
class GenreWishesText(serializers.CharField):
    """The same wishes in a query string: ``Comedy:0.5,War:-1``."""

    # Text for the schema, an object for the program.
    def to_internal_value(self, data: Any) -> dict[str, float]:  # type: ignore[override]
        pairs = [part.rpartition(":") for part in data.split(",")] if isinstance(data, str) else []
        wishes: dict[str, float] = {}
        for name, colon, value in pairs:
            if not colon or name not in GENRES or not _WISH.fullmatch(value):
                sentence = _(
                    "%(name)s is %(value)s; expected genres with numbers from -1 to 1, such as %(example)s."
                )
                raise serializers.ValidationError(
                    sentence % {"name": self.field_name, "value": shown(data), "example": "Comedy:0.5,War:-1"}
                )
            wishes[name] = float(value)
        return wishes


class DialsQuery(StrictSerializer):
    """The dials as query parameters."""

    genres = GenreWishesText(
        required=False, help_text="By genre, from -1 (less) to 1 (more): `Comedy:0.5,War:-1`."
    )
    discovery = NumberField(
        text=True,
        required=False,
        min_value=-1,
        max_value=1,
        help_text="From -1 (well known) to 1 (little known).",
    )
    decade = DecadeField(text=True, required=False, help_text="A decade to favour, such as 1990.")
    diversity = NumberField(
        text=True,
        required=False,
        min_value=0,
        max_value=1,
        help_text="From 0 (the best films) to 1 (films unlike each other).",
    )

    def to_dials(self) -> Dials:
        """The dials of a valid query."""
        named = ("genres", "discovery", "decade", "diversity")
        return Dials(**{name: self.validated_data[name] for name in named if name in self.validated_data})
