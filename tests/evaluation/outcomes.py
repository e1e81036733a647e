"""A made-up outcome of an evaluation, as the service returns it."""

from __future__ import annotations

from typing import Any

from recommendations.evaluation.names import METRICS


def spread(mean: float, std: float = 0.0) -> dict[str, Any]:
    return {"mean": mean, "std": std, "seeds": [mean]}


def setting(ratio: float | None = None, **ndcg: float) -> dict[str, Any]:
    """One setting with these nDCG by system; ``_`` in a name is a blank."""
    systems = {name.replace("_", " "): value for name, value in ndcg.items()}
    return {
        "people": [40],
        "seeds": [1],
        "systems": {name: {metric: spread(value) for metric in METRICS} for name, value in systems.items()},
        "ratio_to_like_share": None if ratio is None else spread(ratio),
        "groups": {"men": {"people": 30, "ndcg": {name: spread(value) for name, value in systems.items()}}},
    }


def outcome(**settings: Any) -> dict[str, Any]:
    """``-`` in a setting's name is written ``_``."""
    return {
        "engine": "numpy",
        "k": 10,
        "seeds": [1],
        "protocols": ["warm"],
        "data_digest": "0" * 64,
        "begun_at": "2026-01-01T00:00:00+00:00",
        "seconds": 12.3,
        "pairs_checked": {"warm": 12345},
        "settings": {name.replace("_", "-"): value for name, value in settings.items()},
    }
