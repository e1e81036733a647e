"""The two engines behind one list: Elasticsearch, and the NumPy scorer that stands in for it."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommendations.observability.metrics import degraded_answers
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.score import CANDIDATES, ScorePlan, diversify, rank_films, score_films
from recommendations.search.breaker import CircuitOpenError, search_breaker
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import IndexNames
from recommendations.search.queries import (
    RankedFilm,
    SearchFailedError,
    fetch_profile,
    ranking_query,
    run_ranking,
)
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.known import Known
from recommendations.selectors.lists.person import Person, SearchUnavailableError

ENGINES = ("elasticsearch", "numpy")


def rank_person(
    champion: Champion, person: Person, known: Known, plan: ScorePlan, *, k: int, engine: str
) -> list[RankedFilm]:
    """Return the ``k`` best films and their raw scores from this engine and no other, without describing them.

    Raises
    ------
    SearchUnavailableError
    """
    if engine == "numpy":
        return _rank_with_numpy(champion.artefact, plan, known.excluded, k)
    try:
        return _rank_with_elasticsearch(champion, person, plan, known, k)
    except SearchError as error:
        raise SearchUnavailableError(str(error)) from error


def rank_whatever_happens(
    champion: Champion, person: Person, known: Known, plan: ScorePlan, *, k: int, diversity: float = 0.0
) -> tuple[list[RankedFilm], bool]:
    """Rank with Elasticsearch behind the circuit breaker, or else with NumPy; the second value tells that it did.

    With ``diversity`` above 0 the best :data:`CANDIDATES` films are taken and ``k`` unlike ones chosen from them.
    """
    wanted = _candidates(k, diversity)
    degraded = False
    try:
        ranked = search_breaker().call(
            lambda: _rank_with_elasticsearch(champion, person, plan, known, wanted)
        )
    except SearchError as error:
        note_degraded_answer("list", error)
        degraded = True
        ranked = _rank_with_numpy(champion.artefact, plan, known.excluded, wanted)
    return diversified(champion.artefact, ranked, diversity, k), degraded


def rank_in_memory(
    champion: Champion, known: Known, plan: ScorePlan, *, k: int, diversity: float = 0.0
) -> list[RankedFilm]:
    """The same from the NumPy scorer."""
    ranked = _rank_with_numpy(champion.artefact, plan, known.excluded, _candidates(k, diversity))
    return diversified(champion.artefact, ranked, diversity, k)


def _candidates(k: int, diversity: float) -> int:
    return max(k, CANDIDATES) if diversity > 0 else k


def diversified(artefact: Artefact, ranked: list[RankedFilm], diversity: float, k: int) -> list[RankedFilm]:
    """The ``k`` best of ``ranked``, or with ``diversity`` above 0 unlike ones from its best candidates."""
    if diversity <= 0 or not ranked:
        return ranked[:k]
    ranked = ranked[: _candidates(k, diversity)]
    vectors = artefact.item_vectors[[artefact.positions[film.movie_id] for film in ranked]]
    relevance = np.array([film.score for film in ranked], np.float32)
    return [ranked[place] for place in diversify(relevance, vectors, diversity, k)]


def _rank_with_numpy(
    artefact: Artefact, plan: ScorePlan, excluded: frozenset[int], k: int
) -> list[RankedFilm]:
    scores = score_films(artefact, plan)
    positions = [artefact.positions[movie_id] for movie_id in excluded if movie_id in artefact.positions]
    best = rank_films(scores, np.array(positions, np.int32), k)
    return [RankedFilm(int(artefact.movie_ids[row]), float(scores[row])) for row in best]


def _rank_with_elasticsearch(
    champion: Champion, person: Person, plan: ScorePlan, known: Known, k: int
) -> list[RankedFilm]:
    artefact, names = champion.artefact, IndexNames.of(champion.index_label)
    excluded = known.excluded
    client = get_client()
    if person.movielens_user is not None and not person.ratings:
        taste, seen = _known_profile(names.user_profiles, person.movielens_user)
        plan = replace(plan, vector=taste)
        excluded = seen | person.hidden
    query = ranking_query(
        plan,
        index=names.movies,
        max_norm=artefact.max_norm,
        films=len(artefact.movie_ids),
        excluded=excluded,
        k=k,
    )
    return run_ranking(client, query)


@lru_cache(maxsize=2048)
def _known_profile(index: str, user: int) -> tuple[NDArray[np.float32], frozenset[int]]:
    """Read taste and seen films of a MovieLens person; their documents never change within an index."""
    profile = fetch_profile(get_client(), index, str(user))
    if profile is None:
        raise SearchFailedError(f"index {index} does not know person {user}; run: manage.py rebuild_indices")
    return np.array(profile["taste"], np.float32), frozenset(profile["seen"])


logger = logging.getLogger(__name__)


def note_degraded_answer(what: Literal["list", "search"], error: Exception) -> None:
    """Count an answer that was given without Elasticsearch because of ``error``.

    While the circuit breaker is open the failure is known, and the log is not filled with it.
    """
    degraded_answers.labels(what).inc()
    if not isinstance(error, CircuitOpenError):
        logger.warning("A %s was made without Elasticsearch: %s", what, error)
