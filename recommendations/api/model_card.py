"""The card of a model version, as JSON and for everybody."""

from __future__ import annotations

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.base import OpenView, checked_query, made_from
from recommendations.api.fields import StrictSerializer, TextField
from recommendations.api.schema import ETAG, IF_NONE_MATCH, answer_example, described
from recommendations.selectors.model_card import model_card


class CardQuery(StrictSerializer):
    """Which version."""

    version = TextField(required=False, max_length=40, help_text="By default the one that serves.")


class CardFigureSerializer(serializers.Serializer):
    """A figure of an evaluation on ratings that the version had not seen."""

    protocol = serializers.CharField()
    system = serializers.CharField(help_text="`model`, or what it is compared with.")
    metric = serializers.CharField()
    value = serializers.FloatField(allow_null=True)


class ServedSerializer(serializers.Serializer):
    """How well a group of people is served."""

    group = serializers.CharField()
    people = serializers.IntegerField(min_value=0)
    ndcg = serializers.FloatField()
    badly = serializers.BooleanField(
        help_text="Less than two thirds of the best served group of its kind (people by ratings, or by age and gender)."
    )


class ModelCardSerializer(serializers.Serializer):
    """A model card."""

    version = serializers.CharField()
    state = serializers.CharField()
    created_at = serializers.DateTimeField()
    # Of the same name as what every serializer has, which the metaclass keeps apart.
    data = serializers.DictField(  # type: ignore[assignment]
        allow_null=True,
        help_text="Name, terms, scale and counts of the data, and what they lack; null if not known.",
    )
    blocks = serializers.ListField(
        child=serializers.CharField(), help_text="The parts that it was trained with."
    )
    figures = CardFigureSerializer(many=True)
    served = ServedSerializer(many=True)
    drift = serializers.DictField(
        allow_null=True,
        help_text="What has changed in the data since the version before; null for a first one.",
    )
    parameters = serializers.DictField()
    tuning = serializers.ListField(
        child=serializers.DictField(), help_text="The candidates among which parameters were chosen."
    )


CARD = answer_example(
    "A card",
    {
        "version": "20261101-120000-0a1b2c3d",
        "state": "champion",
        "created_at": "2026-11-01T12:00:00Z",
        "data": {"name": "ml-100k", "title": "MovieLens 100k (1998)", "ratings": 100000, "lacks": []},
        "blocks": ["ease", "als"],
        "figures": [{"protocol": "temporal", "system": "model", "metric": "ndcg", "value": 0.2236}],
        "served": [{"group": "under 20 ratings", "people": 12, "ndcg": 0.2, "badly": False}],
        "drift": None,
        "parameters": {"weighting": "likes"},
        "tuning": [],
    },
)


class ModelCardView(OpenView):
    """The card of a version."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="model_card_read",
        summary="The card of a model version",
        description="Its data and their terms, what it has and lacks, its figures, whom it serves, and what has changed.",
        tags=["Films"],
        signed_in=False,
        parameters=[CardQuery, IF_NONE_MATCH, ETAG],
        answers={200: ModelCardSerializer, 304: None},
        problems=(404,),
        examples=[CARD],
    )
    def get(self, request: Request) -> Response:
        values = checked_query(request, CardQuery).validated_data
        found = model_card(version=values.get("version", ""))
        if found is None:
            raise Http404
        card = ModelCardSerializer(found.as_dict()).data
        return made_from(request, card, make=lambda: Response(card))
