"""The dials of a list, as the API takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.http import HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ParseError

from recommendations.api.fields import NumberField, StrictSerializer, WholeNumberField, shown
from recommendations.api.parsers import read_object
from recommendations.api.vocabulary import data_of
from recommendations.ranking.dials import Dials

Answer = TypeVar("Answer", bound=HttpResponse)
FIRST_DECADE, LAST_DECADE = 1880, 2090
LONGEST_TEXT = 2_000
# Query parameters of before dials were written as in bodies: since when they are deprecated, and until when they work
# at the least (docs/api.md).
FLAT_NAMES = ("genres", "discovery", "decade", "diversity")
FLAT_DEPRECATED = datetime(2026, 12, 1, tzinfo=UTC)
FLAT_SUNSET = datetime(2027, 12, 1, tzinfo=UTC)
_WISH = re.compile(r"-?(0(\.[0-9]{1,6})?|1(\.0{1,6})?)", re.ASCII)
# Which genres there are, the version says; their names have no comma.
WISHES_PATTERN = f"^[^,]+:{_WISH.pattern}(,[^,]+:{_WISH.pattern})*$"


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"type": "number", "minimum": -1, "maximum": 1},
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
        genres = data_of(self).genres if data else ()
        for name, value in data.items():
            if name not in genres:
                sentence = _("%(value)s is not a genre; expected one of %(choices)s.")
                errors[name] = [sentence % {"value": shown(name), "choices": ", ".join(genres)}]
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
    def to_dials(values: Mapping[str, Any]) -> Dials:
        """The dials of valid data."""
        return Dials(**values)


@extend_schema_field({"type": "string", "pattern": WISHES_PATTERN})
class GenreWishesText(serializers.CharField):
    """The same wishes in a query string: ``Comedy:0.5,War:-1``."""

    # Text for the schema, an object for the program.
    def to_internal_value(self, data: Any) -> dict[str, float]:  # type: ignore[override]
        pairs = [part.rpartition(":") for part in data.split(",")] if isinstance(data, str) else []
        wishes: dict[str, float] = {}
        genres = data_of(self).genres if pairs else ()
        for name, colon, value in pairs:
            if not colon or name not in genres or not _WISH.fullmatch(value):
                sentence = _(
                    "%(name)s is %(value)s; expected genres with numbers from -1 to 1, such as %(example)s."
                )
                raise serializers.ValidationError(
                    sentence % {"name": self.field_name, "value": shown(data), "example": "Comedy:0.5,War:-1"}
                )
            wishes[name] = float(value)
        return wishes


@extend_schema_field(
    {
        "type": "string",
        "pattern": r"^\s*\{.*\}\s*$",
        "maxLength": LONGEST_TEXT,
        "example": '{"genres": {"Comedy": 0.5, "War": -1}, "decade": 1990}',
    }
)
class DialsText(serializers.CharField):
    """The object that bodies have under ``dials``, as JSON text in a query string."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:  # type: ignore[override]  # text is read as an object
        try:
            read = read_object(data if isinstance(data, str) and len(data) <= LONGEST_TEXT else "")
        except ParseError as error:
            sentence = _("%(name)s is %(value)s; expected a JSON object such as %(example)s.")
            details = {
                "name": self.field_name,
                "value": shown(data),
                "example": '{"genres": {"Comedy": 0.5}}',
            }
            raise serializers.ValidationError(sentence % details) from error
        dials = DialsSerializer(data=read)
        dials.is_valid(raise_exception=True)
        return dict(dials.validated_data)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # REST framework's own goes around to_internal_value for an empty text.
        blank = isinstance(data, str) and not data.strip()
        return self.to_internal_value(data) if blank else super().run_validation(data)


@extend_schema_serializer(deprecate_fields=FLAT_NAMES)
class DialsQuery(StrictSerializer):
    """The dials as query parameters: as in a body, or one by one as before that was possible."""

    dials = DialsText(
        required=False,
        help_text="Wishes for this list, as JSON text: the object that the bodies of other operations have under `dials`.",
    )
    genres = GenreWishesText(
        required=False, help_text="Use `dials`. By genre, from -1 (less) to 1 (more): `Comedy:0.5,War:-1`."
    )
    discovery = NumberField(
        text=True,
        required=False,
        min_value=-1,
        max_value=1,
        help_text="Use `dials`. From -1 (well known) to 1 (little known).",
    )
    decade = DecadeField(
        text=True, required=False, help_text="Use `dials`. A decade to favour, such as 1990."
    )
    diversity = NumberField(
        text=True,
        required=False,
        min_value=0,
        max_value=1,
        help_text="Use `dials`. From 0 (the best films) to 1 (films unlike each other).",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Dials come in one way or the other."""
        sentence = _("%(name)s and dials do not go together. Write it into dials.")
        if "dials" in attrs and (flat := [name for name in FLAT_NAMES if name in attrs]):
            raise serializers.ValidationError({name: [sentence % {"name": name}] for name in flat})
        return attrs

    def to_dials(self) -> Dials:
        """The dials of a valid query."""
        values = self.validated_data
        return DialsSerializer.to_dials(
            values.get("dials") or {name: values[name] for name in FLAT_NAMES if name in values}
        )

    def with_notice(self, response: Answer) -> Answer:
        """``response``, with the notice of RFC 9745 and RFC 8594 if the query has what is to go one day."""
        if any(name in self.validated_data for name in FLAT_NAMES):
            response["Deprecation"] = f"@{int(FLAT_DEPRECATED.timestamp())}"
            response["Sunset"] = http_date(FLAT_SUNSET.timestamp())
        return response
