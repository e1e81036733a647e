"""Reads the card of a model version: its data, what it has and lacks, its figures, whom it serves, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recommendations.evaluation.names import MODEL
from recommendations.models import ModelVersion
from recommendations.selectors.comparison import MetricRow, metric_rows
from recommendations.selectors.registry import champion_row, version_by_name


@dataclass(frozen=True)
class ModelCard:
    """``data`` and ``drift`` are ``None`` where the tables were gone when the version was registered, and ``drift`` for a
    first version; ``served`` are (group, people, nDCG@10). ``tuning`` are the candidates among which parameters were chosen."""

    version: str
    state: str
    created_at: datetime
    data: dict[str, Any] | None
    blocks: tuple[str, ...]
    figures: tuple[MetricRow, ...]
    served: tuple[tuple[str, int, float], ...]
    drift: dict[str, Any] | None
    parameters: dict[str, Any]
    tuning: tuple[dict[str, Any], ...]

    @property
    def badly_served(self) -> tuple[str, ...]:
        """The groups that get clearly worse lists than the best served one of their kind: by a third or more."""
        found = []
        for ending in (True, False):
            kind = [row for row in self.served if ("ratings" in row[0]) == ending]
            best = max((ndcg for _group, _people, ndcg in kind), default=0.0)
            found += [group for group, _people, ndcg in kind if ndcg < best * 2 / 3]
        return tuple(found)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "version": self.version,
            "state": self.state,
            "created_at": self.created_at,
            "data": self.data,
            "blocks": list(self.blocks),
            "figures": [
                {"protocol": row.protocol, "system": row.system, "metric": row.metric, "value": row.values[0]}
                for row in self.figures
            ],
            "served": [
                {"group": group, "people": people, "ndcg": ndcg, "badly": group in self.badly_served}
                for group, people, ndcg in self.served
            ],
            "drift": self.drift,
            "parameters": self.parameters,
            "tuning": list(self.tuning),
        }


def model_card(*, version: str = "") -> ModelCard | None:
    """The card of a version, by default the champion's; ``None`` if there is no such version. Three queries at most."""
    row = version_by_name(version) if version else champion_row()
    return None if row is None else card_of(row)


def card_of(row: ModelVersion) -> ModelCard:
    """The card of this version."""
    card = row.card or {}
    served = card.get("served") or {}
    tuning = row.metrics.get("tuning") or {}
    return ModelCard(
        version=row.version,
        state=row.state,
        created_at=row.created_at,
        data=card.get("data"),
        blocks=tuple(row.metrics.get("blocks") or ()),
        figures=tuple(metric_rows([row])),
        served=tuple(
            (group, int(found["people"]), round(float(found["ndcg"]), 4)) for group, found in served.items()
        ),
        drift=card.get("drift"),
        parameters=row.parameters,
        tuning=tuple(tuning.get("candidates") or ()),
    )


def ndcg_rows(card: ModelCard) -> dict[str, list[tuple[str, float]]]:
    """nDCG of the model and of what it is compared with, by protocol; the model comes first."""
    found: dict[str, list[tuple[str, float]]] = {}
    for row in card.figures:
        if row.metric == "ndcg" and row.values[0] is not None:
            found.setdefault(row.protocol, []).append((row.system, row.values[0]))
    for rows in found.values():
        rows.sort(key=lambda pair: (pair[0] != MODEL, -pair[1]))
    return found
