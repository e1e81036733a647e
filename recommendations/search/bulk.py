"""What an executor calls to write its partition of an index."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from recommendations.search.connection import connect
from recommendations.search.index_lifecycle import create_indices, finish_loading, load_documents

API_KEY_VARIABLE = "ELASTICSEARCH_API_KEY"
CA_CERTS_VARIABLE = "ELASTICSEARCH_CA_CERTS"
# Of each executor: while one bulk is on its way, the next one is made.
THREADS = 2
# Elasticsearch may be started anew in the middle.
RESTART_SECONDS = 90.0


@dataclass(frozen=True)
class Cluster:
    """Where to write; secrets come from the executor's environment and never travel with a job."""

    url: str

    def client(self) -> Elasticsearch:
        """Open a client of its own; close it after use."""
        return connect(
            self.url,
            timeout_seconds=60,
            api_key=os.environ.get(API_KEY_VARIABLE) or None,
            ca_certs=os.environ.get(CA_CERTS_VARIABLE) or None,
        )

    def create(self, label: str, dimensions: int) -> tuple[str, str]:
        """Create the empty indices of a label; returns the names of movies and user_profiles."""
        with self.client() as client:
            names = create_indices(client, label, dimensions)
        return names.movies, names.user_profiles

    def write(
        self,
        index: str,
        documents: Iterable[tuple[str, Mapping[str, Any]]],
        written: Callable[[int], None] = lambda count: None,
    ) -> int:
        """Write ``(id, document)`` pairs and return how many; ``written`` hears of each bulk."""
        with self.client() as client:
            return load_documents(
                client,
                index,
                documents,
                threads=THREADS,
                restart_seconds=RESTART_SECONDS,
                written=written,
            )

    def finish(self, expected: Mapping[str, int]) -> None:
        """Refresh, check the counts and optimise."""
        with self.client() as client:
            finish_loading(client, expected)
