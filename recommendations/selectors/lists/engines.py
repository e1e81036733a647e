"""The two engines behind one list: Elasticsearch, and the NumPy scorer that stands in for it."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommendations.observability.metrics import degraded_answers
from recommendations.ranking.dials import LIKE
from recommendations.ranking.score import CANDIDATES, diversify, rank_films
from recommendations.search.breaker import CircuitOpenError, search_breaker
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import IndexNames
from recommendations.search.queries import (
    RankedFilm,
    fetch_profile,
    ranking_query,
    run_ranking,
)
from recommendations.selectors.lists.exposure import spare_films, with_new_films
from recommendations.selectors.lists.person import SearchUnavailableError
from recommendations.selectors.lists.world import Look

ENGINES = ("elasticsearch", "numpy")


def rank_person(look: Look, *, k: int, engine: str) -> list[RankedFilm]:
    """Return the ``k`` best films and their raw scores from this engine and no other, without describing them.

    A list by predicted stars is always ranked in NumPy: they are known for every film, and nothing is searched.

    Raises
    ------
    SearchUnavailableError
    """
    if engine == "numpy" or look.kind == LIKE:
        return _rank_with_numpy(look, k)
    try:
        return _rank_with_elasticsearch(look, k)
    except SearchError as error:
        raise SearchUnavailableError(str(error)) from error


def rank_whatever_happens(look: Look, *, k: int) -> tuple[list[RankedFilm], bool]:
    """Rank with Elasticsearch behind the circuit breaker, or else with NumPy; the second value says that NumPy had to."""
    if look.kind == LIKE:
        return _rank_with_numpy(look, k), False
    try:
        return search_breaker().call(lambda: _rank_with_elasticsearch(look, k)), False
    except SearchError as error:
        note_degraded_answer("list", error)
        return _rank_with_numpy(look, k), True


def candidates(look: Look, k: int) -> int:
    """How many films to rank for :func:`diversified` to choose ``k`` from."""
    k += spare_films(look, k)
    return max(k, CANDIDATES) if look.dials.diversity > 0 else k


def diversified(look: Look, ranked: list[RankedFilm], *, k: int) -> list[RankedFilm]:
    """The ``k`` best of ``ranked``, or with the dial of diversity turned unlike ones from its best candidates, with new
    films in their share of the places."""
    artefact, diversity = look.artefact, look.dials.diversity
    if diversity <= 0 or not ranked:
        return with_new_films(look, ranked, k)
    ranked = ranked[: candidates(look, k)]
    rows = [artefact.positions[film.movie_id] for film in ranked]
    vectors = artefact.item_vectors[rows]
    scores = np.array([film.score for film in ranked], np.float32)
    relevance = look.order[rows] if look.kind == LIKE else scores
    places = diversify(relevance, vectors, diversity, k + spare_films(look, k))
    return with_new_films(look, [ranked[place] for place in places], k)


def _rank_with_numpy(look: Look, k: int) -> list[RankedFilm]:
    artefact = look.artefact
    best = rank_films(look.order, look.kept_out, k)
    return [RankedFilm(int(artefact.movie_ids[row]), float(look.scores[row])) for row in best]


def _rank_with_elasticsearch(look: Look, k: int) -> list[RankedFilm]:
    artefact, person, plan = look.artefact, look.person, look.plan
    names, excluded, client = IndexNames.of(look.champion.index_label), look.excluded, get_client()
    if person.movielens_user is not None and not person.ratings:
        taste, seen = _known_profile(names.user_profiles, person.movielens_user)
        plan = replace(plan, vector=taste)
        excluded = artefact.never_shown(seen | person.hidden)
    query = ranking_query(
        plan,
        index=names.movies,
        max_norm=artefact.max_norm,
        films=len(artefact.movie_ids),
        excluded=excluded | look.withheld,
        bounds=look.bounds,
        k=k,
        only=look.only,
    )
    # A film that has just been withdrawn may be in the index for a moment.
    return [film for film in run_ranking(client, query) if film.movie_id in artefact.positions]


@lru_cache(maxsize=2048)
def _known_profile(index: str, user: int) -> tuple[NDArray[np.float32], frozenset[int]]:
    """Read taste and seen films of a MovieLens person; their documents never change within an index."""
    profile = fetch_profile(get_client(), index, str(user))
    if profile is None:
        raise SearchError(f"index {index} does not know person {user}; run: manage.py rebuild_indices")
    return np.array(profile["taste"], np.float32), frozenset(profile["seen"])


logger = logging.getLogger(__name__)


def note_degraded_answer(what: Literal["list", "search"], error: Exception) -> None:
    """Count an answer that was given without Elasticsearch because of ``error``.

    While the circuit breaker is open the failure is known, and the log is not filled with it.
    """
    degraded_answers.labels(what).inc()
    if not isinstance(error, CircuitOpenError):
        logger.warning("A %s was made without Elasticsearch: %s", what, error)
