"""The index ``operations``: what Kibana's dashboards show of the site's running. Derived, like every index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Date, Float, Integer, Keyword
from elasticsearch.dsl import Mapping as IndexMapping

from recommendations.search.connection import explained
from recommendations.search.index_lifecycle import PATIENT_SECONDS, load_documents

OPERATIONS = "operations"


def operations_mapping() -> dict[str, Any]:
    """One index for four kinds of documents; ``kind`` says which fields a document has."""
    mapping = IndexMapping()
    mapping.meta("dynamic", "strict")
    mapping.field("@timestamp", Date())
    mapping.field("kind", Keyword())
    # ratings: one document per day and source (movielens, site)
    mapping.field("source", Keyword())
    mapping.field("data_digest", Keyword())
    mapping.field("rating_count", Integer())
    mapping.field("mean_stars", Float())
    # job: one document per job that has ended
    mapping.field("job_id", Integer())
    mapping.field("job_kind", Keyword())
    mapping.field("job_state", Keyword())
    mapping.field("seconds", Float())
    # requests: one document per view and reading of the measurements
    mapping.field("view", Keyword())
    mapping.field("requests", Integer())
    mapping.field("mean_milliseconds", Float())
    mapping.field("p95_milliseconds", Float())
    # lists: one document per day, version, arm of an experiment and row, with what people did in such rows
    for name in ("version", "arm", "row"):
        mapping.field(name, Keyword())
    for name in ("lists", "impressions", "opened", "likes", "hides"):
        mapping.field(name, Integer())
    for name in ("coverage", "top_hundred"):
        mapping.field(name, Float())
    return mapping.to_dict()


def write_operations(client: Elasticsearch, documents: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
    """Write ``(id, document)`` pairs, making the index if there is none; the same ids again change nothing.

    Raises
    ------
    recommendations.search.connection.SearchError
    """
    patient = client.options(request_timeout=PATIENT_SECONDS)
    with explained("Elasticsearch did not take the record of operations"):
        if patient.indices.exists(index=OPERATIONS):
            # An index of an earlier version lacks fields that came later; those that it has stay as they are.
            patient.indices.put_mapping(index=OPERATIONS, properties=operations_mapping()["properties"])
        else:
            patient.indices.create(
                index=OPERATIONS,
                mappings=operations_mapping(),
                settings={"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "10s"},
            )
        return load_documents(client, OPERATIONS, documents)


def has_ratings_of(client: Elasticsearch, data_digest: str) -> bool:
    """Whether the days of this data are recorded already."""
    query = {"bool": {"filter": [{"term": {"kind": "ratings"}}, {"term": {"data_digest": data_digest}}]}}
    with explained("Elasticsearch cannot be asked about operations"):
        found = client.options(request_timeout=PATIENT_SECONDS).count(
            index=OPERATIONS, query=query, ignore_unavailable=True
        )
    return bool(found["count"])
