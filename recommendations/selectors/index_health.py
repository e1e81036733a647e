"""The indices as an operator sees them, also while Elasticsearch is away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from recommendations import localnode
from recommendations.models import ModelVersion
from recommendations.search.breaker import search_breaker
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.index_figures import (
    ClusterFigures,
    IndexFigures,
    cluster_figures,
    index_figures,
)
from recommendations.selectors.registry import champion_row


@dataclass(frozen=True)
class IndexRow:
    """An index and the version whose row names it, if any does."""

    figures: IndexFigures
    version: ModelVersion | None


@dataclass(frozen=True)
class IndexHealth:
    """``problem`` is a sentence if Elasticsearch did not answer; ``cluster`` and ``rows`` are then empty.

    ``aliases_fit`` is False if the aliases do not point at the champion's indices. ``managed_address`` is where this
    home's own node runs, None if it does not, or if another cluster is configured (``external``).
    """

    breaker: str
    external: bool
    managed_address: str | None
    problem: str = ""
    cluster: ClusterFigures | None = None
    rows: tuple[IndexRow, ...] = ()
    aliases_fit: bool = True


def index_health() -> IndexHealth:
    """Ask Elasticsearch, within a page's time limit, and the registry."""
    external = bool(settings.ELASTICSEARCH_URL)
    running = None if external else localnode.running_node(Path(settings.MOVIEREC_HOME))
    address = running.url if running else None
    breaker = search_breaker().state
    try:
        client = get_client()
        cluster, figures = cluster_figures(client), index_figures(client)
    except SearchError as error:
        return IndexHealth(breaker, external, address, problem=str(error))
    versions = {row.index_label: row for row in ModelVersion.objects.exclude(index_label="")}
    champion = champion_row()
    live = {index.label for index in figures if index.aliases}
    return IndexHealth(
        breaker,
        external,
        address,
        cluster=cluster,
        rows=tuple(IndexRow(index, versions.get(index.label)) for index in figures),
        aliases_fit=live == ({champion.index_label} if champion else set()),
    )
