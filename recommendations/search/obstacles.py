"""What stands in the way of a new version's indices, asked before anything is trained: names, blocks and room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from elasticsearch import Elasticsearch

from recommendations.search.connection import FAILURES, SearchError, explained
from recommendations.search.index_figures import fullest_disk, read_only_indices
from recommendations.search.mappings import MOVIES, USER_PROFILES

ALIASES = (MOVIES, USER_PROFILES)
# New indices stand beside the old ones, and joining their segments needs the same again for a moment.
TIMES_THE_OLD = 3
LEAST_BYTES = 50_000_000
_MEGABYTE = 1_000_000
_WATERMARK = "cluster.routing.allocation.disk.watermark.high"
_UNITS = {"b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4, "pb": 1024**5}


class PublishingObstacleError(SearchError):
    """New indices could not be built or could not go live; nothing has been trained or switched."""

    kind, status = "conflict", 409


@dataclass(frozen=True)
class Obstacle:
    """One thing that has to be put right first; ``values`` fill in its sentence."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self) -> str:
        """What it is and the way out, in the active language."""
        known = {
            "taken_name": _(
                "An index is called %(name)s already, and no alias can have its name. Another program has made it: "
                "delete it if nobody needs it (curl -X DELETE %(address)s/%(name)s), or name another cluster with "
                "ELASTICSEARCH_URL."
            ),
            "foreign_alias": _(
                "The alias %(name)s points at %(indices)s, which this site has not made. Take it away from there "
                "(curl -X DELETE %(address)s/%(path)s/_alias/%(name)s), or name another cluster with ELASTICSEARCH_URL."
            ),
            "read_only": _(
                "These indices are read-only: %(indices)s. Elasticsearch makes them so when its disk is almost full "
                "(now it is %(percent)s %% full) and writes again once there is room; a block that somebody has set "
                "has to be taken away by hand."
            ),
            "cluster_read_only": _(
                "The cluster takes no new indices (%(block)s): it says so when its disks are almost full (now %(percent)s %%), "
                "or because somebody has set it. Make room, or take the block away."
            ),
            "no_room": _(
                "The disk of Elasticsearch has %(free)s MB free, and new indices need %(needed)s MB to be built and to "
                "stay below its limit. Make room, or give it a larger disk."
            ),
        }
        return known[self.code] % self.values


def require_room_for_indices(client: Elasticsearch, *, address: str) -> None:
    """Raise :class:`PublishingObstacleError` if new indices could not be built or could not go live.

    ``address`` is where people reach the cluster, without a password.
    """
    obstacles = publishing_obstacles(client, address=address)
    if obstacles:
        raise PublishingObstacleError(" ".join(obstacle.sentence() for obstacle in obstacles))


def publishing_obstacles(client: Elasticsearch, *, address: str) -> list[Obstacle]:
    """Everything that would end the publishing of a new version, the plainest first. Raises :class:`SearchError`."""
    found = alias_obstacles(client, address=address)
    settings = _cluster_settings(client)
    percent = fullest_disk(client)
    shown = "–" if percent is None else percent
    if blocked := read_only_indices(client):
        found.append(Obstacle("read_only", {"indices": ", ".join(blocked), "percent": shown}))
    blocks = [name for name in settings if name.startswith("cluster.blocks.") and settings[name] == "true"]
    if blocks:
        found.append(Obstacle("cluster_read_only", {"block": ", ".join(sorted(blocks)), "percent": shown}))
    if not found or found[-1].code not in ("read_only", "cluster_read_only"):
        found += _room_obstacles(client, settings)
    return found


def alias_obstacles(client: Elasticsearch, *, address: str) -> list[Obstacle]:
    """Names that the aliases could not have, or not alone, because somebody else uses them. Raises :class:`SearchError`."""
    found = _resolved(client)
    taken = {entry["name"] for entry in (*found["indices"], *found["data_streams"])} & set(ALIASES)
    obstacles = [Obstacle("taken_name", {"name": name, "address": address}) for name in sorted(taken)]
    for alias, indices in where_aliases_point(client).items():
        foreign = sorted(index for index in indices if not index.startswith(f"{alias}-"))
        if foreign:
            values = {
                "name": alias,
                "indices": ", ".join(foreign),
                "path": ",".join(foreign),
                "address": address,
            }
            obstacles.append(Obstacle("foreign_alias", values))
    return obstacles


def where_aliases_point(client: Elasticsearch) -> dict[str, set[str]]:
    """The indices of each alias, all of them if there are several. Raises :class:`SearchError`."""
    pointing: dict[str, set[str]] = {alias: set() for alias in ALIASES}
    for entry in _resolved(client)["aliases"]:
        if entry["name"] in pointing:
            pointing[entry["name"]] = set(entry["indices"])
    return pointing


def _resolved(client: Elasticsearch) -> Any:
    with explained("Elasticsearch does not tell about its indices"):
        return client.indices.resolve_index(name=f"{MOVIES}*,{USER_PROFILES}*", expand_wildcards="all")


def _cluster_settings(client: Elasticsearch) -> dict[str, Any]:
    """All settings of the cluster; empty if this client may not see them."""
    try:
        answer = client.cluster.get_settings(include_defaults=True, flat_settings=True)
    except FAILURES:
        return {}
    return {**answer.get("defaults", {}), **answer["persistent"], **answer["transient"]}


def _room_obstacles(client: Elasticsearch, settings: Mapping[str, Any]) -> list[Obstacle]:
    """Whether any node has room for new indices, and still stays below the level at which it takes none.

    Nothing is held against a cluster that does not say how full it is.
    """
    pattern = f"{MOVIES}-*,{USER_PROFILES}-*"
    try:
        nodes = client.cat.allocation(format="json", bytes="b", h="disk.avail,disk.total")
        sizes = client.cat.indices(index=pattern, format="json", bytes="b", h="index,store.size")
    except FAILURES:
        return []
    largest: dict[str, int] = {}
    for row in sizes:
        label = row["index"].partition("-")[2]
        largest[label] = largest.get(label, 0) + int(row.get("store.size") or 0)
    needed = max(LEAST_BYTES, TIMES_THE_OLD * max(largest.values(), default=0))
    watched = str(settings.get("cluster.routing.allocation.disk.threshold_enabled", "true")) == "true"
    best: tuple[int, int] | None = None
    for row in nodes:
        if not row.get("disk.avail") or not row.get("disk.total"):
            continue
        free, total = int(row["disk.avail"]), int(row["disk.total"])
        kept = _kept_free(settings, total) if watched else 0
        if best is None or free - kept > best[0] - best[1]:
            best = (free, kept)
    if best is None or best[0] - best[1] >= needed:
        return []
    values = {"free": best[0] // _MEGABYTE, "needed": (needed + best[1]) // _MEGABYTE}
    return [Obstacle("no_room", values)]


def _kept_free(settings: Mapping[str, Any], total: int) -> int:
    """Bytes that a node keeps free before it takes new indices: a share of the disk, a ratio, or a number of bytes."""
    mark = str(settings.get(_WATERMARK, "90%"))
    try:
        if mark.endswith("%"):
            kept = total * (1 - float(mark[:-1]) / 100)
        elif mark.replace(".", "", 1).isdigit():
            kept = total * (1 - float(mark))
        else:
            return _bytes(mark)
        headroom = str(settings.get(f"{_WATERMARK}.max_headroom", "-1"))
        return int(kept if headroom.startswith("-") else min(kept, _bytes(headroom)))
    except ValueError:
        return 0


def _bytes(text: str) -> int:
    """``"150gb"`` as a number of bytes."""
    number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(float(number) * _UNITS[text[len(number) :].lower() or "b"])
