"""Documents of people with an account in ``user_profiles``, beside those of the MovieLens people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from recommendations.search.connection import SearchError, explained
from recommendations.search.mappings import USER_PROFILES

_CONFLICT, _MISSING = 409, 404
_PATIENT_SECONDS = 60


def site_user_id(primary_key: int) -> str:
    """The id of an account's document; never that of a MovieLens person."""
    return f"site-{primary_key}"


def delete_profiles(client: Elasticsearch, user_ids: Iterable[str], *, version: int) -> int:
    """Delete these documents from the live index; returns how many were there. A newer document stays.

    Raises
    ------
    SearchError
    """
    actions = (
        {
            "_op_type": "delete",
            "_index": USER_PROFILES,
            "_id": user_id,
            "version": version,
            "version_type": "external_gte",
        }
        for user_id in user_ids
    )
    deleted = 0
    with explained("Elasticsearch could not delete profiles"):
        for done, answer in streaming_bulk(client, actions, raise_on_error=False, require_alias=True):
            deleted += done
            if not done and answer["delete"]["status"] not in (_CONFLICT, _MISSING):
                raise SearchError(f"{USER_PROFILES} kept a profile: {answer['delete'].get('error')}")
    return deleted


def site_profile_ids(client: Elasticsearch) -> list[str]:
    """The ids of every document of an account in the live index.

    Raises
    ------
    SearchError
    """
    query = {"query": {"term": {"is_site_user": True}}, "_source": False}
    with explained("Elasticsearch could not list profiles"):
        return [found["_id"] for found in scan(client, query=query, index=USER_PROFILES, size=1_000)]


def write_profiles(client: Elasticsearch, documents: Iterable[tuple[int, Mapping[str, Any]]]) -> int:
    """Write ``(version, document)`` pairs under their ``user_id`` into the live index; returns how many were written.

    ``version`` grows with time: of two writers the one whose data are newer wins, whoever comes last. An index that is
    missing is an error and does not come into being by a document.

    Raises
    ------
    SearchError
    """
    actions = (
        {
            "_op_type": "index",
            "_index": USER_PROFILES,
            "_id": document["user_id"],
            "version": version,
            "version_type": "external_gte",
            "_source": document,
        }
        for version, document in documents
    )
    written = 0
    with explained("Elasticsearch could not write profiles"):
        patient = client.options(request_timeout=_PATIENT_SECONDS)
        for done, answer in streaming_bulk(
            patient, actions, chunk_size=200, raise_on_error=False, require_alias=True
        ):
            written += done
            if not done and answer["index"]["status"] != _CONFLICT:
                raise SearchError(f"{USER_PROFILES} refused a profile: {answer['index'].get('error')}")
    return written
