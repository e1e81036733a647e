"""Solving for many films without sums of films × films: from the sparse ratings themselves, on the driver.

Where there are fewer rows than films (people, or cuts of their histories), the systems are solved over the rows: with
K = XX' + λI, (X'X + λI)⁻¹ = (I − X'K⁻¹X) / λ (the push-through identity). Otherwise there is one matrix of films × films,
in single precision, which is inverted in place.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, eigh, lapack, qr
from scipy.sparse import csr_array

from recommendations.ranking.people import KnownPeople

Floats = NDArray[np.float64]
Map = Callable[[Floats], Floats]
# Rounds of subspace iteration, and the directions beside those that are wanted: the last digits of the weakest ones.
ROUNDS, SPARE = 8, 32


def sparse_rows(
    people: KnownPeople, values: NDArray[np.floating] | NDArray[np.bool_], films: int
) -> csr_array:
    """One row per person with a value for each of their ratings (m, films); films whose value is 0 are left out."""
    # A copy: leaving out zeros moves the places, and those of the people are still needed.
    rows = csr_array(
        (np.array(values, np.float64), people.items, people.starts),
        shape=(len(people.user_ids), films),
        copy=True,
    )
    rows.eliminate_zeros()
    return rows


def ridge_solver(rows: csr_array, ridge: float) -> Map:
    """B ↦ (X'X + λI)⁻¹ B for thin matrices B (films, k), over the smaller side of ``rows`` X (r, films)."""
    count, films = rows.shape
    if count < films:
        system = (rows @ rows.T).toarray()
        system[np.diag_indices_from(system)] += ridge
        factor = cho_factor(system, overwrite_a=True, check_finite=False)
        return lambda right: (right - rows.T @ cho_solve(factor, rows @ right, check_finite=False)) / ridge
    single = cho_factor(gram_plus_ridge(rows, ridge), lower=True, overwrite_a=True, check_finite=False)
    return lambda right: cho_solve(single, right.astype(np.float32), check_finite=False).astype(np.float64)


def gram_plus_ridge(rows: csr_array, ridge: float, mean: Floats | None = None) -> NDArray[np.float32]:
    """X'X + λI (films, films) in single precision, less m·μμ' for column means μ; in columns' order, for LAPACK."""
    count, films = rows.shape
    square = np.empty((films, films), np.float32, order="F")
    columns = rows.astype(np.float32).tocsc()
    step = 1_000
    for start in range(0, films, step):
        part = slice(start, min(start + step, films))
        square[:, part] = (columns.T @ columns[:, part]).toarray()
        if mean is not None:
            square[:, part] -= np.float32(count) * np.outer(mean, mean[part]).astype(np.float32)
    square[np.diag_indices(films)] += np.float32(ridge)
    return square


def inverse_in_place(square: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse of a symmetric positive matrix, which is overwritten (``spotrf``, ``spotri``).

    Raises
    ------
    ValueError
        If it is not positive.
    """
    factor, problem = lapack.spotrf(square, lower=1, overwrite_a=1)
    if not problem:
        factor, problem = lapack.spotri(factor, lower=1, overwrite_c=1)
    if problem:
        raise ValueError("the ratings do not determine the weights of films; raise the ridge")
    # LAPACK fills the lower half alone.
    step = 1_000
    for start in range(0, len(factor), step):
        part, below = slice(start, start + step), slice(start + step, None)
        corner = np.tril(factor[part, part])
        factor[part, part] = corner + np.tril(corner, -1).T
        factor[part, below] = factor[below, part].T
    return factor


def strongest(apply: Map, size: int, rank: int) -> Floats:
    """Orthonormal eigenvectors (size, rank) of the greatest eigenvalues of a positive map, by subspace iteration.

    They come strongest first. The same map gives the same directions.
    """
    rank = min(rank, size)
    start = np.random.default_rng(0).normal(size=(size, min(rank + SPARE, size)))
    basis = qr(start, mode="economic")[0]
    for _round in range(ROUNDS):
        basis = qr(apply(basis), mode="economic")[0]
    inner = basis.T @ apply(basis)
    _, vectors = eigh((inner + inner.T) / 2)
    directions: Floats = basis @ vectors[:, ::-1][:, :rank]
    return directions
