"""What films are about: an index of their texts and of the vectors of these, searched both ways.

``film_texts`` is an alias, as ``movies`` is, but follows the catalogue in the database and no model version. Its data lie in
``film_texts-<state>``, where the state names the catalogue that it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import snowballstemmer
from elasticsearch import Elasticsearch
from elasticsearch.dsl import DenseVector, Integer, Keyword, Search, Text
from elasticsearch.dsl import Mapping as DslMapping

from recommendations.search.connection import explained
from recommendations.search.documents import folded_words
from recommendations.search.film_search import FilmFilter
from recommendations.search.index_lifecycle import PATIENT_SECONDS, finish_loading, load_documents
from recommendations.search.mappings import SETTINGS

FILM_TEXTS = "film_texts"
# Stems are made here: the analyzers of languages are a module that a small Elasticsearch may not have.
_SETTINGS = {
    **SETTINGS,
    "analysis": {"analyzer": {"without_stop_words": {"type": "standard", "stopwords": "_english_"}}},
}
# Of each way; how many of them are looked at more closely in the graph of vectors.
CANDIDATES, LOOKED_AT = 50, 200


def film_texts_mapping(dimensions: int) -> dict[str, Any]:
    """Mapping of ``film_texts`` for vectors of so many ``dimensions``; 0 for none."""
    mapping = DslMapping()
    mapping.meta("dynamic", "strict")
    mapping.field("movie_id", Integer())
    mapping.field("words", Text(analyzer="without_stop_words"))
    # What FilmFilter narrows by.
    mapping.field("genres", Keyword())
    mapping.field("decade", Integer())
    mapping.field("rating_count", Integer())
    if dimensions:
        options = {"type": "hnsw", "m": 16, "ef_construction": 100}
        mapping.field(
            "meaning", DenseVector(dims=dimensions, index=True, similarity="cosine", index_options=options)
        )
    return mapping.to_dict()


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    # A stemmer keeps its place in a word, so threads do not share one.
    return str(snowballstemmer.stemmer("english").stemWord(word))


def stemmed(text: str) -> str:
    """The stems of the words of an English text, without accents ("robbing casinos" is "rob casino")."""
    return " ".join(map(_stem, folded_words(text)))


@explained("Elasticsearch could not say which texts of films it has")
def present_state(client: Elasticsearch) -> str | None:
    """The state of the live index, or ``None`` if there is none."""
    found = client.indices.get_alias(index=f"{FILM_TEXTS}-*", expand_wildcards="open")
    live = [index for index, entry in found.items() if FILM_TEXTS in entry["aliases"]]
    return live[0].removeprefix(f"{FILM_TEXTS}-") if live else None


@explained("Elasticsearch could not take the texts of films")
def write_film_texts(
    client: Elasticsearch, state: str, documents: Sequence[tuple[str, Mapping[str, Any]]], dimensions: int
) -> None:
    """Write ``(id, document)`` pairs to a new index, make it the live one, and delete those before it.

    Raises
    ------
    recommendations.search.connection.SearchError
        If Elasticsearch does not take them; what was live stays so.
    """
    patient, index = client.options(request_timeout=PATIENT_SECONDS), f"{FILM_TEXTS}-{state}"
    # What a killed run has left.
    patient.indices.delete(index=index, ignore_unavailable=True)
    patient.indices.create(index=index, mappings=film_texts_mapping(dimensions), settings=_SETTINGS)
    load_documents(client, index, documents)
    finish_loading(client, {index: len(documents)})
    before = [name for name in patient.indices.get(index=f"{FILM_TEXTS}-*") if name != index]
    patient.indices.update_aliases(
        actions=[
            {"remove": {"index": f"{FILM_TEXTS}-*", "alias": FILM_TEXTS, "must_exist": False}},
            {"add": {"index": index, "alias": FILM_TEXTS}},
        ]
    )
    if before:
        patient.indices.delete(index=before, ignore_unavailable=True)


def _search(narrowed: FilmFilter) -> Search:
    return Search(index=FILM_TEXTS).filter("bool", filter=narrowed.queries()).source(False)[:CANDIDATES]


def words_query(text: str, narrowed: FilmFilter) -> Search:
    """Films in whose texts these words occur, in any form ("hunted" finds "hunting"), by BM25."""
    return _search(narrowed).query("match", words=stemmed(text))


def nearest_query(vector: Sequence[float], narrowed: FilmFilter) -> Search:
    """Films the vectors of whose texts are nearest to this one; the score is (1 + cosine) / 2."""
    search = Search(index=FILM_TEXTS).source(False)[:CANDIDATES]
    filters = [query.to_dict() for query in narrowed.queries()]
    return search.knn("meaning", CANDIDATES, LOOKED_AT, query_vector=list(vector), filter=filters or None)


def find_described(client: Elasticsearch, searches: Iterable[Search]) -> list[list[tuple[int, float]]]:
    """Send all of them at once; of each the film numbers with their scores, best first. None where there is no index yet.

    Raises
    ------
    recommendations.search.connection.SearchError
    """
    lines: list[dict[str, Any]] = []
    for search in searches:
        lines += [{"index": FILM_TEXTS, "ignore_unavailable": True}, search.to_dict()]
    with explained("Elasticsearch could not search what films are about"):
        answers = client.msearch(searches=lines)["responses"]
    return [
        [(int(hit["_id"]), float(hit["_score"])) for hit in answer.get("hits", {}).get("hits", [])]
        for answer in answers
    ]
