"""What an operator wants to know of the indices: names, counts, sizes, aliases; and how the cluster is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from recommendations.search.connection import FAILURES, explained
from recommendations.search.mappings import MOVIES, USER_PROFILES

_PATTERN = f"{MOVIES}-*,{USER_PROFILES}-*"


@dataclass(frozen=True)
class IndexFigures:
    """One of this site's indices. ``size`` in bytes; ``aliases`` that point at it, so it is live if there are any."""

    name: str
    label: str
    documents: int
    size: int
    health: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class ClusterFigures:
    """How the cluster says it is; ``waiting_shards`` are copies that no node holds."""

    name: str
    status: str
    nodes: int
    waiting_shards: int


def cluster_figures(client: Elasticsearch) -> ClusterFigures:
    """Ask for the cluster's health. Raises :class:`SearchError`."""
    with explained("Elasticsearch does not tell its health"):
        health = client.cluster.health()
    return ClusterFigures(
        str(health["cluster_name"]),
        str(health["status"]),
        int(health["number_of_nodes"]),
        int(health["unassigned_shards"]),
    )


def read_only_indices(client: Elasticsearch) -> list[str]:
    """The names of this site's indices that take no writes, in order. Raises :class:`SearchError`.

    Elasticsearch sets the block itself when a disk is almost full (the flood-stage watermark).
    """
    with explained("Elasticsearch does not tell about its indices"):
        found = client.indices.get_settings(index=_PATTERN, name="index.blocks.*", flat_settings=True)
    blocks = {f"index.blocks.{kind}" for kind in ("read_only_allow_delete", "read_only", "write")}
    return sorted(
        name
        for name, entry in found.items()
        if any(entry["settings"].get(block) == "true" for block in blocks)
    )


def unreadable_indices(client: Elasticsearch, names: Iterable[str]) -> list[str]:
    """Those of ``names`` that do not exist, or whose data no node holds, in order. Raises :class:`SearchError`."""
    wanted = sorted(names)
    with explained("Elasticsearch does not tell about its indices"):
        # Patterns, so that what is missing is no error.
        patterns = ",".join(f"{name}*" for name in wanted)
        rows = client.cat.indices(index=patterns, format="json", h="index,health", expand_wildcards="open")
    readable = {row["index"] for row in rows if row["health"] != "red"}
    return [name for name in wanted if name not in readable]


def fullest_disk(client: Elasticsearch) -> int | None:
    """How full the fullest disk of the cluster is, in percent; ``None`` if it does not say."""
    try:
        rows = client.cat.allocation(format="json", h="disk.percent")
    except FAILURES:
        return None
    return max((int(row["disk.percent"]) for row in rows if row.get("disk.percent")), default=None)


def index_figures(client: Elasticsearch) -> list[IndexFigures]:
    """All indices of this site, newest label first, films before people. Raises :class:`SearchError`."""
    with explained("Elasticsearch does not tell about its indices"):
        rows = client.cat.indices(index=_PATTERN, format="json", bytes="b", h="index,store.size,health")
        # The list's own count has a document for each of a person's genres as well, as Lucene stores them.
        counted = client.search(
            index=_PATTERN, size=0, aggs={"index": {"terms": {"field": "_index", "size": 1000}}}
        )
        aliases = client.indices.get_alias(index=_PATTERN)
    documents = {bucket["key"]: bucket["doc_count"] for bucket in counted["aggregations"]["index"]["buckets"]}
    pointing: dict[str, list[str]] = defaultdict(list)
    for index, entry in aliases.items():
        pointing[index] += sorted(entry["aliases"])
    found = [
        IndexFigures(
            name=row["index"],
            label=row["index"].partition("-")[2],
            documents=documents.get(row["index"], 0),
            size=int(row["store.size"] or 0),
            health=row["health"],
            aliases=tuple(pointing[row["index"]]),
        )
        for row in rows
    ]
    by_name = sorted(found, key=lambda figures: figures.name)
    return sorted(by_name, key=lambda figures: figures.label, reverse=True)
