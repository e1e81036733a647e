"""Finding films by title: whole words, beginnings of words and typing errors, with or without accents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Q, Search

from recommendations.ranking.titles import title_words
from recommendations.search.connection import explained
from recommendations.search.documents import fold_text, folded_words

# What a text says about a title, most telling first: it is the title, the title begins with it, the title begins with
# it if numbers and spaces are written alike, its words occur, its words begin words. Films of one tier come best known
# first. With typing errors Elasticsearch's own score decides, which stays below all tiers.
_WHOLE, _BEGINS, _BEGINS_NEARLY, _WORDS, _BEGINNINGS_OF_WORDS = 10_000.0, 5_000.0, 3_000.0, 2_000.0, 1_000.0
# So many letters without their spaces say enough to be compared with titles without spaces ("mash" is M*A*S*H).
_LEAST_JOINED = 4

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
    film has at least and at most; ``None`` leaves everything in. ``left_out`` are numbers that are never found, ``only``
    those that can be."""

    genre: str | None = None
    decade: int | None = None
    least_ratings: int | None = None
    most_ratings: int | None = None
    left_out: frozenset[int] = frozenset()
    only: frozenset[int] | None = None

    def queries(self) -> list[Any]:
        """The filters for Elasticsearch."""
        filters = []
        if self.genre is not None:
            filters.append(Q("term", genres=self.genre))
        if self.decade is not None:
            filters.append(Q("term", decade=self.decade))
        limits = {"gte": self.least_ratings, "lte": self.most_ratings}
        bounds = {name: value for name, value in limits.items() if value is not None}
        if bounds:
            filters.append(Q("range", rating_count=bounds))
        if self.left_out:
            filters.append(~Q("terms", movie_id=sorted(self.left_out)))
        if self.only is not None:
            filters.append(Q("terms", movie_id=sorted(self.only)))
        return filters


@dataclass(frozen=True)
class TypedTitle:
    """A title as somebody typed it, perhaps not to its end, to be compared with what titles begin with
    (:func:`recommendations.search.documents.beginnings`).

    ``plain`` are its words, ``nearly`` the same with numbers as digits and without spaces.
    """

    plain: str
    nearly: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> TypedTitle:
        """Split what was typed into the title's words and a year."""
        words, digits = folded_words(text), title_words(text)
        joined = [one for one in ("".join(words), "".join(digits)) if len(one) >= _LEAST_JOINED]
        plain = " ".join(words)
        nearly = dict.fromkeys([" ".join(digits), *joined]) if words else {}
        return cls(plain, tuple(way for way in nearly if way and way != plain))

    def tier(self, titles: Iterable[str]) -> int | None:
        """0 if it is one of these ways to write a title, 1 if one begins with it, 2 if nearly so, else ``None``."""
        ways = (self.plain, *self.nearly)
        if not self.plain:
            return None
        if any(title in ways for title in titles):
            return 0
        if any(title.startswith(self.plain) for title in titles):
            return 1
        return 2 if any(title.startswith(self.nearly) for title in titles) else None


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

    Titles that begin with the text come first. In others every word must occur, as it stands, with one or two typing
    errors, or (the last one) as a beginning. ``order`` is one of :data:`FILM_ORDERS`.
    """
    filters = (narrowed or FilmFilter()).queries()
    folded = fold_text(text).strip()
    search = Search(index=index)
    if folded:
        query = Q("bool", filter=filters, must=[Q("dis_max", queries=_tiers(folded))])
    else:
        query = Q("bool", filter=filters or [Q("match_all")])
    keys = _ORDERS["known" if order == "best" and not folded else order]
    return (
        search.query(query).sort(*keys).source(False).extra(from_=offset, size=limit, track_total_hits=True)
    )


def _tiers(folded: str) -> list[Any]:
    typed = TypedTitle.of(folded)
    every = {"query": folded, "operator": "and"}
    digits = {"query": " ".join(title_words(folded)), "operator": "and"}
    tiers = [
        (_WORDS, Q("match", title_folded=every) | Q("match", title_words=digits)),
        (_BEGINNINGS_OF_WORDS, Q("match_bool_prefix", title_folded=every)),
    ]
    if typed.plain:
        tiers.append((_WHOLE, Q("terms", beginnings=[typed.plain, *typed.nearly])))
        tiers.append((_BEGINS, Q("prefix", beginnings=typed.plain)))
    tiers += [(_BEGINS_NEARLY, Q("prefix", beginnings=way)) for way in typed.nearly]
    misspelt = {**every, "fuzziness": "AUTO", "prefix_length": 1}
    return [
        *(Q("constant_score", filter=query, boost=boost) for boost, query in tiers),
        Q("bool", should=[Q("match", title_folded=misspelt), Q("match_bool_prefix", title_folded=misspelt)]),
    ]


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
