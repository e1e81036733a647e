"""Life of the versioned indices: create, load, check, swap the aliases, keep the previous version, delete older.

``movies`` and ``user_profiles`` are aliases; the data lie in ``movies-<label>`` and ``user_profiles-<label>``, where
a label names a model version and one build of its indices, so that a live index is never written over.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import BulkIndexError, bulk

from recommendations.search.connection import FAILURES, SearchError, explained
from recommendations.search.mappings import (
    MOVIES,
    MOVIES_SETTINGS,
    SETTINGS,
    USER_PROFILES,
    movies_mapping,
    user_profiles_mapping,
)

# Whoever swaps or deletes indices can wait longer than a page, whose time limit the client has.
PATIENT_SECONDS = 120
# Documents of one bulk request, and what a server answers that is just starting.
CHUNK, STARTING = 500, (429, 502, 503)


class IndexCheckError(SearchError):
    """A new index does not hold what was sent to it; nothing was switched."""


@dataclass(frozen=True)
class IndexNames:
    """The two indices of one model version."""

    movies: str
    user_profiles: str

    @classmethod
    def of(cls, label: str) -> IndexNames:
        """Names for a label (lower case): the model version and the time of this build of its indices."""
        return cls(f"{MOVIES}-{label}", f"{USER_PROFILES}-{label}")

    def __iter__(self) -> Any:
        return iter((self.movies, self.user_profiles))


@explained("Elasticsearch failed in create_indices")
def create_indices(client: Elasticsearch, label: str, dimensions: int) -> IndexNames:
    """Create both indices empty, replacing leftovers of a killed run; ``dimensions`` is that of the taste vector.

    Raises
    ------
    IndexCheckError
        If an alias points at one of them: live indices are never recreated.
    """
    names = IndexNames.of(label)
    if set(names) & set(live_indices(client).values()):
        raise IndexCheckError(f"indices {label} are live already and are not written over")
    client.indices.delete(index=list(names), ignore_unavailable=True)
    client.indices.create(
        index=names.movies, mappings=movies_mapping(dimensions + 1), settings=MOVIES_SETTINGS
    )
    client.indices.create(
        index=names.user_profiles, mappings=user_profiles_mapping(dimensions), settings=SETTINGS
    )
    return names


@explained("Elasticsearch failed in load_documents")
def load_documents(
    client: Elasticsearch,
    index: str,
    documents: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    threads: int = 1,
    restart_seconds: float = 0.0,
    written: Callable[[int], None] = lambda count: None,
) -> int:
    """Bulk-index ``(id, document)`` pairs; ids are deterministic, so that a repeated task writes the same again.

    With more than one thread, documents are made while others are on their way; ``written`` hears how many more are there.
    A server that starts anew is waited for so many seconds. Returns how many were written.

    Raises
    ------
    IndexCheckError
        If the cluster refused a document; the message holds its first reason.
    """
    patient = client.options(request_timeout=PATIENT_SECONDS)
    actions = (
        {"_op_type": "index", "_index": index, "_id": key, "_source": source} for key, source in documents
    )
    total, waiting = 0, deque[Future[int]]()

    def settle(most: int) -> None:
        nonlocal total
        while len(waiting) > most:
            count = waiting.popleft().result()
            total += count
            written(count)

    with ThreadPoolExecutor(threads) as pool:
        while chunk := list(islice(actions, CHUNK)):
            waiting.append(pool.submit(_load_chunk, patient, index, chunk, restart_seconds))
            settle(threads)
        settle(0)
    return total


def _load_chunk(
    client: Elasticsearch, index: str, chunk: list[dict[str, Any]], restart_seconds: float
) -> int:
    until = time.monotonic() + restart_seconds
    while True:
        try:
            return int(bulk(client, chunk, chunk_size=len(chunk))[0])
        except BulkIndexError as error:
            first = next(iter(error.errors[0].values()))
            raise IndexCheckError(
                f"{index} refused document {first.get('_id')}: {first.get('error')}"
            ) from error
        except FAILURES as error:
            # Refused connections, timeouts and "not yet": what a server says that is just starting.
            if getattr(error, "status_code", 503) not in STARTING or time.monotonic() >= until:
                raise
            time.sleep(1.0)


@explained("Elasticsearch failed in finish_loading")
def finish_loading(client: Elasticsearch, expected: Mapping[str, int]) -> None:
    """Refresh the indices, compare their document counts and make them one segment each for exact, fast search.

    Raises
    ------
    IndexCheckError
        If a count differs.
    """
    client.indices.refresh(index=list(expected))
    for index, count in expected.items():
        found = client.count(index=index)["count"]
        if found != count:
            raise IndexCheckError(f"{index} holds {found} documents, {count} were sent; nothing was switched")
    client.options(request_timeout=2 * PATIENT_SECONDS).indices.forcemerge(
        index=list(expected), max_num_segments=1
    )
    client.indices.put_settings(index=list(expected), settings={"refresh_interval": "1s"})
    client.indices.refresh(index=list(expected))


@explained("Elasticsearch failed in live_indices")
def live_indices(client: Elasticsearch) -> dict[str, str]:
    """Which index each alias points at; an alias that does not exist yet is left out."""
    found = client.indices.get_alias(index=f"{MOVIES}-*,{USER_PROFILES}-*", expand_wildcards="open")
    return {
        alias: index
        for index, entry in found.items()
        for alias in entry["aliases"]
        if alias in (MOVIES, USER_PROFILES)
    }


@explained("Elasticsearch failed in swap_aliases")
def swap_aliases(client: Elasticsearch, label: str) -> None:
    """Point both aliases at the indices of a label in one atomic step.

    Raises
    ------
    IndexCheckError
        If one of its indices is missing.
    """
    names = IndexNames.of(label)
    for name in names:
        if not client.indices.exists(index=name):
            raise IndexCheckError(f"index {name} is missing; rebuild it with: manage.py rebuild_indices")
    actions: list[dict[str, Any]] = []
    for alias, index in zip((MOVIES, USER_PROFILES), names, strict=True):
        actions += [
            {"remove": {"index": f"{alias}-*", "alias": alias, "must_exist": False}},
            {"add": {"index": index, "alias": alias}},
        ]
    client.options(request_timeout=PATIENT_SECONDS).indices.update_aliases(actions=actions)


@explained("Elasticsearch failed in labels_present")
def labels_present(client: Elasticsearch) -> set[str]:
    """Labels of which both indices exist."""
    names = set(client.indices.get(index=f"{MOVIES}-*,{USER_PROFILES}-*", expand_wildcards="open"))
    labels = {name.removeprefix(f"{MOVIES}-") for name in names if name.startswith(f"{MOVIES}-")}
    return {label for label in labels if f"{USER_PROFILES}-{label}" in names}


@explained("Elasticsearch failed in labels_begun")
def labels_begun(client: Elasticsearch) -> set[str]:
    """Labels of which at least one index exists."""
    names = client.indices.get(index=f"{MOVIES}-*,{USER_PROFILES}-*", expand_wildcards="open")
    return {name.partition("-")[2] for name in names}


@explained("Elasticsearch failed in delete_indices")
def delete_indices(client: Elasticsearch, labels: Iterable[str]) -> None:
    """Delete the indices of these labels.

    Raises
    ------
    IndexCheckError
        If one of them is live.
    """
    client = client.options(request_timeout=PATIENT_SECONDS)
    live = set(live_indices(client).values())
    for label in labels:
        names = IndexNames.of(label)
        if live & set(names):
            raise IndexCheckError(f"indices {label} are live and are not deleted")
        client.indices.delete(index=list(names), ignore_unavailable=True)
