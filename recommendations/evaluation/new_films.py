"""The protocol for films that nobody has rated: some films lose every rating, and are ranked among each other for people who
like some of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommendations.evaluation.metrics import ndcg_at_k
from recommendations.ranking.people import History
from recommendations.ranking.score import rank_films

if TYPE_CHECKING:
    from recommendations.evaluation.protocols import Case

Floats = NDArray[np.floating]
# Films with fewer ratings are no question; so much of the others loses them all.
LEAST_RATINGS, SHARE = 10, 5
# What the baseline of genre affinities is tuned over: ratings that pull an affinity to 0, and whether a film of several
# genres has each in part.
SHRINKAGES, NORMED = (5.0, 20.0, 100.0, 500.0), (False, True)


def new_films(ratings: pd.DataFrame, seed: int) -> NDArray[np.int32]:
    """The positions of the films to lose their ratings: a random fifth of those with enough of them, ascending."""
    films, counts = np.unique(ratings["item"].to_numpy(np.int32), return_counts=True)
    known = films[counts >= LEAST_RATINGS]
    return np.sort(np.random.default_rng(seed).permutation(known)[: len(known) // SHARE])


def affinity_scores(history: History, genres: Floats, shrinkage: float, normed: bool) -> Floats:
    """The person's genre affinities, Σ (stars − own mean) / (n + shrinkage) for each genre, · the films' genres (n,)."""
    if not len(history):
        return np.zeros(len(genres))
    stars = history.stars.astype(np.float64)
    rated = genres[history.items].astype(np.float64)
    affinities = (stars - stars.mean()) @ rated / (rated.sum(axis=0) + shrinkage)
    scores: Floats = genres @ affinities
    return scores / np.sqrt(np.maximum(genres.sum(axis=1), 1.0)) if normed else scores


def tuned_affinities(
    cases: Mapping[int, History],
    liked: Mapping[int, NDArray[np.int32]],
    genres: Floats,
    new: NDArray[np.int32],
) -> tuple[float, bool]:
    """The shrinkage, and whether to norm, that rank the films ``new`` best for people who like some of them: both by
    person."""
    everything = np.ones(len(genres), bool)
    everything[new] = False
    excluded = np.flatnonzero(everything).astype(np.int32)

    def ndcg(choice: tuple[float, bool]) -> float:
        lists = (
            (
                rank_films(affinity_scores(cases[person], genres, *choice).astype(np.float32), excluded, 10),
                relevant,
            )
            for person, relevant in liked.items()
        )
        found = [ndcg_at_k(shown, relevant, 10) for shown, relevant in lists]
        return float(np.mean(found)) if found else 0.0

    return max([(shrinkage, normed) for normed in NORMED for shrinkage in SHRINKAGES], key=ndcg)


def chance_scores(case: Case, films: int) -> Floats:
    """Random scores (n,), the same for the same person."""
    return np.random.default_rng(case.user_id).random(films)
