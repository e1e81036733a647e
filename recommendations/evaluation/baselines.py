"""What a model has to beat, fitted on the same training part and ranked in the same run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.evaluation.names import (
    AFFINITY,
    CHANCE,
    ITEM_KNN,
    LIKE_SHARE,
    POPULARITY,
    TUNED_ALS,
    TUNED_EASE,
)
from recommendations.evaluation.new_films import (
    affinity_scores,
    chance_scores,
    new_films,
    tuned_affinities,
)
from recommendations.evaluation.protocols import LIKED, Case, iterate_histories
from recommendations.evaluation.tuned import Tuned, tuned_als, tuned_ease
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.als import Als
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import Taste, fold_in
from recommendations.ranking.people import History
from recommendations.ranking.taste import SHRINKAGE, expected_affinities

Floats = NDArray[np.floating]
Scorer = Callable[[Case, Demographics], Floats]


@dataclass(frozen=True)
class Baselines:
    """Scorers over all films (n,) for one trained model and the ratings it learnt from.

    EASE alone and ALS alone are ablations of the same model: its fold-in (weights, recency and ridge included) with
    every other block set to nothing, EASE together with its intercept. Item-kNN is fitted here, and with ``is_tuned`` EASE
    of full rank and implicit ALS as well, each tuned on an inner split.
    """

    artefact: Artefact
    train: pd.DataFrame
    is_tuned: bool = False
    # EASE and ALS ask for the same person one after the other.
    _last_taste: dict[tuple[Demographics, int], Taste] = field(default_factory=dict, repr=False)

    def for_setting(self, setting: str) -> dict[str, Scorer]:
        """The baselines that make sense: without a history, nothing can be learnt from one, and of films without ratings
        nothing but their genres is known."""
        if setting == "new-films":
            return {CHANCE: self.chance, AFFINITY: self.genre_affinity}
        scorers: dict[str, Scorer] = {POPULARITY: self.popularity, LIKE_SHARE: self.like_share}
        if setting == "cold":
            return scorers | {"forest → genres": self.forest_genres}
        if self.artefact.genres.shape[1]:
            scorers["genres"] = self.genres
        scorers |= {
            ITEM_KNN: self.item_knn,
            "EASE alone": self.ease_alone,
            "ALS alone": self.als_alone,
        }
        return scorers | ({TUNED_EASE: self.tuned_ease, TUNED_ALS: self.tuned_als} if self.is_tuned else {})

    def popularity(self, case: Case, demographics: Demographics) -> Floats:
        """How many people have rated a film."""
        return self.artefact.rating_count.astype(np.float32)

    def like_share(self, case: Case, demographics: Demographics) -> Floats:
        """How many people like a film (the strongest ranking that is the same for everybody)."""
        return self.artefact.like_share

    def genres(self, case: Case, demographics: Demographics) -> Floats:
        """The person's damped genre affinities · the film's genres."""
        return self.artefact.genres @ genre_affinities(case.history, self.artefact.genres)

    def forest_genres(self, case: Case, demographics: Demographics) -> Floats:
        """The affinities that the forest predicts from demographics · the film's genres."""
        return self.artefact.genres @ expected_affinities(self.artefact, demographics)

    def item_knn(self, case: Case, demographics: Demographics) -> Floats:
        """SAR of the ``recommenders`` library, without decay: stars · Jaccard similarity of the films."""
        rated, alone = case.history.items, self._together.diagonal()
        alike = jaccard(self._together[rated].toarray(), alone[rated], alone)
        return case.history.stars.astype(np.float64) @ alike

    def ease_alone(self, case: Case, demographics: Demographics) -> Floats:
        """The EASE block of the model and its intercept."""
        taste, ease = self._taste(case, demographics), self.artefact.block(Ease)
        own = taste.vector[self.artefact.spans[ease.name]]
        return ease.items @ own + taste.fact_weights.get("intercept", 0.0) * ease.intercept

    def als_alone(self, case: Case, demographics: Demographics) -> Floats:
        """The ALS block of the model."""
        taste, als = self._taste(case, demographics), self.artefact.block(Als)
        return als.items @ taste.vector[self.artefact.spans[als.name]]

    def chance(self, case: Case, demographics: Demographics) -> Floats:
        """Any order."""
        return chance_scores(case, len(self.artefact.movie_ids))

    def genre_affinity(self, case: Case, demographics: Demographics) -> Floats:
        """The person's genre affinities · the film's genres, with what was best for films that were made new of the
        training part."""
        return affinity_scores(case.history, self.artefact.genres, *self._tuned_affinity)

    @cached_property
    def _tuned_affinity(self) -> tuple[float, bool]:
        new = new_films(self.train, seed=0)
        hidden = self.train["item"].isin(new)
        histories = dict(iterate_histories(self.train[~hidden]))
        wanted = self.train[hidden & (self.train["stars"] >= LIKED)]
        liked = {
            int(person): group["item"].to_numpy(np.int32)
            for person, group in wanted.groupby("user_id")
            if person in histories
        }
        return tuned_affinities(histories, liked, self.artefact.genres, new)

    def tuned_ease(self, case: Case, demographics: Demographics) -> Floats:
        """EASE of full rank, tuned on an inner split."""
        return self._ease.scores(case.history.items)

    def tuned_als(self, case: Case, demographics: Demographics) -> Floats:
        """Implicit ALS, tuned on an inner split."""
        return self._als.scores(case.history.items)

    @cached_property
    def _ease(self) -> Tuned:
        return tuned_ease(self.train, len(self.artefact.movie_ids))

    @cached_property
    def _als(self) -> Tuned:
        return tuned_als(self.train, len(self.artefact.movie_ids))

    def _taste(self, case: Case, demographics: Demographics) -> Taste:
        key = (demographics, id(case))
        if key not in self._last_taste:
            self._last_taste.clear()
            self._last_taste[key] = fold_in(self.artefact, demographics, case.history)
        return self._last_taste[key]

    @cached_property
    def _together(self) -> csr_array:
        """How many people have rated both of two films (n, n)."""
        people, rows = np.unique(self.train["user_id"].to_numpy(), return_inverse=True)
        shape = (len(people), len(self.artefact.movie_ids))
        rated = csr_array((np.ones(len(rows)), (rows, self.train["item"].to_numpy())), shape=shape)
        return (rated.T @ rated).tocsr()


def jaccard(together: Floats, own: Floats | None = None, others: Floats | None = None) -> Floats:
    """Similarity |A ∩ B| / |A ∪ B| of the films' audiences (r, n) from the counts of common people (r, n).

    ``own`` (r,) and ``others`` (n,) are the sizes of the audiences, by default those of the diagonal. That of a film with
    itself is 1, as SAR has it; films that nobody rated are like none.
    """
    own = np.diag(together) if own is None else own
    others = np.diag(together) if others is None else others
    union = own[:, None] + others[None, :] - together
    return together / np.maximum(union, 1.0)


def genre_affinities(history: History, genres: Floats) -> Floats:
    """(mean in the genre − own mean) · n / (n + 5) for each genre, in stars; 0 where nothing was rated."""
    if not len(history):
        return np.zeros(genres.shape[1])
    stars = history.stars.astype(np.float64)
    rated = genres[history.items].astype(np.float64)
    count = rated.sum(axis=0)
    surplus = (stars - stars.mean()) @ rated
    return surplus / (count + SHRINKAGE)
