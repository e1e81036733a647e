"""Searches that benchmarks compare with; nothing else uses them."""

from __future__ import annotations

from collections.abc import Sequence

from elasticsearch import Elasticsearch


def search_by_ids(client: Elasticsearch, index: str, movie_ids: Sequence[int]) -> int:
    """Fetch films by number with one search, as the yardstick; returns how many came back."""
    response = client.search(
        index=index,
        query={"ids": {"values": [str(movie_id) for movie_id in movie_ids]}},
        size=len(movie_ids),
        source_includes=["title", "year", "genres"],
    )
    return len(response["hits"]["hits"])


def genre_search(client: Elasticsearch, index: str, affinities: dict[str, float], k: int) -> int:
    """The plain approach: function_score over genre means, without vectors; returns how many films came back."""
    functions = [
        {"filter": {"term": {"genres": name}}, "weight": value} for name, value in affinities.items()
    ]
    response = client.search(
        index=index,
        query={"function_score": {"query": {"match_all": {}}, "functions": functions, "score_mode": "sum"}},
        size=k,
        source_includes=["title", "year", "genres"],
    )
    return len(response["hits"]["hits"])


def profile_genres(client: Elasticsearch, index: str, user_id: str) -> dict[str, float]:
    """The person's mean stars by genre, from their document."""
    document = client.get(index=index, id=user_id, source_includes=["genres"])
    return {part["genre"]: part["mean"] for part in document["_source"]["genres"]}
