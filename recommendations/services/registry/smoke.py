"""Does a version answer as it should? Asked before anything is switched, once per kind of person."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from recommendations.models import ModelVersion
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import Taste, fold_in
from recommendations.ranking.people import EMPTY_HISTORY, History
from recommendations.ranking.score import make_plan, rank_films, score_films
from recommendations.ranking.storage import ArtefactError, load_artefact
from recommendations.search.client import patient_client
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import IndexNames, labels_present
from recommendations.search.queries import fetch_profile, ranking_query, run_ranking
from recommendations.services.folders import model_folder

SMOKE_FILMS = 5
# Films whose scores agree to the last digit may change places, and above 10,000 films the search is approximate.
SMOKE_AGREEING = 3
# What the newcomer with ratings says about the best known films.
SMOKE_STARS = (5, 4, 2)


class SmokeTestError(SearchError):
    """The new indices do not answer as they should; nothing was switched."""


def indices_present(version: ModelVersion) -> bool:
    """True if both indices of the version exist in Elasticsearch."""
    return bool(version.index_label) and version.index_label in labels_present(patient_client())


def is_intact(version: ModelVersion) -> bool:
    """True if the version's model folder can be loaded and is what was registered."""
    try:
        load_artefact(model_folder(version), expected_digest=version.artefact_digest)
    except ArtefactError:
        return False
    return True


def smoke_test(version: ModelVersion) -> None:
    """Ask the version's indices for the films of a known person, a newcomer, and a newcomer with ratings.

    Raises
    ------
    SmokeTestError
        If a list is short, holds a film that the person has rated, or is not what the model itself ranks.
    recommendations.ranking.storage.ArtefactError
        If the model folder is incomplete or altered.
    """
    artefact, people = load_artefact(model_folder(version), expected_digest=version.artefact_digest)
    names = IndexNames.of(version.index_label)
    _check_list(artefact, names, "a newcomer", fold_in(artefact, Demographics(), EMPTY_HISTORY), ())
    best_known = np.argsort(-artefact.rating_count, kind="stable")[: len(SMOKE_STARS)].astype(np.int32)
    history = History(best_known, np.array(SMOKE_STARS[: len(best_known)], np.int8))
    taste = fold_in(artefact, Demographics(), history)
    rated = artefact.movie_ids[best_known].tolist()
    _check_list(artefact, names, "a newcomer with ratings", taste, rated)
    known = int(people.user_ids[0])
    profile = fetch_profile(patient_client(), names.user_profiles, str(known))
    if profile is None:
        raise SmokeTestError(f"{names.user_profiles} does not know person {known}; nothing was switched")
    taste = fold_in(artefact, *people.person(known))
    _check_list(artefact, names, f"person {known}", taste, profile["seen"])


def _check_list(artefact: Artefact, names: IndexNames, who: str, taste: Taste, seen: Iterable[int]) -> None:
    plan, seen = make_plan(taste, Dials()), set(seen)
    rows = [artefact.positions[number] for number in seen if number in artefact.positions]
    best = rank_films(score_films(artefact, plan), np.array(rows, np.int32), SMOKE_FILMS)
    expected = {int(artefact.movie_ids[row]) for row in best}
    query = ranking_query(
        plan,
        index=names.movies,
        max_norm=artefact.max_norm,
        films=len(artefact.movie_ids),
        excluded=seen,
        k=len(expected),
    )
    found = {film.movie_id for film in run_ranking(patient_client(), query)} if expected else set()
    if len(found) != len(expected):
        raise SmokeTestError(
            f"{names.movies} gives {who} fewer than {len(expected)} films; nothing was switched"
        )
    if found & seen:
        raise SmokeTestError(
            f"{names.movies} recommends to {who} a film that they have rated; nothing was switched"
        )
    if len(found & expected) < min(SMOKE_AGREEING, len(expected)):
        raise SmokeTestError(
            f"{names.movies} does not rank for {who} as the model itself does; nothing was switched"
        )
