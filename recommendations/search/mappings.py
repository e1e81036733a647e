"""Index mappings: strict and explicit, so that a misspelt field is an error and not a new column."""

from __future__ import annotations

from typing import Any

from elasticsearch.dsl import (
    Boolean,
    Completion,
    Date,
    DenseVector,
    Float,
    Integer,
    Keyword,
    Mapping,
    Nested,
    Short,
    Text,
)

from recommendations.ranking.blocks import FACTS

MOVIES, USER_PROFILES = "movies", "user_profiles"
SETTINGS: dict[str, Any] = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": -1}
# Films lie in the order of their numbers, so that equal scores come out in that order without sorting a result.
MOVIES_SETTINGS: dict[str, Any] = {**SETTINGS, "sort.field": "movie_id", "sort.order": "asc"}


def movies_mapping(dimensions: int) -> dict[str, Any]:
    """Mapping of ``movies`` for item vectors of ``dimensions`` (one more than the taste vector has)."""
    mapping = Mapping()
    mapping.meta("dynamic", "strict")
    mapping.field("movie_id", Integer())
    mapping.field("title", Text(fields={"exact": Keyword()}))
    mapping.field("title_folded", Text())
    mapping.field("title_words", Text())
    mapping.field("beginnings", Keyword(ignore_above=512))
    mapping.field("suggest", Completion(max_input_length=120))
    mapping.field("year", Short())
    mapping.field("decade", Short())
    mapping.field("genres", Keyword())
    mapping.field("rating_count", Integer())
    mapping.field("mean_stars", Float())
    for name in ("like_share", *FACTS, "popularity", "obscurity"):
        mapping.field(name, Float())
    # hnsw is named because the default became a quantised graph in 8.14, whose order is no longer exact.
    mapping.field(
        "vector",
        DenseVector(
            dims=dimensions,
            index=True,
            similarity="dot_product",
            index_options={"type": "hnsw", "m": 16, "ef_construction": 100},
        ),
    )
    return mapping.to_dict()


def user_profiles_mapping(dimensions: int) -> dict[str, Any]:
    """Mapping of ``user_profiles``; ``taste`` has ``dimensions`` and is read back, never searched."""
    mapping = Mapping()
    mapping.meta("dynamic", "strict")
    mapping.field("user_id", Keyword())
    mapping.field("is_site_user", Boolean())
    mapping.field("age", Short())
    mapping.field("gender", Keyword())
    mapping.field("occupation", Keyword())
    mapping.field("rating_count", Integer())
    mapping.field("mean_stars", Float())
    mapping.field(
        "genres",
        Nested(properties={"genre": Keyword(), "mean": Float(), "count": Integer(), "affinity": Float()}),
    )
    mapping.field("taste", DenseVector(dims=dimensions, index=False))
    for name in ("like_share", *FACTS):
        mapping.field(f"{name}_weight", Float())
    mapping.field("seen", Integer(index=False))
    mapping.field("updated_at", Date())
    return mapping.to_dict()
