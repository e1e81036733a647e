"""The client of this process: for the cluster in ELASTICSEARCH_URL, else for the node of this home."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from django.conf import settings
from elasticsearch import Elasticsearch

from recommendations import localnode
from recommendations.search.connection import ElasticsearchNotRunningError, connect

PATIENT_SECONDS = 30.0
# What a client was made for: the process (connections do not survive a fork), the address and the time limit.
_Key = tuple[int, str, float]
_lock = threading.Lock()
_cached: tuple[_Key, Elasticsearch] | None = None


def elasticsearch_url() -> str:
    """Where Elasticsearch answers: ELASTICSEARCH_URL if it is set, else the address of this home's own node.

    Read again at each call, because a node that is started again answers on another port. Raises
    ``ElasticsearchNotRunningError`` if the node does not run; an external cluster is not asked here.
    """
    if settings.ELASTICSEARCH_URL:
        return settings.ELASTICSEARCH_URL
    running = localnode.running_node(Path(settings.MOVIEREC_HOME))
    if running is None:
        raise ElasticsearchNotRunningError
    return running.url


def get_client() -> Elasticsearch:
    """The cached client, made anew when the address has changed. May be called from several threads.

    Raises ``ElasticsearchNotRunningError`` like :func:`elasticsearch_url`. A client that another thread still uses
    is not closed when it is replaced; it goes with its last user.
    """
    global _cached
    key = (os.getpid(), elasticsearch_url(), settings.ELASTICSEARCH_TIMEOUT_SECONDS)
    with _lock:
        if _cached is None or _cached[0] != key:
            _cached = (
                key,
                connect(
                    key[1],
                    timeout_seconds=key[2],
                    api_key=settings.ELASTICSEARCH_API_KEY or None,
                    ca_certs=settings.ELASTICSEARCH_CA_CERTS or None,
                ),
            )
        return _cached[1]


def patient_client() -> Elasticsearch:
    """The same for whoever switches or checks indices: the answer may take far longer than a page would wait.

    Raises ``ElasticsearchNotRunningError`` like :func:`elasticsearch_url`.
    """
    return get_client().options(request_timeout=PATIENT_SECONDS)
