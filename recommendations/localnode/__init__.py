"""The managed local Elasticsearch node: fetch, start, stop, status. No Django."""

from recommendations.localnode.distribution import (
    DEFAULT_VERSION,
    PINNED,
    Progress,
    cache_folder,
    fetch_distribution,
)
from recommendations.localnode.lifecycle import DEFAULT_HEAP, StartedNode, remove, start, status, stop
from recommendations.localnode.state import NodeError, NodeState, running_node

__all__ = [
    "DEFAULT_HEAP",
    "DEFAULT_VERSION",
    "PINNED",
    "NodeError",
    "NodeState",
    "Progress",
    "StartedNode",
    "cache_folder",
    "fetch_distribution",
    "remove",
    "running_node",
    "start",
    "status",
    "stop",
]
