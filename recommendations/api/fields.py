"""Fields and serializers whose messages quote what was sent and name what is allowed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from rest_framework import serializers

SHOWN_CHARACTERS = 30
LONGEST_NUMBER = 400
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
# As JSON writes them.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
# Also halves of surrogate pairs, which JSON can spell and UTF-8 cannot.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# The same for the schema, of texts that are no whole files.
_PLAIN_TEXT, _LONGEST_LINE = r"^[^\x00-\x08\x0b-\x1f\x7f]*$", 1_000


def shown(value: Any) -> str:
    """``value`` short enough for a sentence, with control characters made visible."""
    return Truncator(repr(value) if isinstance(value, str) else str(value)).chars(SHOWN_CHARACTERS)


class WholeNumberField(serializers.IntegerField):
    """A whole number within bounds; as text (``"10"``) only where ``text`` allows it, as in a query string.

    Unlike REST framework's field it takes neither 3.0, true, "1_0" nor digits of other scripts.
    """

    def __init__(self, *, text: bool = False, min_value: int, max_value: int, **kwargs: Any) -> None:
        self._text = text
        self._least, self._most = min_value, max_value
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        number = data if type(data) is int else None
        if self._text and isinstance(data, str) and _WHOLE_NUMBER.fullmatch(data):
            number = int(data)
        if number is None or not self._least <= number <= self._most:
            sentence = _("%(name)s is %(value)s; expected a whole number from %(least)s to %(most)s.")
            raise serializers.ValidationError(
                sentence
                % {
                    "name": self.field_name,
                    "value": shown(data),
                    "least": self.min_value,
                    "most": self.max_value,
                },
                code="range",
            )
        return number


class NumberField(serializers.FloatField):
    """A number within bounds; neither true, NaN nor infinity, and text only where ``text`` allows it."""

    def __init__(self, *, text: bool = False, min_value: float, max_value: float, **kwargs: Any) -> None:
        self._text = text
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_internal_value(self, data: Any) -> float:
        if self._text and isinstance(data, str) and len(data) <= LONGEST_NUMBER and _NUMBER.fullmatch(data):
            data = float(data)
        # The comparison is also false for NaN.
        if type(data) not in (int, float) or not self.min_value <= data <= self.max_value:
            sentence = _("%(name)s is %(value)s; expected a number from %(least)s to %(most)s.")
            raise serializers.ValidationError(
                sentence
                % {
                    "name": self.field_name,
                    "value": shown(data),
                    "least": f"{self.min_value:g}",
                    "most": f"{self.max_value:g}",
                },
                code="range",
            )
        return float(data)


class TruthField(serializers.BooleanField):
    """true or false, and nothing that only looks like it; as text only where ``text`` allows it."""

    def __init__(self, *, text: bool = False, **kwargs: Any) -> None:
        self._text = text
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> bool:
        if self._text and data in ("true", "false"):
            return bool(data == "true")
        if not isinstance(data, bool):
            sentence = _("%(name)s is %(value)s; expected true or false.")
            raise serializers.ValidationError(sentence % {"name": self.field_name, "value": shown(data)})
        return data


class NamedChoiceField(serializers.ChoiceField):
    """One of a few words, exactly as listed."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            sentence = _("%(name)s is %(value)s; expected one of %(choices)s.")
            allowed = ", ".join(str(choice) for choice in self.choices)
            raise serializers.ValidationError(
                sentence % {"name": self.field_name, "value": shown(data), "choices": allowed},
                code="invalid_choice",
            )
        return data


class TextField(serializers.CharField):
    """Text within a length, as it was sent: no numbers, and no control characters, which a database may refuse.

    ``least`` characters and ``pattern`` are for the schema, where something else refuses what does not fit.
    """

    def __init__(self, *, max_length: int, least: int = 1, pattern: str = "", **kwargs: Any) -> None:
        self.least = least
        self.pattern = pattern or (_PLAIN_TEXT if max_length <= _LONGEST_LINE else "")
        kwargs.setdefault("trim_whitespace", False)
        self._most = max_length
        super().__init__(max_length=max_length, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        least = 0 if self.allow_blank else 1
        if not isinstance(data, str) or not least <= len(data) <= self._most or _CONTROL.search(data):
            sentence = _(
                "%(name)s is %(value)s; expected text of %(least)s to %(most)s characters without control characters."
            )
            raise serializers.ValidationError(
                sentence
                % {
                    "name": self.field_name,
                    "value": shown(data),
                    "least": least,
                    "most": self.max_length,
                }
            )
        return data

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # REST framework's own goes around to_internal_value for an empty text.
        return self.to_internal_value("") if data == "" else super().run_validation(data)


class SecretField(TextField):
    """A password: never quoted in a message, and never given back."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, write_only=True, style={"input_type": "password"}, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        try:
            return super().to_internal_value(data)
        except serializers.ValidationError as error:
            sentence = _("%(name)s: expected text of 1 to %(most)s characters without control characters.")
            details = {"name": self.field_name, "most": self.max_length}
            raise serializers.ValidationError(sentence % details) from error


class StrictSerializer(serializers.Serializer):
    """Refuses fields that it does not have, and says which ones exist."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            sentence = _("Expected a JSON object, got %(value)s.") % {"value": shown(data)}
            raise serializers.ValidationError({"non_field_errors": [sentence]})
        errors: dict[str, Any] = {}
        valid: dict[str, Any] = {}
        try:
            valid = super().to_internal_value(data)
        except serializers.ValidationError as error:
            errors.update(error.detail)  # type: ignore[arg-type]  # of an object always by field
        names = ", ".join(self.fields)
        for unknown in data.keys() - self.fields.keys():
            sentence = _("There is no field %(name)s; the fields are %(names)s.")
            errors[unknown] = [sentence % {"name": shown(unknown), "names": names}]
        for missing in errors.keys() & self.fields.keys() - data.keys():
            sentence = _("%(name)s is missing; the fields are %(names)s.")
            errors[missing] = [sentence % {"name": missing, "names": names}]
        if errors:
            raise serializers.ValidationError(errors)
        return valid
