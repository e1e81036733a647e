"""Which films to ask a newcomer about: those that are probably known and tell most about their taste.

The value of asking about film i is

    known(i) · ½ log(1 + fᵢ' S fᵢ / σᵢ²),

the probability that the person knows it (the share of people who rated it, times ½ to 1½ by the place that the film has
in their list so far: people know the films that suit them) times the expected gain of information (in
nats) about the taste coordinates u of the early-taste model y = f·u + noise, u ~ N(0, I). S is the covariance of u
after the ratings so far; every answer shrinks it in the direction of its film, so the next question asks about
something else (D-optimal design; Rubens, Elahi, Sugiyama and Kaplan 2015, "Active learning in recommender systems").
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.early import Early
from recommendations.ranking.people import History


def choose_questions(
    artefact: Artefact,
    history: History,
    excluded: NDArray[np.intp],
    *,
    people: int,
    count: int,
    scores: NDArray[np.float32] | None = None,
) -> list[int]:
    """Positions of at most ``count`` films, best question first; never one of ``excluded`` (positions) or rated.

    ``people`` is the number of people the model learnt from, ``scores`` (n,) are the person's so far: with them every
    answer changes what is asked next, and not only which films were answered. Each film is chosen as if those before it had been
    answered. Films that nobody rated, and films that tell nothing, are no questions.
    """
    early = artefact.block(Early)
    factors = early.items.astype(np.float64)
    noise = np.maximum(early.noise.astype(np.float64), 1e-9)
    known = artefact.rating_count / max(people, 1)
    if scores is not None:
        known = known * (0.5 + np.argsort(np.argsort(scores, kind="stable")) / max(scores.size - 1, 1))
    covariance = np.eye(factors.shape[1])
    for film in history.items:
        covariance = _after_answer(covariance, factors[film], noise[film])
    allowed = known > 0
    allowed[excluded] = False
    allowed[history.items] = False
    chosen: list[int] = []
    while len(chosen) < count:
        variance = np.einsum("ij,jk,ik->i", factors, covariance, factors, optimize=True)
        value = np.where(allowed, known * 0.5 * np.log1p(np.maximum(variance, 0) / noise), 0.0)
        best = int(value.argmax())
        if value[best] <= 0:
            break
        chosen.append(best)
        allowed[best] = False
        covariance = _after_answer(covariance, factors[best], noise[best])
    return chosen


def _after_answer(
    covariance: NDArray[np.float64], film: NDArray[np.float64], noise: float
) -> NDArray[np.float64]:
    """The covariance once the film with these factors is rated (Sherman and Morrison's formula)."""
    moved = covariance @ film
    return np.asarray(covariance - np.outer(moved, moved) / (noise + film @ moved))
