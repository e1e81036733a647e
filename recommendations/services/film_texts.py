"""Keeps the texts of films in Elasticsearch in line with the catalogue: after each change of it, without any training."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import Count, Max

from recommendations.models import Credit, Enrichment, ModelVersion, Movie
from recommendations.models.new_films import NewFilmsState
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.film_texts import present_state, stemmed, write_film_texts
from recommendations.search.sentences import NAME, SentenceModel, sentence_model

logger = logging.getLogger(__name__)
# So long what this process has found or written counts; then Elasticsearch is asked again.
SURE_SECONDS = 60.0
_BATCH = 500
# The layout of the documents: another number makes all of them anew.
_LAYOUT = 1
_sure: tuple[str, float] = ("", 0.0)


def state_of_catalogue() -> str:
    """What the texts are made from, as a short digest: data, facts from elsewhere, new films, and the model of sentences."""
    champion = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).values_list("data_digest")
    facts = Enrichment.objects.aggregate(Count("pk"), Max("pk"), Max("added_at"))
    films = Movie.objects.each_once().aggregate(Count("pk"), Max("pk"))
    told = (
        *(_LAYOUT, NAME if sentence_model() else "", champion.first()),
        *(tuple(facts.values()), tuple(films.values()), NewFilmsState.now().revision),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def update_film_texts() -> int:
    """Write all texts anew if the catalogue is another than they were made from; returns how many films were written.

    Called by the worker twice a minute. Never raises because of Elasticsearch: what it does not take is tried again.
    """
    global _sure
    state = state_of_catalogue()
    if _sure[0] == state and time.monotonic() < _sure[1]:
        return 0
    try:
        written = _write(state)
    except SearchError as error:
        logger.warning("What films are about cannot be found as it is now: %s", error)
        return 0
    _sure = (state, time.monotonic() + SURE_SECONDS)
    return written


def _write(state: str) -> int:
    client = get_client()
    if present_state(client) == state:
        return 0
    model = sentence_model()
    documents = list(_documents(model))
    if not documents:
        return 0
    write_film_texts(client, state, documents, model.dimensions if model else 0)
    return len(documents)


def _documents(model: SentenceModel | None) -> Iterator[tuple[str, dict[str, Any]]]:
    people, genres = defaultdict(list), defaultdict(list)
    for movie, name in Credit.objects.order_by("place").values_list("movie", "name"):
        people[movie].append(name)
    for movie, name in Movie.objects.exclude(genres=None).values_list("pk", "genres__name"):
        genres[movie].append(name)
    columns = ("pk", "movielens_id", "title", "year", "overview", "tags", "rating_count")
    films = Movie.objects.each_once().order_by("movielens_id").values(*columns).iterator(_BATCH)
    while rows := list(islice(films, _BATCH)):
        texts = [_sentence(row, genres[row["pk"]]) for row in rows]
        documents = [
            {
                "movie_id": row["movielens_id"],
                "words": stemmed(f"{text} {' '.join(people[row['pk']])}"),
                "genres": genres[row["pk"]],
                "decade": row["year"] // 10 * 10 if row["year"] else None,
                "rating_count": row["rating_count"],
            }
            for row, text in zip(rows, texts, strict=True)
        ]
        if model is not None:
            for document, vector in zip(documents, model.vectors(texts).tolist(), strict=True):
                # A film with nothing but marks in its title has none.
                if any(vector):
                    document["meaning"] = vector
        yield from ((str(document["movie_id"]), document) for document in documents)


def _sentence(row: dict[str, Any], genres: list[str]) -> str:
    """What of a film its vector is made from; names of people say nothing of what it is about."""
    return f"{row['title']}. {row['overview']} {', '.join((*genres, *row['tags']))}"
