"""Early taste: principal components of the centred likes, as factor loadings."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from recommendations.ranking.blocks.early import Early, EarlyParameters
from spark_jobs.training.base import BlockTraining, Floats, Trained, TrainingData
from spark_jobs.training.solving import sparse_rows, strongest


class EarlyTraining(BlockTraining):
    """Needs no sums: the likes of all people are one sparse matrix, and a covariance of films × films is never made."""

    block = Early

    def solve(self, data: TrainingData) -> Trained:
        likes = sparse_rows(data.people, data.people.stars >= data.parameters.like_threshold, data.films)
        loadings, noise = early(likes, data.parameters.of(EarlyParameters))
        return Trained(Early(loadings.astype(np.float32), noise.astype(np.float32)))


def early(likes: csr_array, own: EarlyParameters) -> tuple[Floats, Floats]:
    """Factor the covariance of the likes (m, n), sparse.

    Returns
    -------
    loadings : (n, rank) eigenvectors of the covariance, scaled by the root of their eigenvalues.
    noise : (n,) what they leave of a like's variance μ(1 − μ), plus ``own.noise``.
    """
    people, films = likes.shape
    mean = np.asarray(likes.sum(axis=0)).ravel() / people

    def covariance(vectors: Floats) -> Floats:
        product: Floats = likes.T @ (likes @ vectors) / people - np.outer(mean, mean @ vectors)
        return product

    directions = strongest(covariance, films, own.rank)
    values = np.maximum((directions * covariance(directions)).sum(axis=0), 0.0)
    loadings = directions * np.sqrt(values)
    unexplained = mean * (1.0 - mean) - (loadings**2).sum(axis=1)
    return loadings, np.maximum(unexplained, 0.0) + own.noise
