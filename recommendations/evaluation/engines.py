"""Ranking for a question on the way that the site takes: fold in, plan, rank, with either engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from recommendations.evaluation.protocols import Case
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.score import make_plan, rank_films, score_films
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import IndexNames
from recommendations.search.queries import fetch_profile, ranking_query, run_ranking

Items = NDArray[np.intp]


class Engine(Protocol):
    """Ranks the ``k`` best candidates of a question; film positions, best first."""

    def rank(self, case: Case, demographics: Demographics, k: int) -> Items: ...


class NumpyEngine:
    """The ranking core, as the site uses it while Elasticsearch is away."""

    def __init__(self, artefact: Artefact) -> None:
        self._artefact = artefact

    def rank(self, case: Case, demographics: Demographics, k: int) -> Items:
        """Fold in what the model is told of the person and rank."""
        plan = make_plan(fold_in(self._artefact, demographics, case.history), Dials())
        return rank_films(score_films(self._artefact, plan), case.excluded, k)


class ElasticsearchEngine:
    """The real queries on real indices. A known person's taste and seen films come from their document."""

    def __init__(self, client: Any, label: str, artefact: Artefact) -> None:
        self._client = client
        self._names = IndexNames.of(label)
        self._artefact = artefact

    def rank(self, case: Case, demographics: Demographics, k: int) -> Items:
        """Rank as the site does.

        Raises
        ------
        recommendations.search.connection.SearchError
            If Elasticsearch fails, or a known person has no document.
        """
        artefact = self._artefact
        plan = make_plan(fold_in(artefact, demographics, case.history), Dials())
        excluded = {int(movie_id) for movie_id in artefact.movie_ids[case.excluded]}
        if case.known:
            profile = self._profile(case.user_id)
            plan = replace(plan, vector=np.array(profile["taste"], np.float32))
            excluded = set(profile["seen"])
        query = ranking_query(
            plan,
            index=self._names.movies,
            max_norm=artefact.max_norm,
            films=len(artefact.movie_ids),
            excluded=excluded,
            k=k,
        )
        films = run_ranking(self._client, query)
        return np.array([artefact.positions[film.movie_id] for film in films], np.intp)

    def _profile(self, user_id: int) -> Mapping[str, Any]:
        profile = fetch_profile(self._client, self._names.user_profiles, str(user_id))
        if profile is None:
            raise SearchError(f"person {user_id} is missing from {self._names.user_profiles}")
        return profile
