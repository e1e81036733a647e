"""What the operations on a person's own ratings and marks take and give."""

from __future__ import annotations

from rest_framework import serializers

from recommendations.api.fields import StrictSerializer, WholeNumberField
from recommendations.api.films.serializers import FilmSerializer
from recommendations.api.paging import PageSerializer
from recommendations.api.serializers import MAX_RATINGS, MAX_STARS, RatedMovieSerializer


class StarsBody(StrictSerializer):
    """A rating."""

    stars = WholeNumberField(min_value=1, max_value=MAX_STARS, help_text="1 (bad) to 5 (great).")


class RatingsBody(StrictSerializer):
    """Several ratings."""

    ratings = RatedMovieSerializer(
        many=True,
        allow_empty=False,
        max_length=MAX_RATINGS,
        help_text="Of two of a film the later one counts.",
    )


class MyRatingSerializer(FilmSerializer):
    """A film that I rated."""

    stars = serializers.IntegerField(min_value=1, max_value=MAX_STARS)
    rated_at = serializers.DateTimeField()


class MyRatingPageSerializer(PageSerializer):
    """A page of my ratings, newest first."""

    items = MyRatingSerializer(many=True)


class MarkedPageSerializer(PageSerializer):
    """A page of films that I marked, newest first."""

    items = FilmSerializer(many=True)


class MergedSerializer(serializers.Serializer):
    """What became of several ratings."""

    added = serializers.IntegerField(min_value=0)
    changed = serializers.IntegerField(min_value=0)
    kept = serializers.IntegerField(min_value=0, help_text="They were the same before.")
