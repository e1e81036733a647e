"""Examples of the operations on model versions and indices."""

from typing import Any

from recommendations.api.schema import answer_example, request_example

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
