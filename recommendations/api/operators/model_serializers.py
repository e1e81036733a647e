"""What the operations on model versions and indices take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from recommendations.api.fields import StrictSerializer, TextField, TruthField
from recommendations.api.paging import PageSerializer
from recommendations.api.schema import answer_example, request_example
from recommendations.models import ModelVersion, PromotionEvent
from recommendations.services.registry.publishing import LONGEST_REASON

LONGEST_VERSION = 40
STATES, KINDS = ModelVersion.State.values, PromotionEvent.Kind.values
SEEN = "The champion that you saw when deciding; if it is another by now, nothing is switched (409)."


class PromoteBody(StrictSerializer):
    """Why the champion is switched, and whether against the gate."""

    reason = TextField(max_length=LONGEST_REASON, help_text="Kept with the switch.")
    seen_champion = TextField(required=False, allow_blank=True, max_length=LONGEST_VERSION, help_text=SEEN)
    override = TruthField(required=False, default=False, help_text="Switch although the gate refuses.")


class CompareQuery(StrictSerializer):
    """Which versions."""

    versions = TextField(
        required=False,
        max_length=300,
        help_text="Names with commas between; else the champion, its predecessor and the newest.",
    )


class ModelSerializer(serializers.Serializer):
    """A model version."""

    version = serializers.CharField(help_text="Its name.")
    state = serializers.ChoiceField(choices=STATES)
    created_at = serializers.DateTimeField()
    parent = serializers.CharField(  # type: ignore[assignment]  # a name in JSON
        source="parent.version", default=None, allow_null=True, help_text="The champion of its time."
    )
    pruned_at = serializers.DateTimeField(
        allow_null=True, help_text="Since then its files and indices are gone."
    )
    gate = serializers.DictField(help_text="What the promotion gate found when it was last judged.")


class PromotionSerializer(serializers.Serializer):
    """A switch of the champion."""

    kind = serializers.ChoiceField(choices=KINDS)
    version = serializers.CharField(source="version.version")
    previous = serializers.CharField(source="previous.version", default=None, allow_null=True)
    by = serializers.CharField(
        source="by.username", default=None, allow_null=True, help_text="Null: the pipeline."
    )
    reason = serializers.CharField()
    overridden = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class ModelDetailSerializer(ModelSerializer):
    """A version with everything that is known of it."""

    data_digest = serializers.CharField(help_text="SHA-256 of the data that it was trained on.")
    index_label = serializers.CharField(
        allow_blank=True, help_text="Names its indices; empty if it has none."
    )
    parameters = serializers.DictField(help_text="With which it was trained.")
    metrics = serializers.DictField(help_text="What training and evaluation measured.")
    promotions = PromotionSerializer(source="promotions.all", many=True)


class ModelPageSerializer(PageSerializer):
    """A page of versions, newest first."""

    items = ModelSerializer(many=True)


class FigureSerializer(serializers.Serializer):
    """One measure, a value per version."""

    protocol = serializers.CharField()
    system = serializers.CharField()
    metric = serializers.CharField()
    values = serializers.ListField(child=serializers.FloatField(allow_null=True))


class ComparisonSerializer(serializers.Serializer):
    """Versions side by side."""

    versions = serializers.ListField(child=serializers.CharField())
    figures = FigureSerializer(many=True)


class IndexSerializer(serializers.Serializer):
    """An index."""

    name = serializers.CharField(source="figures.name")
    documents = serializers.IntegerField(source="figures.documents")
    size = serializers.IntegerField(source="figures.size", help_text="In bytes.")
    health = serializers.CharField(source="figures.health")
    aliases = serializers.ListField(
        source="figures.aliases", child=serializers.CharField(), help_text="Live if there are any."
    )
    version = serializers.CharField(source="version.version", default=None, allow_null=True)


class IndexHealthSerializer(serializers.Serializer):
    """How Elasticsearch and the site's indices are."""

    breaker = serializers.CharField(help_text="Of this process: closed, open or half-open.")
    problem = serializers.CharField(allow_blank=True, help_text="Why Elasticsearch did not answer.")
    status = serializers.CharField(
        source="cluster.status", default=None, allow_null=True, help_text="green, yellow or red."
    )
    nodes = serializers.IntegerField(source="cluster.nodes", default=None, allow_null=True)
    aliases_fit = serializers.BooleanField(help_text="Whether the aliases point at the champion's indices.")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Indices of the champion that are gone or cannot be read."
    )
    read_only_indices = serializers.ListField(
        source="read_only", child=serializers.CharField(), help_text="Indices that take no writes."
    )
    disk_percent = serializers.IntegerField(
        allow_null=True, help_text="How full the fullest disk of Elasticsearch is; null if it does not say."
    )
    obstacles = serializers.ListField(
        source="obstacle_sentences",
        child=serializers.CharField(),
        help_text="What keeps a new version from being published, with the way out.",
    )
    items = IndexSerializer(source="rows", many=True)


_VERSION = "20260101-120000-1a2b3c4d"
_MODEL: dict[str, Any] = {
    "version": _VERSION,
    "state": "candidate",
    "created_at": "2026-01-01T12:00:00Z",
    "parent": None,
    "pruned_at": None,
    "gate": {"outcome": "passed", "findings": []},
}
_SWITCH = {
    "kind": "promotion",
    "version": _VERSION,
    "previous": None,
    "by": "olga",
    "reason": "Better on last week's ratings",
    "overridden": False,
    "created_at": "2026-01-01T13:00:00Z",
}
MODELS = answer_example("One version", {"items": [_MODEL], "total": 1, "next": None})
MODEL = answer_example(
    "A version",
    {
        **_MODEL,
        "data_digest": "50d2a982",
        "index_label": _VERSION,
        "parameters": {"weighting": "likes"},
        "metrics": {"temporal": {"model": {"nDCG@10": 0.222}}},
        "promotions": [_SWITCH],
    },
)
COMPARISON = answer_example(
    "Two versions",
    {
        "versions": [_VERSION, "20251201-120000-9f8e7d6c"],
        "figures": [
            {"protocol": "temporal", "system": "model", "metric": "nDCG@10", "values": [0.222, 0.219]}
        ],
    },
)
PROMOTE = request_example("With a reason", {"reason": "Better on last week's ratings", "override": False})
ROLL_BACK = request_example("With a reason", {"reason": "Lists look odd"})
SWITCH = answer_example("A switch", _SWITCH)
INDICES = answer_example(
    "One index",
    {
        "breaker": "closed",
        "problem": "",
        "status": "green",
        "nodes": 1,
        "aliases_fit": True,
        "missing": [],
        "read_only_indices": [],
        "disk_percent": 61,
        "obstacles": [],
        "items": [
            {
                "name": f"movies-{_VERSION}",
                "documents": 1682,
                "size": 4200000,
                "health": "green",
                "aliases": ["movies"],
                "version": _VERSION,
            }
        ],
    },
)
