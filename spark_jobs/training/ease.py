"""EASE (Steck 2019): X'X of the star weights, summed in Spark, and its closed form."""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from recommendations.ranking.blocks.ease import Ease, EaseParameters
from recommendations.ranking.parameters import Parameters
from spark_jobs.training.base import BlockTraining, Floats, Sums, Trained, TrainingData, truncate
from spark_jobs.training.histories import PersonHistory


class EaseTraining(BlockTraining):
    """Sums ``gram`` (n, n), X'X of the star weights, and ``sums`` (n,) of their columns."""

    block = Ease
    needs_squares = True

    def zeros(self, films: int) -> Sums:
        return {"gram": np.zeros((films, films)), "sums": np.zeros(films)}

    def add(self, sums: Sums, person: PersonHistory, parameters: Parameters) -> None:
        items, weights = person.history.items, person.weights(parameters)
        sums["gram"][np.ix_(items, items)] += np.outer(weights, weights)
        sums["sums"][items] += weights

    def solve(self, data: TrainingData) -> Trained:
        own, sums = data.parameters.of(EaseParameters), data.sums
        fold, items, intercept = ease(sums.pop("gram"), sums["sums"], data.person_count, own)
        single = np.float32
        return Trained(Ease(items.astype(single), fold.astype(single), intercept.astype(single)))


def ease(gram: Floats, sums: Floats, people: float, own: EaseParameters) -> tuple[Floats, Floats, Floats]:
    """Solve EASE on the column-centred matrix.

    B = I − P / diag(P) with P = (X'X − m·μμ' + λI)⁻¹ and zero diagonal; centring gives EASE an intercept.

    Parameters
    ----------
    gram, sums : (n, n) X'X and (n,) column sums of the star weights.
    people : m, how many people were summed.

    Returns
    -------
    Fold and items of the truncated map, and the intercept μ − μB per film (n,), shifted so that its minimum is 0.
    """
    mean = sums / people
    system = cho_factor(gram - people * np.outer(mean, mean) + own.ridge * np.eye(len(gram)))
    inverse = cho_solve(system, np.eye(len(gram)))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    intercept = mean - mean @ weights
    return *truncate(weights, gram, own.rank), intercept - intercept.min()
