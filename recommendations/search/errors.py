"""What can go wrong with search. No Django, so that jobs can import it."""

from __future__ import annotations


class SearchError(Exception):
    """Anything that keeps Elasticsearch from doing its work; the message is one clear sentence."""


class ElasticsearchNotRunningError(SearchError):
    """No cluster is configured and this home's managed node does not run."""

    def __init__(self) -> None:
        super().__init__("Elasticsearch is not running; start it with: manage.py elasticsearch start")


class NodeError(SearchError):
    """The managed node could not be fetched, started or stopped. ``log_tail`` holds its last lines, if any."""

    def __init__(self, message: str, log_tail: str = "") -> None:
        super().__init__(message)
        self.log_tail = log_tail
