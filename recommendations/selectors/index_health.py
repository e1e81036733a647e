"""The indices as an operator sees them, also while Elasticsearch is away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from recommendations import localnode
from recommendations.models import ModelVersion
from recommendations.search.breaker import search_breaker
from recommendations.search.client import get_client, shown_address
from recommendations.search.connection import SearchError
from recommendations.search.index_figures import (
    ClusterFigures,
    IndexFigures,
    cluster_figures,
    fullest_disk,
    index_figures,
    read_only_indices,
    unreadable_indices,
)
from recommendations.search.index_lifecycle import IndexNames
from recommendations.search.mappings import MOVIES, USER_PROFILES
from recommendations.search.obstacles import Obstacle, publishing_obstacles, where_aliases_point
from recommendations.selectors.registry import champion_row


@dataclass(frozen=True)
class IndexRow:
    """An index and the version whose row names it, if any does."""

    figures: IndexFigures
    version: ModelVersion | None


@dataclass(frozen=True)
class IndexHealth:
    """``problem`` is a sentence if Elasticsearch did not answer; ``cluster`` and ``rows`` are then empty.

    ``aliases_fit`` is False if the aliases do not point at the champion's indices and at nothing else. ``missing`` are
    indices of the champion that are gone or cannot be read, ``read_only`` those that take no writes, ``obstacles`` what
    keeps a new version from being published. ``disk_percent`` is how full the fullest disk is. ``managed_address`` is where this
    home's own node runs, None if it does not, or if another cluster is configured (``external``).
    """

    breaker: str
    external: bool
    managed_address: str | None
    problem: str = ""
    cluster: ClusterFigures | None = None
    rows: tuple[IndexRow, ...] = ()
    aliases_fit: bool = True
    missing: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()
    disk_percent: int | None = None
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def obstacle_sentences(self) -> list[str]:
        """The obstacles in the active language."""
        return [obstacle.sentence() for obstacle in self.obstacles]


def index_health() -> IndexHealth:
    """Ask Elasticsearch, within a page's time limit, and the registry."""
    external = bool(settings.ELASTICSEARCH_URL)
    running = None if external else localnode.running_node(Path(settings.MOVIEREC_HOME))
    address = running.url if running else None
    breaker = search_breaker().state
    try:
        client = get_client()
        cluster, figures = cluster_figures(client), index_figures(client)
        pointing, read_only = where_aliases_point(client), read_only_indices(client)
        obstacles = publishing_obstacles(client, address=shown_address())
        champion = champion_row()
        names = IndexNames.of(champion.index_label) if champion else None
        missing = unreadable_indices(client, names) if names else []
    except SearchError as error:
        return IndexHealth(breaker, external, address, problem=str(error))
    versions = {row.index_label: row for row in ModelVersion.objects.exclude(index_label="")}
    wanted = {MOVIES: {names.movies}, USER_PROFILES: {names.user_profiles}} if names else {}
    return IndexHealth(
        breaker,
        external,
        address,
        cluster=cluster,
        rows=tuple(IndexRow(index, versions.get(index.label)) for index in figures),
        aliases_fit={alias: indices for alias, indices in pointing.items() if indices} == wanted,
        missing=tuple(missing),
        read_only=tuple(read_only),
        disk_percent=fullest_disk(client),
        obstacles=tuple(obstacles),
    )
