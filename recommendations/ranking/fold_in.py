"""Fold-in: from demographics and a rating history to a taste vector, without retraining anything.

The result is a sum of one vector per rating and one for the profile, so that every score decomposes exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.history import History
from recommendations.ranking.parameters import Recency

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Taste:
    """A person in the item space (d dimensions).

    ``rating_vectors`` (n, d) is what each rating contributes, ``profile_vector`` (d,) what demographics do.
    ``like_share_weight`` and ``intercept_weight`` multiply those facts of a film.
    """

    rating_vectors: Floats
    profile_vector: Floats
    like_share_weight: float
    intercept_weight: float

    @property
    def vector(self) -> Floats:
        """The taste vector (d,)."""
        return self.rating_vectors.sum(axis=0) + self.profile_vector


def fold_in(artefact: Artefact, demographics: Demographics, history: History) -> Taste:
    """Return the taste of a person with these demographics and this history (possibly empty).

    EASE and sequence are linear maps of the weighted history; ALS solves the normal equations of Hu, Koren and
    Volinsky (2008) with recency on the right-hand side only, so that it stays linear in the ratings' weights; the
    early-taste block is the posterior mean of a factor model around the demographic prior.
    """
    blocks, parameters = artefact.blocks, artefact.parameters
    taste = np.zeros((len(history), artefact.item_vectors.shape[1]))
    profile = np.zeros(artefact.item_vectors.shape[1])
    prior_weight = 1.0 - _ramp(len(history), *parameters.prior_ramp)
    behaviour = _ramp(len(history), *parameters.behaviour_ramp)

    if prior_weight > 0:
        coordinates = artefact.newcomers.predict(demographics).coordinates
        profile[blocks["demographic"]] = prior_weight * parameters.prior_weight * coordinates
    if len(history):
        taste[:, blocks["ease"]] = _linear_block(
            artefact.ease_fold, history, parameters.star_weights, parameters.ease_recency, behaviour
        )
        taste[:, blocks["als"]] = parameters.als_weight * _als_block(artefact, history, behaviour)
        if parameters.sequence_weight * behaviour > 0:
            taste[:, blocks["sequence"]] = (parameters.sequence_weight * behaviour) * _linear_block(
                artefact.sequence_fold,
                history,
                parameters.star_weights,
                parameters.sequence_recency,
                behaviour,
            )
        if prior_weight > 0:
            taste[:, blocks["early"]] = prior_weight * _early_block(artefact, history, coordinates)
    return Taste(taste, profile, prior_weight * parameters.prior_weight, parameters.intercept_weight)


def _ramp(count: int, start: int, end: int) -> float:
    """0 up to ``start`` ratings, 1 from ``end`` on, straight in between."""
    return float(np.clip((count - start) / (end - start), 0.0, 1.0))


def recency_weights(ages: Floats, recency: Recency | None, behaviour: float = 1.0) -> Floats:
    """Return each rating's recency factor (n,), mixed with 1 while little is known (``behaviour`` < 1)."""
    if recency is None:
        return np.ones_like(ages)
    return 1.0 - behaviour + behaviour * (recency.floor + np.exp(-ages / recency.span))


def _by_stars(values: tuple[float, ...], history: History) -> Floats:
    return np.asarray(values)[history.stars.astype(np.intp) - 1]


def _linear_block(
    fold: NDArray[np.float32],
    history: History,
    stars: tuple[float, ...],
    recency: Recency | None,
    behaviour: float,
) -> Floats:
    weights = _by_stars(stars, history) * recency_weights(history.ages, recency, behaviour)
    return weights[:, None] * fold[history.items].astype(np.float64)


def _als_block(artefact: Artefact, history: History, behaviour: float) -> Floats:
    parameters = artefact.parameters
    values = _by_stars(parameters.als_values, history)
    confidence = parameters.als_alpha * np.abs(values)
    liked = values > 0
    factors = artefact.als_items[history.items].astype(np.float64)
    normal = artefact.als_gram + (factors * confidence[:, None]).T @ factors
    # Spark scales the ridge by the number of positive observations.
    normal[np.diag_indices_from(normal)] += parameters.als_ridge * max(1, int(liked.sum()))
    right = (confidence + 1.0) * liked * recency_weights(history.ages, parameters.als_recency, behaviour)
    return np.asarray(np.linalg.solve(normal, (right[:, None] * factors).T).T, np.float64)


def _early_block(artefact: Artefact, history: History, coordinates: Floats) -> Floats:
    rated = history.items
    factors = artefact.early_items[rated].astype(np.float64)
    expected = artefact.like_share[rated] + artefact.demographic_items[rated] @ coordinates
    surprise = (_by_stars(artefact.parameters.early_stars, history) - expected) / artefact.early_noise[rated]
    normal = (factors / artefact.early_noise[rated][:, None]).T @ factors + np.eye(factors.shape[1])
    return np.asarray(np.linalg.solve(normal, (surprise[:, None] * factors).T).T, np.float64)
