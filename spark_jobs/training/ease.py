"""EASE (Steck 2019): X'X of the star weights, summed in Spark, and its closed form."""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve, eigh
from scipy.sparse import csr_array

from recommendations.ranking.blocks.base import value_of_stars
from recommendations.ranking.blocks.ease import Ease, EaseParameters
from recommendations.ranking.parameters import Parameters
from spark_jobs.training.base import BlockTraining, Floats, Sums, Trained, TrainingData, truncate
from spark_jobs.training.histories import PersonHistory
from spark_jobs.training.wide import gram_plus_ridge, inverse_in_place, sparse_rows, strongest


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

    def solve_wide(self, data: TrainingData) -> Trained:
        weights = value_of_stars(data.people.stars, data.parameters.star_weights)
        rows = sparse_rows(data.people, weights, data.films)
        fold, items, intercept = ease_from_rows(rows, data.parameters.of(EaseParameters))
        single = np.float32
        return Trained(Ease(items.astype(single), fold.astype(single), intercept.astype(single)))


def ease_from_rows(rows: csr_array, own: EaseParameters) -> tuple[Floats, Floats, Floats]:
    """The same as :func:`ease` from the star weights X (m, n), sparse, for many films.

    With fewer people than films: Z = K⁻¹Xc for the centred Xc and K = XcXc' + λI; P = (I − Xc'Z) / λ, so that
    B = I − (I − Xc'Z)·D with D = 1 / (1 − Σ Xc∘Z), and no matrix of films × films is ever made.
    """
    people, films = rows.shape
    mean = np.asarray(rows.sum(axis=0)).ravel() / people
    if people >= films:
        weights = inverse_in_place(gram_plus_ridge(rows, own.ridge, mean))
        weights /= -np.diag(weights).copy()
        np.fill_diagonal(weights, 0.0)
        scores = lambda vectors: rows @ (weights @ vectors.astype(np.float32)).astype(np.float64)  # noqa: E731
        items = strongest(
            lambda vectors: weights.T @ (rows.T @ scores(vectors)).astype(np.float32), films, own.rank
        )
        intercept = mean - mean.astype(np.float32) @ weights
        return (weights @ items.astype(np.float32)).astype(np.float64), items, intercept - intercept.min()
    centred = rows.toarray() - mean
    system = centred @ centred.T
    system[np.diag_indices_from(system)] += own.ridge
    solved = cho_solve(cho_factor(system, overwrite_a=True), centred)
    scale = 1.0 / (1.0 - np.einsum("ij,ij->j", centred, solved))
    solved *= scale
    scores_of_people = rows.toarray() * (1.0 - scale) + (rows @ centred.T) @ solved
    rank = min(own.rank, people)
    square = scores_of_people @ scores_of_people.T
    values, vectors = eigh(square, subset_by_index=(people - rank, people - 1))
    kept = values[::-1] > 0
    items = scores_of_people.T @ vectors[:, ::-1][:, kept] / np.sqrt(values[::-1][kept])
    fold = items * (1.0 - scale)[:, None] + centred.T @ (solved @ items)
    intercept = mean * scale - (centred @ mean) @ solved
    return fold, items, intercept - intercept.min()


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
