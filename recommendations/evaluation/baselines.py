"""What a model has to beat, fitted on the same training part and ranked in the same run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommendations.evaluation.names import LIKE_SHARE, POPULARITY
from recommendations.evaluation.protocols import Case, iterate_histories
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.als import Als
from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import Taste, fold_in
from recommendations.ranking.people import History
from recommendations.ranking.taste import SHRINKAGE

Floats = NDArray[np.floating]
Scorer = Callable[[Case, Demographics], Floats]


@dataclass(frozen=True)
class Baselines:
    """Scorers over all films (n,) for one trained model and the ratings it learnt from.

    EASE alone and ALS alone are ablations of the same model: its fold-in (weights, recency and ridge included) with
    every other block set to nothing, EASE together with its intercept. Item-kNN is fitted here.
    """

    artefact: Artefact
    train: pd.DataFrame
    # EASE and ALS ask for the same person one after the other.
    _last_taste: dict[tuple[Demographics, int], Taste] = field(default_factory=dict, repr=False)

    def for_setting(self, setting: str) -> dict[str, Scorer]:
        """The baselines that make sense: without a history, nothing can be learnt from one."""
        scorers: dict[str, Scorer] = {POPULARITY: self.popularity, LIKE_SHARE: self.like_share}
        if setting == "cold":
            return scorers | {"forest → genres": self.forest_genres}
        return scorers | {
            "genres": self.genres,
            "item-kNN": self.item_knn,
            "EASE alone": self.ease_alone,
            "ALS alone": self.als_alone,
        }

    def popularity(self, case: Case, demographics: Demographics) -> Floats:
        """How many people have rated a film."""
        return self.artefact.rating_count.astype(np.float32)

    def like_share(self, case: Case, demographics: Demographics) -> Floats:
        """How many people like a film (the strongest ranking that is the same for everybody)."""
        return self.artefact.like_share

    def genres(self, case: Case, demographics: Demographics) -> Floats:
        """The person's 19 damped genre affinities · the film's genres."""
        return self.artefact.genres @ genre_affinities(case.history, self.artefact.genres)

    def forest_genres(self, case: Case, demographics: Demographics) -> Floats:
        """The 19 affinities that the forest predicts from demographics · the film's genres."""
        return self.artefact.genres @ self.artefact.block(Demographic).predict(demographics).genre_affinities

    def item_knn(self, case: Case, demographics: Demographics) -> Floats:
        """SAR of the ``recommenders`` library, without decay: stars · Jaccard similarity of the films."""
        return case.history.stars.astype(np.float64) @ self._jaccard[case.history.items]

    def ease_alone(self, case: Case, demographics: Demographics) -> Floats:
        """The EASE block of the model and its intercept."""
        taste, ease = self._taste(case, demographics), self.artefact.block(Ease)
        own = taste.vector[self.artefact.spans[ease.name]]
        return ease.items @ own + taste.fact_weights.get("intercept", 0.0) * ease.intercept

    def als_alone(self, case: Case, demographics: Demographics) -> Floats:
        """The ALS block of the model."""
        taste, als = self._taste(case, demographics), self.artefact.block(Als)
        return als.items @ taste.vector[self.artefact.spans[als.name]]

    def _taste(self, case: Case, demographics: Demographics) -> Taste:
        key = (demographics, id(case))
        if key not in self._last_taste:
            self._last_taste.clear()
            self._last_taste[key] = fold_in(self.artefact, demographics, case.history)
        return self._last_taste[key]

    @cached_property
    def _jaccard(self) -> Floats:
        together = np.zeros((len(self.artefact.movie_ids),) * 2)
        for _, history in iterate_histories(self.train):
            together[np.ix_(history.items, history.items)] += 1.0
        return jaccard(together)


def jaccard(together: Floats) -> Floats:
    """Similarity |A ∩ B| / |A ∪ B| of the films' audiences (n, n) from the counts of common people (n, n).

    The diagonal is 1, as SAR has it; films that nobody rated are like none.
    """
    alone = np.diag(together)
    union = alone[:, None] + alone[None, :] - together
    return together / np.maximum(union, 1.0)


def genre_affinities(history: History, genres: Floats) -> Floats:
    """(mean in the genre − own mean) · n / (n + 5) for each of the 19 genres, in stars; 0 where nothing was rated."""
    if not len(history):
        return np.zeros(genres.shape[1])
    stars = history.stars.astype(np.float64)
    rated = genres[history.items].astype(np.float64)
    count = rated.sum(axis=0)
    surplus = (stars - stars.mean()) @ rated
    return surplus / (count + SHRINKAGE)
