"""Documents of films that came after training, beside those of the version's own in ``movies``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from recommendations.search.connection import SearchError, explained

_MISSING = 404


def write_new_films(
    client: Elasticsearch, index: str, documents: Mapping[str, Mapping[str, Any]], gone: Iterable[str]
) -> None:
    """Write these documents by id, and delete those of the films ``gone``; every search that begins later sees it.

    Raises
    ------
    SearchError
    """
    actions: list[dict[str, Any]] = [
        {"_op_type": "index", "_index": index, "_id": key, "_source": source}
        for key, source in documents.items()
    ]
    actions += [{"_op_type": "delete", "_index": index, "_id": key} for key in gone]
    with explained("Elasticsearch could not write new films"):
        # Never into an index that is not there: Elasticsearch would make one, without our mapping.
        if not client.indices.exists(index=index):
            raise SearchError(f"index {index} is missing")
        for done, answer in streaming_bulk(client, actions, raise_on_error=False, refresh=True):
            kind, result = next(iter(answer.items()))
            if not done and not (kind == "delete" and result["status"] == _MISSING):
                raise SearchError(f"{index} refused film {result['_id']}: {result.get('error')}")
