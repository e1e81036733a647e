"""What the recommendation operations give: ranked lists with their reasons. Help texts go into the schema."""

from __future__ import annotations

from rest_framework import serializers

from recommendations.api.filters import LoosenedSerializer
from recommendations.api.vocabulary import GivenStarsField
from recommendations.ranking.dials import LIST_KINDS
from recommendations.selectors.lists.engines import ENGINES

PART_KINDS = (
    "rating",
    "profile",
    "like_share",
    "intercept",
    "popularity",
    "genre",
    "decade",
    "taste_genre",
    "taste_decade",
    "child",
    "rest",
)


class ExplainedPartSerializer(serializers.Serializer):
    """One summand of a score."""

    kind = serializers.ChoiceField(choices=PART_KINDS, help_text="Where it comes from.")
    label = serializers.CharField(  # type: ignore[assignment]  # a name in JSON
        help_text="In the language of the request; of a rated film its title."
    )
    value = serializers.FloatField(help_text="The values of all parts sum to the score.")
    movie_id = serializers.IntegerField(allow_null=True, help_text="The rated film, if it is a rating.")
    stars = GivenStarsField(
        allow_null=True,
        help_text="Of that rating; null for a film that was only marked as seen or less wanted.",
    )


class RecommendedMovieSerializer(serializers.Serializer):
    """One film of a list."""

    rank = serializers.IntegerField(
        min_value=1,
        help_text="1 is the best; in lists whose order was drawn (off unless an operator wants it) just the place.",
    )
    movie_id = serializers.IntegerField(min_value=1, help_text="The film’s number on this site.")
    key = serializers.CharField(help_text="What the data call the film.")
    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    genres = serializers.ListField(child=serializers.CharField())
    score = serializers.FloatField(
        help_text="Comparable within one list only; the greater, the more the film is what people like this one watch next."
    )
    predicted_stars = serializers.FloatField(
        allow_null=True,
        help_text=(
            "How many stars the person would give it, on the scale of the ratings. Null if the account hides predictions, "
            "or if the version of the model was trained before there were any."
        ),
    )
    match = serializers.IntegerField(
        allow_null=True,
        min_value=0,
        max_value=100,
        help_text="In per cent, the share of all films for which no more stars are predicted. Null as above.",
    )
    reason = serializers.CharField(help_text="One line, in the language of the request.")
    explanation = ExplainedPartSerializer(
        many=True,
        required=False,
        help_text=(
            "The strongest `explain_limit` parts of the score, greatest magnitude first, then one of the kind `rest` for "
            "all others; they sum to the score. Only if asked for with `explain`."
        ),
    )


class RecommendationListSerializer(serializers.Serializer):
    """A ranked list, best first, and where it came from."""

    list_id = serializers.UUIDField(
        allow_null=True,
        help_text="Names this list in events, for thirty days; null if it could not be written down.",
    )
    engine = serializers.ChoiceField(choices=ENGINES, help_text="Who ranked.")
    degraded = serializers.BooleanField(
        help_text="True while Elasticsearch is away and the site ranks by itself."
    )
    kind = serializers.ChoiceField(
        choices=LIST_KINDS,
        help_text="How it is ranked: as asked for, or `next` where a version predicts no stars to rank by.",
    )
    model_version = serializers.CharField(help_text="Which version of the model ranked.")
    profile_weight = serializers.FloatField(
        min_value=0,
        max_value=1,
        help_text="How much rests on demographics rather than on ratings.",
    )
    items = RecommendedMovieSerializer(many=True)
    loosen = LoosenedSerializer(
        many=True,
        help_text="If `filter` leaves fewer films than asked for: what there would be without each of its terms.",
    )


class PersonsListSerializer(RecommendationListSerializer):
    """A list and whom it is for."""

    id = serializers.CharField(allow_null=True, help_text="As it was sent.")


class BatchSerializer(serializers.Serializer):
    """The lists, in the order of the people."""

    lists = PersonsListSerializer(many=True)
