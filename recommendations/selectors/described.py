"""Finds films by what they are about: words of their texts and the meaning of a sentence, joined by their ranks."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommendations.models.catalogue import Movie
from recommendations.search.breaker import search_breaker
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.film_search import FilmFilter
from recommendations.search.film_texts import find_described, nearest_query, words_query
from recommendations.search.sentences import sentence_model
from recommendations.selectors.catalogue import FilmFacts, clean_text, films_in_order
from recommendations.selectors.lists.engines import note_degraded_answer
from recommendations.selectors.lists.person import Person, RecommendationError
from recommendations.selectors.lists.world import look_at

# Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion outperforms Condorcet": the constant of their experiments.
_FUSION = 60
# What the best known film gains beside one that nobody has rated.
_KNOWN = 0.2
WORDS, MEANING = "words", "meaning"
# Texts whose vectors have a smaller cosine with that of the sentence are about something else. What is nearest to letters
# that are no words ("asdf qwer") reaches .25, so that is asked for where no word of the sentence occurs anywhere.
LEAST_COSINE, LEAST_COSINE_ALONE = 0.15, 0.25
LONGEST_OVERVIEW = 160


@dataclass(frozen=True)
class DescribedFilm:
    """A film, the beginning of its overview with who wrote it, and the ways it was found: ``words``, ``meaning`` or both."""

    film: FilmFacts
    overview: str
    overview_source: str
    found_by: tuple[str, ...]


@dataclass(frozen=True)
class Described:
    """Best first. ``ways`` are those that were asked, ``degraded`` is true if Elasticsearch is away, and ``for_person``
    if what is expected of the films for somebody joined in."""

    items: tuple[DescribedFilm, ...] = ()
    ways: tuple[str, ...] = ()
    degraded: bool = False
    for_person: bool = False


def fused(rankings: Iterable[Sequence[int]]) -> dict[int, float]:
    """Of each number the sum of 1 / (60 + place) over the rankings that have it."""
    total: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for place, number in enumerate(ranking, start=1):
            total[number] += 1 / (_FUSION + place)
    return dict(total)


def films_described(
    *,
    text: str,
    limit: int = 12,
    genre: str | None = None,
    decade: int | None = None,
    person: Person | None = None,
    ways: tuple[str, ...] = (WORDS, MEANING),
) -> Described:
    """Films that fit a description such as "heist film with a twist". With a ``person``, those that suit them come first.
    ``genre`` and ``decade`` narrow as in :func:`recommendations.selectors.catalogue.search_films`.

    Without the package of the sentence model, or while the index has no vectors, words alone find them. Nothing is found
    while Elasticsearch is away.
    """
    text, narrowed = clean_text(text), FilmFilter(genre, decade)
    if not text or limit < 1:
        return Described()
    model = sentence_model() if MEANING in ways else None
    vector = model.vectors([text])[0] if model is not None else None
    searches = {WORDS: words_query(text, narrowed)} if WORDS in ways else {}
    if vector is not None and vector.any():
        searches[MEANING] = nearest_query(vector.tolist(), narrowed)
    if not searches:
        return Described()
    try:
        answers = search_breaker().call(lambda: find_described(get_client(), searches.values()))
    except SearchError as error:
        note_degraded_answer("search", error)
        return Described(degraded=True)
    found = dict(zip(searches, answers, strict=True))
    if MEANING in found:
        least = LEAST_COSINE if found.get(WORDS) else LEAST_COSINE_ALONE
        found[MEANING] = [(number, score) for number, score in found[MEANING] if 2 * score - 1 >= least]
    rankings = {way: [number for number, _score in hits] for way, hits in found.items()}
    scores = fused(rankings.values())
    suited = _by_match(person, list(scores)) if person is not None else []
    if suited:
        scores = fused([*rankings.values(), suited])
    films = _best_first(films_in_order(scores), scores)[:limit]
    return Described(_with_overviews(films, rankings), tuple(rankings), for_person=bool(suited))


def _best_first(films: Sequence[FilmFacts], scores: Mapping[int, float]) -> list[FilmFacts]:
    """Of films that fit about as well, the best known ones come first."""
    most = math.log1p(max((film.rating_count for film in films), default=0)) or 1.0

    def place(film: FilmFacts) -> tuple[float, int]:
        known = 1 + _KNOWN * math.log1p(film.rating_count) / most
        return -scores[film.movie_id] * known, film.movie_id

    return sorted(films, key=place)


def _by_match(person: Person, numbers: Sequence[int]) -> list[int]:
    """These films, those first that match the person best; none if the model expects nothing of them."""
    try:
        look = look_at(person)
    except RecommendationError:
        return []
    positions = look.artefact.positions
    known = [number for number in numbers if number in positions]
    if look.predicted is None or not known:
        return []
    stars = look.predicted.stars(np.array([positions[number] for number in known], np.intp))
    return [known[place] for place in np.argsort(-stars, kind="stable")]


def _with_overviews(films: Sequence[FilmFacts], rankings: dict[str, list[int]]) -> tuple[DescribedFilm, ...]:
    rows = Movie.objects.filter(movielens_id__in=[film.movie_id for film in films])
    texts = {
        number: (overview, sources.get("overview", source))
        for number, overview, sources, source in rows.values_list(
            "movielens_id", "overview", "fact_sources", "source"
        )
    }
    made = []
    for film in films:
        overview, source = texts[film.movie_id]
        ways = tuple(way for way, ranking in rankings.items() if film.movie_id in ranking)
        made.append(DescribedFilm(film, _beginning(overview), source if overview else "", ways))
    return tuple(made)


def _beginning(overview: str) -> str:
    """The first words, ended by "…" where there are more."""
    if len(overview) <= LONGEST_OVERVIEW:
        return overview
    return overview[:LONGEST_OVERVIEW].rpartition(" ")[0].rstrip(",;:.") + "…"
