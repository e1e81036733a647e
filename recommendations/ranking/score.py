"""The one score, ``taste · item + popularity terms + genre terms``, as a plan that both engines carry out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.dials import DECADE_STRENGTH, DISCOVERY_STRENGTH, GENRE_STRENGTH, Dials
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.genres import GENRES


@dataclass(frozen=True)
class ScorePlan:
    """What is added up for every film, in raw score units.

    ``vector`` (d,) meets the item vectors; ``facts`` weighs the columns ``like_share``, ``intercept`` and
    ``popularity`` of a film; ``genres`` and ``decade`` add their weight to the films that have them.
    """

    vector: NDArray[np.float32]
    facts: dict[str, float] = field(default_factory=dict)
    genres: dict[str, float] = field(default_factory=dict)
    decade: tuple[int, float] | None = None


def make_plan(taste: Taste, dials: Dials) -> ScorePlan:
    """Turn a taste and the dials into a plan; parts with weight 0 are left out."""
    facts = {
        "like_share": taste.like_share_weight,
        "intercept": taste.intercept_weight,
        "popularity": -DISCOVERY_STRENGTH * dials.discovery,
    }
    return ScorePlan(
        vector=taste.vector.astype(np.float32),
        facts={name: weight for name, weight in facts.items() if weight},
        genres={name: GENRE_STRENGTH * weight for name, weight in dials.genres.items() if weight},
        decade=None if dials.decade is None else (dials.decade, DECADE_STRENGTH),
    )


def score_films(artefact: Artefact, plan: ScorePlan) -> NDArray[np.float32]:
    """Return the score of every film (n,)."""
    scores = artefact.item_vectors @ plan.vector
    for name, weight in plan.facts.items():
        scores = scores + np.float32(weight) * getattr(artefact, name)
    for genre, weight in plan.genres.items():
        scores = scores + np.float32(weight) * artefact.genres[:, GENRES.index(genre)]
    if plan.decade is not None:
        decade, weight = plan.decade
        scores = scores + np.float32(weight) * (artefact.decades == decade)
    return scores


def rank_films(scores: NDArray[np.float32], excluded: NDArray[np.int32], k: int) -> NDArray[np.intp]:
    """Return the positions of the ``k`` best films, best first; equal scores keep the order of MovieLens numbers.

    ``excluded`` holds positions that never appear. Fewer than ``k`` come back if fewer remain.
    """
    allowed = np.ones(scores.size, bool)
    allowed[excluded] = False
    candidates = np.flatnonzero(allowed)
    order = np.argsort(-scores[candidates], kind="stable")[:k]
    return candidates[order]
