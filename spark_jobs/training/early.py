"""Early taste: principal components of the centred likes, as factor loadings."""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh
from scipy.sparse import csr_array

from recommendations.ranking.blocks.early import Early, EarlyParameters
from recommendations.ranking.parameters import Parameters
from spark_jobs.training.base import BlockTraining, Floats, Sums, Trained, TrainingData
from spark_jobs.training.histories import PersonHistory
from spark_jobs.training.wide import sparse_rows, strongest


class EarlyTraining(BlockTraining):
    """Sums ``like_gram`` (n, n), L'L of likes."""

    block = Early
    needs_squares = True

    def zeros(self, films: int) -> Sums:
        return {"like_gram": np.zeros((films, films))}

    def add(self, sums: Sums, person: PersonHistory, parameters: Parameters) -> None:
        liked = person.liked(parameters)
        sums["like_gram"][np.ix_(liked, liked)] += 1.0

    def solve(self, data: TrainingData) -> Trained:
        own = data.parameters.of(EarlyParameters)
        loadings, noise = early(data.sums.pop("like_gram"), data.sums["likes"], data.person_count, own)
        return Trained(Early(loadings.astype(np.float32), noise.astype(np.float32)))

    def solve_wide(self, data: TrainingData) -> Trained:
        likes = sparse_rows(data.people, data.people.stars >= data.parameters.like_threshold, data.films)
        loadings, noise = early_from_rows(likes, data.parameters.of(EarlyParameters))
        return Trained(Early(loadings.astype(np.float32), noise.astype(np.float32)))


def early_from_rows(likes: csr_array, own: EarlyParameters) -> tuple[Floats, Floats]:
    """The same as :func:`early` from the likes (m, n), sparse, for many films: no covariance is ever made."""
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


def early(like_gram: Floats, likes: Floats, people: float, own: EarlyParameters) -> tuple[Floats, Floats]:
    """Factor the covariance of likes.

    Returns
    -------
    loadings : (n, rank) eigenvectors of the covariance, scaled by the root of their eigenvalues.
    noise : (n,) what they leave of a like's variance μ(1 − μ), plus ``own.noise``.
    """
    mean = likes / people
    covariance = like_gram / people - np.outer(mean, mean)
    size = len(mean)
    rank = min(own.rank, size)
    values, vectors = eigh(covariance, subset_by_index=(size - rank, size - 1))
    loadings = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0.0))
    unexplained = mean * (1.0 - mean) - (loadings**2).sum(axis=1)
    return loadings, np.maximum(unexplained, 0.0) + own.noise
