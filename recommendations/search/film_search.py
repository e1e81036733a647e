"""Finding films by title: whole words, beginnings of words and typing errors, with or without accents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Q, Search

from recommendations.search.connection import explained
from recommendations.search.documents import fold_text

# A word as it stands says more than the beginning of one, and that more than a word with typing errors.
EXACT_BOOST, PREFIX_BOOST, FUZZY_BOOST = 4.0, 2.0, 1.0

# How films can be ordered; ``best`` is by how well the title fits, and without a title like ``known``.
_BEST_KNOWN: list[Any] = [{"rating_count": "desc"}, {"movie_id": "asc"}]
_ORDERS: dict[str, list[Any]] = {
    "best": ["_score", *_BEST_KNOWN],
    "known": _BEST_KNOWN,
    "liked": [{"like_share": "desc"}, *_BEST_KNOWN],
    "newest": [{"year": {"order": "desc", "missing": "_last"}}, *_BEST_KNOWN],
    "oldest": [{"year": {"order": "asc", "missing": "_last"}}, *_BEST_KNOWN],
}
FILM_ORDERS = tuple(_ORDERS)


@dataclass(frozen=True)
class FilmFilter:
    """What narrows a search: a genre (a MovieLens name), a decade (1990 for 1990 to 1999), and how many ratings a
    film has at least and at most; ``None`` leaves everything in. ``left_out`` are numbers that are never found."""

    genre: str | None = None
    decade: int | None = None
    least_ratings: int | None = None
    most_ratings: int | None = None
    left_out: frozenset[int] = frozenset()

    def queries(self) -> list[Any]:
        """The filters for Elasticsearch."""
        filters = []
        if self.genre is not None:
            filters.append(Q("term", genres=self.genre))
        if self.decade is not None:
            filters.append(Q("term", decade=self.decade))
        limits = {"gte": self.least_ratings, "lte": self.most_ratings}
        told = {name: value for name, value in limits.items() if value is not None}
        if told:
            filters.append(Q("range", rating_count=told))
        if self.left_out:
            filters.append(~Q("terms", movie_id=sorted(self.left_out)))
        return filters


@dataclass(frozen=True)
class FilmHits:
    """MovieLens numbers of the films found, best first, and how many there are on the whole."""

    movie_ids: tuple[int, ...]
    total: int


def film_search_query(
    text: str,
    *,
    index: str,
    narrowed: FilmFilter | None = None,
    order: str = "best",
    offset: int = 0,
    limit: int = 20,
) -> Search:
    """Build the search; equally good films come best known first. Empty ``text`` finds every film.

    Every word must occur, as it stands, with one or two typing errors, or (the last one) as a beginning.
    ``order`` is one of :data:`FILM_ORDERS`.
    """
    filters = (narrowed or FilmFilter()).queries()
    folded = fold_text(text).strip()
    search = Search(index=index)
    if folded:
        misspelt = {
            "query": folded,
            "operator": "and",
            "fuzziness": "AUTO",
            "prefix_length": 1,
            "boost": FUZZY_BOOST,
        }
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
                Q("match", title_folded=misspelt),
                Q("match_bool_prefix", title_folded=misspelt),
            ],
        )
    else:
        query = Q("bool", filter=filters or [Q("match_all")])
    keys = _ORDERS["known" if order == "best" and not folded else order]
    return (
        search.query(query).sort(*keys).source(False).extra(from_=offset, size=limit, track_total_hits=True)
    )


def suggestion_query(text: str, *, index: str, limit: int, narrowed: FilmFilter | None = None) -> Search:
    """Films for an unfinished title: whole words and beginnings, then titles that begin nearly like it.

    The latter are not ``narrowed``.
    """
    search = film_search_query(text, index=index, narrowed=narrowed, limit=limit)
    fuzzy = {"fuzziness": "AUTO", "prefix_length": 1, "min_length": 4}
    completion = {"field": "suggest", "size": limit, "skip_duplicates": False, "fuzzy": fuzzy}
    return search.suggest("titles", fold_text(text).strip(), completion=completion)


def find_films(client: Elasticsearch, search: Search) -> FilmHits:
    """Send a search.

    Raises
    ------
    SearchError
        If Elasticsearch refuses, fails or does not answer in time.
    """
    hits = _send(client, search)["hits"]
    return FilmHits(tuple(int(hit["_id"]) for hit in hits["hits"]), int(hits["total"]["value"]))


def find_suggestions(client: Elasticsearch, search: Search, *, limit: int) -> FilmHits:
    """Send a :func:`suggestion_query`; at most ``limit`` films, each once.

    Raises
    ------
    SearchError
    """
    response = _send(client, search)
    completed = [option["_id"] for option in response["suggest"]["titles"][0]["options"]]
    numbers = [int(hit["_id"]) for hit in response["hits"]["hits"]] + [int(number) for number in completed]
    once = tuple(dict.fromkeys(numbers))
    return FilmHits(once[:limit], len(once))


def _send(client: Elasticsearch, search: Search) -> Any:
    with explained("Elasticsearch could not search films"):
        return client.search(index=search._index, body=search.to_dict())
