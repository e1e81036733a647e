"""Small real indices for tests of ranking and of their life cycle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from elasticsearch import Elasticsearch

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.people import KnownPeople
from recommendations.search.connection import connect
from recommendations.search.documents import movie_document, profile_document, unit_item_vectors
from recommendations.search.index_lifecycle import (
    IndexNames,
    create_indices,
    finish_loading,
    load_documents,
)

Documents = list[tuple[str, Mapping[str, Any]]]


@contextmanager
def client_of(url: str) -> Iterator[Elasticsearch]:
    """A client with patience: the test machine may be busy."""
    with connect(url, timeout_seconds=30) as client:
        yield client


def new_label() -> str:
    """A label that no other test uses."""
    return f"test-{uuid4().hex[:12]}"


def film_documents(artefact: Artefact) -> Documents:
    """Every film of an artefact, as publishing writes it."""
    vectors = unit_item_vectors(artefact)
    return [
        (
            str(movie_id),
            movie_document(
                artefact,
                vectors,
                row,
                {
                    "title": f"Film {movie_id}",
                    "year": None,
                    "genres": [name for name, has in zip(GENRES, artefact.genres[row], strict=True) if has],
                    "mean_stars": None,
                },
            ),
        )
        for row, movie_id in enumerate(artefact.movie_ids)
    ]


def people_documents(artefact: Artefact, people: KnownPeople) -> Documents:
    """Every person, with the taste folded in."""
    documents: Documents = []
    for user_id in people.user_ids.tolist():
        demographics, history = people.person(user_id)
        document = profile_document(
            user_id=str(user_id),
            demographics=demographics,
            taste=fold_in(artefact, demographics, history),
            seen=artefact.movie_ids[history.items],
            mean_stars=float(history.stars.mean()),
            genres=[{"genre": "Drama", "mean": 3.5, "count": 4, "affinity": 0.2}],
            updated_at=datetime.now(UTC),
        )
        documents.append((str(user_id), document))
    return documents


def build_indices(
    client: Elasticsearch, label: str, artefact: Artefact, people: KnownPeople | None = None
) -> IndexNames:
    """Create, fill and check both indices of a label; nothing is switched."""
    names = create_indices(client, label, artefact.item_vectors.shape[1])
    films = film_documents(artefact)
    profiles = people_documents(artefact, people) if people is not None else []
    load_documents(client, names.movies, films)
    load_documents(client, names.user_profiles, profiles)
    finish_loading(client, {names.movies: len(films), names.user_profiles: len(profiles)})
    return names
