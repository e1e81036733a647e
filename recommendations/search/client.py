"""The client of this process: for the cluster in ELASTICSEARCH_URL, else for the node of this home."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from elasticsearch import Elasticsearch

from recommendations import localnode
from recommendations.search.connection import ElasticsearchNotRunningError, connect

PATIENT_SECONDS = 30.0
COLD_SECONDS = 5.0
# What a client was made for: the process (connections do not survive a fork), the address and the time limit.
_Key = tuple[int, str, float]
_lock = threading.Lock()
_cached: tuple[_Key, Elasticsearch] | None = None
# The process and when it first wanted to know how long to wait.
_first_asked: tuple[int, float] | None = None


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


def shown_address() -> str:
    """The same address for people to read: without the user and the password that it may carry."""
    parts = urlsplit(elasticsearch_url())
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


def time_limit_seconds() -> float:
    """The longest wait of a page for one answer, as the settings say.

    It is longer for some seconds after this process has asked for the first time: an overloaded machine that has just
    started has yet to load the indices, and that is no failure.
    """
    global _first_asked
    limit, now = settings.ELASTICSEARCH_TIMEOUT_SECONDS, time.monotonic()
    with _lock:
        if _first_asked is None or _first_asked[0] != os.getpid():
            _first_asked = (os.getpid(), now)
        is_cold = now - _first_asked[1] < settings.ELASTICSEARCH_WARM_UP_SECONDS
    return max(limit, COLD_SECONDS) if is_cold else limit


def get_client() -> Elasticsearch:
    """The cached client, made anew when the address has changed. May be called from several threads.

    Raises ``ElasticsearchNotRunningError`` like :func:`elasticsearch_url`. A client that another thread still uses
    is not closed when it is replaced; it goes with its last user.
    """
    global _cached
    key = (os.getpid(), elasticsearch_url(), time_limit_seconds())
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
