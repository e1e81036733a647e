"""The filters of a list, as the API takes them, and what it says if they leave too few films."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from recommendations.api.fields import shown
from recommendations.api.vocabulary import data_of
from recommendations.ranking.filters import Filters, InvalidFilterError

MOST_TERMS = 25
# Which genres there are, the version says; their names have no comma.
TERM_PATTERN = "^[^,]{1,130}$"
TERMS_PATTERN = "^[^,]{1,130}(,[^,]{1,130})*$"
HELP = (
    "What every film of the list must be, all of it: genres, a decade by its first year, and `little-seen` (none of the "
    "300 most rated films, but at least 15 ratings), `with:` and the name of a director or actor, `in:` and a language, as "
    "`language` of a film names it."
)


def _filters(field: serializers.Field, data: Any, terms: list[Any]) -> Filters:
    name = field.field_name
    try:
        return Filters.from_terms(terms, known=data_of(field).genres)
    except InvalidFilterError as error:
        sentence = _("%(name)s is %(value)s; expected genres, one decade such as 1980, or little-seen.")
        raise serializers.ValidationError(sentence % {"name": name, "value": shown(data)}) from error


@extend_schema_field({"type": "string", "pattern": TERMS_PATTERN})
class FilterText(serializers.CharField):
    """Filters in a query string: ``Western,1960,little-seen``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, help_text=HELP, **kwargs)

    # Text for the schema, an object for the program.
    def to_internal_value(self, data: Any) -> Filters:  # type: ignore[override]
        return _filters(self, data, super().to_internal_value(data).split(","))


@extend_schema_field(
    {"type": "array", "items": {"type": "string", "pattern": TERM_PATTERN}, "maxItems": MOST_TERMS}
)
class FilterField(serializers.Field):
    """Filters in a body: ``["Western", "1960", "little-seen"]``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, help_text=HELP, **kwargs)

    def to_internal_value(self, data: Any) -> Filters:
        return _filters(self, data, data if isinstance(data, list) else [data])


class LoosenedSerializer(serializers.Serializer):
    """A filter, and how many films there would be without it."""

    term = serializers.CharField(help_text="One of `filter`.")
    films = serializers.IntegerField(min_value=0, help_text="Unseen films that fit without it.")
