"""Finding films by title: whole words, beginnings of words and typing errors, with or without accents."""

from __future__ import annotations

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.dsl import Q, Search

from recommendations.search.documents import fold_text
from recommendations.search.errors import SearchError

# A word as it stands says more than the beginning of one, and that more than a word with typing errors.
EXACT_BOOST, PREFIX_BOOST, FUZZY_BOOST = 4.0, 2.0, 1.0


def film_search_query(
    text: str, *, index: str, genre: str | None = None, decade: int | None = None, limit: int = 20
) -> Search:
    """Build the search; equally good films come best known first. Empty ``text`` finds every film.

    Every word must occur, as it stands, as a beginning (the last one) or with one or two typing errors.
    """
    filters = []
    if genre is not None:
        filters.append(Q("term", genres=genre))
    if decade is not None:
        filters.append(Q("term", decade=decade))
    folded = fold_text(text).strip()
    search = Search(index=index)
    if folded:
        query = Q(
            "bool",
            filter=filters,
            minimum_should_match=1,
            should=[
                Q("match", title_folded={"query": folded, "operator": "and", "boost": EXACT_BOOST}),
                Q(
                    "match_bool_prefix",
                    title_folded={"query": folded, "operator": "and", "boost": PREFIX_BOOST},
                ),
                Q(
                    "match",
                    title_folded={
                        "query": folded,
                        "operator": "and",
                        "fuzziness": "AUTO",
                        "prefix_length": 1,
                        "boost": FUZZY_BOOST,
                    },
                ),
            ],
        )
        order = ["_score", {"rating_count": "desc"}, {"movie_id": "asc"}]
    else:
        query = Q("bool", filter=filters or [Q("match_all")])
        order = [{"rating_count": "desc"}, {"movie_id": "asc"}]
    return search.query(query).sort(*order).source(False).extra(size=limit, track_total_hits=False)


def find_films(client: Elasticsearch, search: Search) -> list[int]:
    """MovieLens numbers of the films found, best first.

    Raises
    ------
    SearchError
        If Elasticsearch refuses, fails or does not answer in time.
    """
    try:
        response = client.search(index=search._index, body=search.to_dict())
    except (ApiError, TransportError) as error:
        raise SearchError(f"Elasticsearch could not search films: {error}") from error
    return [int(hit["_id"]) for hit in response["hits"]["hits"]]
