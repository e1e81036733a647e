"""The driver's part of training: each block of the taste vectors solved from the summed matrices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, eigh

from recommendations.ranking.parameters import Parameters

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LinearBlock:
    """A low-rank linear map of a history: scores = weights · ``fold`` · ``items``'; both (n, rank)."""

    fold: Floats
    items: Floats


def ease_block(
    gram: Floats, sums: Floats, people: float, parameters: Parameters
) -> tuple[LinearBlock, Floats]:
    """Solve EASE (Steck, "Embarrassingly shallow autoencoders", 2019) on the column-centred matrix.

    B = I − P / diag(P) with P = (X'X − m·μμ' + λI)⁻¹ and zero diagonal; centring gives EASE an intercept.

    Parameters
    ----------
    gram, sums : (n, n) X'X and (n,) column sums of the star weights.
    people : m, how many people were summed.

    Returns
    -------
    The truncated map, and the intercept μ − μB per film (n,), shifted so that its minimum is 0.
    """
    mean = sums / people
    centred = gram - people * np.outer(mean, mean)
    inverse = _inverse(centred + parameters.ease_ridge * np.eye(len(gram)))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    intercept = mean - mean @ weights
    return truncate(weights, gram, parameters.ease_rank), intercept - intercept.min()


def sequence_block(past_gram: Floats, past_next: Floats, parameters: Parameters) -> LinearBlock:
    """Solve the ridge regression T = (A + λI)⁻¹ C from the weighted past (A = past'past) to what came next."""
    system = cho_factor(past_gram + parameters.sequence_ridge * np.eye(len(past_gram)))
    return truncate(cho_solve(system, past_next), past_gram, parameters.sequence_rank)


def truncate(weights: Floats, gram: Floats, rank: int) -> LinearBlock:
    """Keep the ``rank`` directions of the scores X·W that carry most of them.

    The right singular vectors V of XW are the eigenvectors of W'(X'X)W; the map becomes (W·V)·V'.
    """
    rank = min(rank, len(weights))
    second_moment = weights.T @ gram @ weights
    size = len(weights)
    _, vectors = eigh((second_moment + second_moment.T) / 2, subset_by_index=(size - rank, size - 1))
    vectors = np.ascontiguousarray(vectors[:, ::-1])
    return LinearBlock(fold=weights @ vectors, items=vectors)


def early_block(
    like_gram: Floats, likes: Floats, people: float, parameters: Parameters
) -> tuple[Floats, Floats]:
    """Principal components of the centred likes, as factor loadings.

    Returns
    -------
    loadings : (n, rank) eigenvectors of the covariance, scaled by the root of their eigenvalues.
    noise : (n,) what they leave of a like's variance μ(1 − μ), plus ``early_noise``.
    """
    mean = likes / people
    covariance = like_gram / people - np.outer(mean, mean)
    size = len(mean)
    rank = min(parameters.early_rank, size)
    values, vectors = eigh(covariance, subset_by_index=(size - rank, size - 1))
    loadings = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0.0))
    unexplained = mean * (1.0 - mean) - (loadings**2).sum(axis=1)
    return loadings, np.maximum(unexplained, 0.0) + parameters.early_noise


@dataclass(frozen=True)
class DemographicBlock:
    """The film directions that demographics can tell at all, and a ridge regression's coordinates in them."""

    items: Floats  # (n, rank) orthonormal columns
    feature_mean: Floats  # (f,)
    coefficients: Floats  # (f, rank)


def demographic_block(
    feature_gram: Floats,
    feature_likes: Floats,
    feature_sums: Floats,
    likes: Floats,
    people: float,
    parameters: Parameters,
) -> DemographicBlock:
    """Regress centred likes on centred features (ridge) and keep the top right singular vectors of the fit.

    The fit is D·W; its right singular vectors are the eigenvectors of W'(D'D)W, found through the small matrix
    (D'D)^½·W of shape (f, n).
    """
    mean = feature_sums / people
    gram = feature_gram - people * np.outer(mean, mean)
    cross = feature_likes - np.outer(feature_sums, likes / people)
    coefficients = np.linalg.solve(gram + parameters.demographic_ridge * np.eye(len(gram)), cross)
    values, vectors = eigh(gram)
    root = vectors * np.sqrt(np.maximum(values, 0.0)) @ vectors.T
    _, _, right = np.linalg.svd(root @ coefficients, full_matrices=False)
    items = right[: parameters.demographic_rank].T
    return DemographicBlock(items=items, feature_mean=mean, coefficients=coefficients @ items)


def _inverse(matrix: Floats) -> Floats:
    inverse: Floats = cho_solve(cho_factor(matrix), np.eye(len(matrix)))
    return inverse
