"""The sequence block: a ridge regression from the recency-weighted past to the next ratings."""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from recommendations.ranking.blocks.base import recency_weights
from recommendations.ranking.blocks.sequence import Sequence, SequenceParameters
from recommendations.ranking.parameters import Parameters
from spark_jobs.training.base import BlockTraining, Floats, Sums, Trained, TrainingData, truncate
from spark_jobs.training.histories import PersonHistory


class SequenceTraining(BlockTraining):
    """Sums ``past_gram`` (n, n), past'past, and ``past_next`` (n, n), past'following."""

    block = Sequence
    needs_squares = True

    def is_wanted(self, parameters: Parameters) -> bool:
        return bool(parameters.of(SequenceParameters).weight)

    def zeros(self, films: int) -> Sums:
        return {name: np.zeros((films, films)) for name in ("past_gram", "past_next")}

    def add(self, sums: Sums, person: PersonHistory, parameters: Parameters) -> None:
        if len(person.history) > 2:
            past, following = sequence_pairs(person.weights(parameters), parameters.of(SequenceParameters))
            square = np.ix_(person.history.items, person.history.items)
            sums["past_gram"][square] += past.T @ past
            sums["past_next"][square] += past.T @ following

    def solve(self, data: TrainingData) -> Trained:
        own, sums = data.parameters.of(SequenceParameters), data.sums
        fold, items = sequence(sums.pop("past_gram"), sums.pop("past_next"), own)
        return Trained(Sequence(items.astype(np.float32), fold.astype(np.float32)))


def sequence_pairs(weights: Floats, own: SequenceParameters) -> tuple[Floats, Floats]:
    """Cut one history of ``r`` weighted ratings in two at about ``cuts`` places.

    Returns
    -------
    past, following : (cuts, r) each; a row of ``past`` holds the recency-weighted ratings before the cut and a row
        of ``following`` the weights of the next ``horizon`` ratings.
    """
    count = len(weights)
    first = max(1, int(count * own.start))
    cuts = np.unique(np.linspace(first, count - 1, own.cuts).astype(int))
    place = np.arange(count)
    ages = cuts[:, None] - 1 - place
    before = ages >= 0
    recency = recency_weights(np.where(before, ages, 0).astype(float), own.recency)
    past = np.where(before, weights * recency, 0.0)
    following = np.where(~before & (place < cuts[:, None] + own.horizon), weights, 0.0)
    return past, following


def sequence(past_gram: Floats, past_next: Floats, own: SequenceParameters) -> tuple[Floats, Floats]:
    """Solve T = (A + λI)⁻¹ C from the weighted past (A = past'past) to what came next; fold and items, truncated."""
    system = cho_factor(past_gram + own.ridge * np.eye(len(past_gram)))
    return truncate(cho_solve(system, past_next), past_gram, own.rank)
