"""The ranking query: the plan of :mod:`recommendations.ranking.score` as ``function_score`` around knn.

Elasticsearch only adds non-negative numbers, so every part is shifted until it is: the knn part by ``|q|·M``, and a
negative weight −a on a fact or genre becomes +a on its complement. The shifts are the same for every film; taking
them off again gives the raw score of the NumPy engine.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from elasticsearch import BadRequestError, Elasticsearch
from elasticsearch.dsl import Q, Search

from recommendations.ranking.blocks.base import Term
from recommendations.ranking.filters import EVERY_FILM, Bounds
from recommendations.ranking.score import ScorePlan
from recommendations.search.connection import SearchError, explained

# Up to this many films the vector part looks at every one of them and is exact; Elasticsearch allows no more.
MAX_CANDIDATES = 10_000
# Of more films so many nearest ones are enough where nothing lifts others far above them.
NEAREST = 1_000
# Addresses of servers that do not know knn as a query; one that is upgraded is asked again by the next process.
_without_knn_query: set[str] = set()
# So that some function always matches: otherwise function_score falls back to a score of 1.
BASE_WEIGHT = 0.001
COMPLEMENTS = {"popularity": "obscurity"}


@dataclass(frozen=True)
class RankedFilm:
    """A film and its raw score; ``by_house`` says that a rule of the house has brought it here."""

    movie_id: int
    score: float
    by_house: bool = False


@dataclass(frozen=True)
class RankingQuery:
    """A search and the constant that its scores lie above the raw ones.

    ``search`` has knn inside of ``function_score``, so that the functions see the candidates only (Elasticsearch 8.16 and
    later); ``beside`` adds two searches up and says the same on every server.
    """

    search: Search
    beside: Search
    shift: float

    def ranked(self, response: Any) -> list[RankedFilm]:
        """Read a response, best first."""
        return [RankedFilm(int(hit["_id"]), hit["_score"] - self.shift) for hit in response["hits"]["hits"]]


def ranking_query(
    plan: ScorePlan,
    *,
    index: str,
    max_norm: float,
    films: int,
    excluded: Collection[int],
    k: int,
    bounds: Bounds = EVERY_FILM,
    only: Collection[int] | None = None,
) -> RankingQuery:
    """Build the query for the ``k`` best films within the ``bounds`` that are not ``excluded`` and, if given, among ``only``
    (MovieLens numbers).

    ``max_norm`` is M of the model's item vectors, ``films`` their number. Equal scores come
    out by number, the order in which the index keeps its films.
    """
    functions: list[dict[str, Any]] = [{"weight": BASE_WEIGHT}]
    shift = BASE_WEIGHT
    for term in plan.terms:
        functions += _functions(term)
        shift += max(-term.weight, 0.0)
    within = _within(bounds)
    if only is not None:
        within.append(Q("terms", movie_id=sorted(set(only) - set(excluded))))
    must_not = [Q("terms", movie_id=sorted(excluded))] if excluded and only is None else []
    allowed = Q("bool", must_not=must_not, filter=within) if must_not or within else Q("match_all")

    def scored(query: Any, boost_mode: str) -> Search:
        made = Search(index=index).query(
            "function_score", query=query, functions=functions, score_mode="sum", boost_mode=boost_mode
        )
        return made.source(False).extra(size=k, track_total_hits=False)

    facts_alone = scored(Q("bool", filter=[allowed]), "replace")
    length = float(np.linalg.norm(plan.vector.astype(np.float64)))
    if not length > 0:
        return RankingQuery(facts_alone, facts_alone, shift)
    candidates = _candidates(plan, films)
    knn = {
        # Every film needs its vector part where something is added to it; alone, the best k are the answer.
        "k": candidates if plan.terms else min(k, candidates),
        "num_candidates": candidates,
        "query_vector": [*(plan.vector / length).astype(float).tolist(), 0.0],
        "boost": 2 * length * max_norm,
        "filter": allowed,
    }
    inside = scored(Q("knn", field="vector", **knn), "sum")
    return RankingQuery(inside, facts_alone.knn("vector", **knn), shift + length * max_norm)


def _candidates(plan: ScorePlan, films: int) -> int:
    """How many nearest films are looked at: all of them where that is allowed."""
    if films <= MAX_CANDIDATES:
        return films
    lifts = any(term.where is not None or term.fact == "popularity" for term in plan.terms)
    return MAX_CANDIDATES if lifts else NEAREST


def _within(bounds: Bounds) -> list[Any]:
    """The filters of an index that carry out the bounds."""
    filters = [Q("term", genres=genre) for genre in bounds.genres]
    if bounds.decade is not None:
        filters.append(Q("term", decade=bounds.decade))
    limits = {"gte": bounds.least or None, "lte": bounds.most}
    counts = {name: limit for name, limit in limits.items() if limit is not None}
    return [*filters, Q("range", rating_count=counts)] if counts else filters


def _functions(term: Term) -> list[dict[str, Any]]:
    """What adds the term, or with a negative weight −a the same plus a."""
    strength, positive = abs(term.weight), term.weight > 0
    amount: dict[str, Any] = {"weight": strength}
    if term.fact is not None:
        fact = term.fact if positive else COMPLEMENTS[term.fact]
        amount = {"field_value_factor": {"field": fact, "factor": strength, "missing": 0}}
    if term.where is None:
        return [amount]
    chosen = Q("term", **dict([term.where]))
    within = {"filter": chosen.to_dict(), **amount}
    if positive:
        return [within]
    outside = {"filter": (~chosen).to_dict(), "weight": strength}
    return [outside] if term.fact is None else [within, outside]


def run_ranking(client: Elasticsearch, query: RankingQuery) -> list[RankedFilm]:
    """Send the query.

    Raises
    ------
    SearchError
        If Elasticsearch refuses it, fails or does not answer in time.
    """
    server = str(next(iter(client.transport.node_pool.all())).base_url)

    def send(search: Search) -> list[RankedFilm]:
        # The plain client: building result objects would cost more than the search itself.
        return query.ranked(client.search(index=search._index, body=search.to_dict()))

    with explained("Elasticsearch could not rank films"):
        if server not in _without_knn_query:
            try:
                return send(query.search)
            except BadRequestError as error:
                # "[knn] queries cannot be provided directly", later on "[knn] unknown field [k]".
                if "[knn]" not in str(error):
                    raise
                _without_knn_query.add(server)
        return send(query.beside)


def fetch_profile(client: Elasticsearch, index: str, user_id: str) -> dict[str, Any] | None:
    """Return a person's document from ``user_profiles``, or None if there is none.

    Raises
    ------
    SearchError
        If Elasticsearch fails or does not answer in time.
    """
    with explained("Elasticsearch could not read a profile"):
        response = client.options(ignore_status=404).get(
            index=index,
            id=user_id,
            source_includes=["taste", "seen", "*_weight"],
        )
    if response.get("found"):
        source: dict[str, Any] = response["_source"]
        return source
    if response.meta.status == 404 and "found" in response:
        return None
    raise SearchError(f"index {index} is missing")
