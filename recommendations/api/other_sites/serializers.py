"""What the operations on other sites' people take and give."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from recommendations.api.dials import DialsSerializer
from recommendations.api.fields import StrictSerializer, TextField, WholeNumberField, shown
from recommendations.api.filters import FilterField
from recommendations.api.lists import RecommendationListSerializer
from recommendations.api.serializers import (
    LARGEST_NUMBER,
    DemographicsFields,
    ListQuery,
    RatedMovieSerializer,
    explain_field,
    explain_limit_field,
    kind_field,
    length_field,
)
from recommendations.models import ListBatch
from recommendations.models.other_sites import LONGEST_KEY
from recommendations.services.other_sites.batches import MOST_KEYS
from recommendations.services.other_sites.lines import MOST_ERRORS_LISTED

STATES = ListBatch.State.values
MOST_IN_QUERY, MOST_IN_BODY = 500, 20_000
_INCLUDE = "Film numbers: nothing but these is ranked, for example what is in stock."
_EXCLUDE = "Film numbers that are not to be in this list."


class PersonBody(DemographicsFields):
    """What is known of somebody; every part may be left out or null."""


class PersonLine(DemographicsFields):
    """A line of a bulk upload about one person."""

    key = TextField(max_length=LONGEST_KEY, help_text="The key of the other site, without `/`.")


class RatingLine(RatedMovieSerializer):
    """A line of a bulk upload about one rating."""

    person = TextField(max_length=LONGEST_KEY, help_text="The key of the person; who is new is made.")
    stars = serializers.FloatField(  # type: ignore[assignment]  # null besides
        allow_null=True, help_text="1 (bad) to 5 (great); null takes the rating back."
    )
    rated_at = serializers.CharField(
        required=False,
        max_length=40,
        help_text="ISO 8601 with its offset, or seconds since 1970; by default now.",
    )


class PersonCountsSerializer(serializers.Serializer):
    """How many films somebody has rated and marked."""

    ratings = serializers.IntegerField(min_value=0)
    seen = serializers.IntegerField(min_value=0)
    hide = serializers.IntegerField(min_value=0)
    watchlist = serializers.IntegerField(min_value=0)


class PersonSerializer(serializers.Serializer):
    """Somebody of another site."""

    key = serializers.CharField()
    age = serializers.IntegerField(allow_null=True)
    gender = serializers.CharField(allow_null=True)
    occupation = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(help_text="When the demographics changed last.")
    counts = PersonCountsSerializer()


class LineErrorSerializer(serializers.Serializer):
    """A line that did not fit."""

    line = serializers.IntegerField(min_value=1, help_text="Its number, counted from 1.")
    message = serializers.CharField()


class ReportSerializer(serializers.Serializer):
    """What became of the lines."""

    accepted = serializers.IntegerField(min_value=0)
    refused = serializers.IntegerField(min_value=0)
    errors = LineErrorSerializer(  # type: ignore[assignment]  # as problems do
        many=True, help_text=f"The first {MOST_ERRORS_LISTED} of the refused lines."
    )


class NumbersText(serializers.CharField):
    """Film numbers in a query string: ``50,181``."""

    def to_internal_value(self, data: Any) -> frozenset[int]:  # type: ignore[override]
        parts = data.split(",") if isinstance(data, str) and data else []
        fits = all(
            part.isascii() and part.isdigit() and 0 < int(part[:12]) <= LARGEST_NUMBER for part in parts
        )
        if not parts or not fits or len(parts) > MOST_IN_QUERY:
            sentence = _("%(name)s is %(value)s; expected up to %(most)s film numbers such as %(example)s.")
            details = {
                "name": self.field_name,
                "value": shown(data),
                "most": MOST_IN_QUERY,
                "example": "50,181",
            }
            raise serializers.ValidationError(sentence % details)
        return frozenset(int(part) for part in parts)


class _Choosing(StrictSerializer):
    def only(self) -> frozenset[int] | None:
        """Which films the list may have, or ``None`` for all."""
        include = self.validated_data.get("include")
        return None if include is None else frozenset(include)


class PersonsListQuery(_Choosing, ListQuery):
    """The query string of a list for somebody of another site."""

    exclude = NumbersText(required=False, help_text=_EXCLUDE)
    include = NumbersText(required=False, help_text=_INCLUDE)


def _numbers(help_text: str, **kwargs: Any) -> serializers.ListField:
    child = WholeNumberField(min_value=1, max_value=LARGEST_NUMBER)
    return serializers.ListField(
        child=child, required=False, max_length=MOST_IN_BODY, help_text=help_text, **kwargs
    )


class ChoiceBody(_Choosing):
    """Which films a list may have, and how many."""

    filter = FilterField()
    exclude = _numbers(_EXCLUDE)
    include = _numbers(_INCLUDE, allow_null=True)
    k = length_field()


class PersonsListBody(ChoiceBody):
    """A list for somebody of another site, where a query string would be too long."""

    dials = DialsSerializer(required=False, help_text="Wishes for this list; all of them neutral by default.")
    explain = explain_field()
    explain_limit = explain_limit_field()
    kind = kind_field()


class BatchBody(ChoiceBody):
    """What is asked for when lists for many people are ordered."""

    people = serializers.ListField(
        child=TextField(max_length=LONGEST_KEY),
        required=False,
        allow_null=True,
        allow_empty=False,
        max_length=MOST_KEYS,
        help_text="Their keys; without them, everybody of the site.",
    )


class ListBatchSerializer(serializers.Serializer):
    """Lists that are made in the background."""

    reference = serializers.UUIDField(help_text="Names the batch.")
    state = serializers.ChoiceField(choices=STATES)
    total = serializers.IntegerField(min_value=0, help_text="People.")
    done = serializers.IntegerField(min_value=0, help_text="People whose lines can be read.")
    message = serializers.CharField(help_text="Why it failed; else empty.")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class LinesQuery(StrictSerializer):
    """From which line a finished batch is read."""

    skip = WholeNumberField(
        text=True,
        required=False,
        default=0,
        min_value=0,
        max_value=LARGEST_NUMBER,
        help_text="So many lines are known already.",
    )


class KeyedListSerializer(RecommendationListSerializer):
    """A list and whom it is for."""

    key = serializers.CharField()
