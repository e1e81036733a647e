"""Opens a connection to an Elasticsearch cluster. Knows nothing of Django, so that Spark executors can use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from recommendations.errors import MovierecError

# An answer that is an error, or none.
FAILURES = (ApiError, TransportError)


def connect(
    url: str,
    *,
    timeout_seconds: float,
    api_key: str | None = None,
    ca_certs: str | None = None,
) -> Elasticsearch:
    """A client for the one cluster at ``url``; nothing is sent yet.

    ``timeout_seconds`` holds for each attempt. A request is tried twice at most, and never again after a timeout:
    whoever waits for a page is better served by the degraded answer than by a second wait. Nodes are not looked
    for (the address given is the address used), and bodies are not compressed (on loopback that only costs).

    Raises ``ValueError`` if ``url`` is no http or https address.
    """
    security: dict[str, str] = {}
    if api_key:
        security["api_key"] = api_key
    if ca_certs:
        security["ca_certs"] = ca_certs
    return Elasticsearch(
        url,
        request_timeout=timeout_seconds,
        max_retries=1,
        retry_on_timeout=False,
        http_compress=False,
        sniff_on_start=False,
        sniff_on_node_failure=False,
        **security,
    )


def is_alive(client: Elasticsearch) -> bool:
    """Whether the cluster answers within the client's time limit.

    Asks ``_cluster/health``, since the server core that the managed node runs refuses ``GET /`` from 8.9 on.
    """
    try:
        client.cluster.health()
    except FAILURES:
        return False
    return True


class SearchError(MovierecError):
    """Anything that keeps Elasticsearch from doing its work; the message is one clear sentence."""

    kind, status = "search-unavailable", 503


@contextmanager
def explained(sentence: str) -> Iterator[None]:
    """Raise whatever the cluster or the connection raises as :class:`SearchError`: the sentence, then the cause.

    Also a decorator, for a function that talks to Elasticsearch from its first line to its last.
    """
    try:
        yield
    except FAILURES as error:
        raise SearchError(f"{sentence}: {error}") from error


class ElasticsearchNotRunningError(SearchError):
    """No cluster is configured and this home's managed node does not run."""

    def __init__(self) -> None:
        super().__init__("Elasticsearch is not running; start it with: manage.py elasticsearch start")
