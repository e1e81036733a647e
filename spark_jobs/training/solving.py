"""The linear algebra of the solves: one matrix of films × films is held once, in half its places a factor or an inverse.

A symmetric matrix has two halves of the same numbers. Where a solve overwrites one of them, the other one keeps what was
there before, so that EASE needs one square and no copy of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, eigh, get_blas_funcs, get_lapack_funcs, qr
from scipy.sparse import csr_array

from recommendations.ranking.people import KnownPeople
from spark_jobs.training.ways import SMALL_FILMS

Floats = NDArray[np.float64]
Square = NDArray[Any]  # single or double precision
Map = Callable[[Floats], Floats]
# Rounds of subspace iteration, and the directions beside those that are wanted: the last digits of the weakest ones, for which
# there is time where films are few.
ROUNDS, ROUNDS_OF_FEW, SPARE = 8, 30, 32
# So many columns of a square are worked on at once: 80 MB for 20,000 films.
STEP: Final = 1_000
UNDETERMINED = "the ratings do not determine the weights of films; raise the ridge"


def sparse_rows(
    people: KnownPeople,
    values: NDArray[np.floating] | NDArray[np.bool_],
    films: int,
    columns: NDArray[np.int32] | None = None,
) -> csr_array:
    """One row per person with a value for each of their ratings (m, films); films whose value is 0 are left out.

    ``columns`` (all films,) gives each film its column, -1 for those that have none.
    """
    # A copy: taking out zeros moves the numbers of films and rows as well, and these are the people's own.
    places = (people.items if columns is None else np.maximum(columns[people.items], 0), people.starts)
    rows = csr_array(
        (np.asarray(values, np.float64), *places), shape=(len(people.user_ids), films), copy=True
    )
    if columns is not None:
        rows.data[columns[people.items] < 0] = 0.0
    rows.eliminate_zeros()
    return rows


def mirror(square: Square) -> None:
    """Copy the half below the diagonal to the other one, in place; ``square`` lies in the order of its columns."""
    for start in range(0, len(square), STEP):
        part, below = slice(start, start + STEP), slice(start + STEP, None)
        corner = np.tril(square[part, part])
        square[part, part] = corner + np.tril(corner, -1).T
        square[part, below] = square[below, part].T


def invert_below(square: Square) -> None:
    """Put the inverse of a symmetric positive matrix into its half below the diagonal and the diagonal, in place.

    The half above keeps the matrix. Single precision by ``spotrf`` and ``spotri``, double by ``dpotrf`` and ``dpotri``.

    Raises
    ------
    ValueError
        If it is not positive.
    """
    factorise, invert = get_lapack_funcs(("potrf", "potri"), (square,))
    _, problem = factorise(square, lower=1, overwrite_a=1, clean=0)
    if not problem:
        _, problem = invert(square, lower=1, overwrite_c=1)
    if problem:
        raise ValueError(UNDETERMINED)


def symmetric_product(square: Square, vectors: Floats, *, below: bool) -> Floats:
    """One half of a symmetric matrix times thin vectors (n, k)."""
    (multiply,) = get_blas_funcs(("symm",), (square,))
    right = np.asfortranarray(vectors, dtype=square.dtype)
    return np.asarray(multiply(1.0, square, right, lower=int(below)), np.float64)


def ridge_inverse(square: Square, ridge: float) -> Map:
    """B ↦ (A + λI)⁻¹ B for thin matrices B (n, k); ``square`` A, whose half below the diagonal is enough, is overwritten.

    Raises
    ------
    ValueError
        If the sum is not positive.
    """
    factorise, substitute = get_lapack_funcs(("potrf", "potrs"), (square,))
    square[np.diag_indices_from(square)] += square.dtype.type(ridge)
    factor, problem = factorise(square, lower=1, overwrite_a=1, clean=0)
    if problem:
        raise ValueError(UNDETERMINED)

    def solve(right: Floats) -> Floats:
        solved, _ = substitute(factor, np.asfortranarray(right, dtype=square.dtype), lower=1)
        return np.asarray(solved, np.float64)

    return solve


def product_of_rows(left: csr_array, right: csr_array, dtype: Any = np.float32) -> Square:
    """L'R (films, films) of sparse rows, in the order of its columns, without a sparse matrix of its size."""
    films = right.shape[1]
    square = np.empty((left.shape[1], films), dtype, order="F")
    across, columns = left.astype(dtype).T.tocsr(), right.astype(dtype).tocsc()
    for start in range(0, films, STEP):
        part = slice(start, min(start + STEP, films))
        square[:, part] = (across @ columns[:, part]).toarray()
    return square


def ridge_solver(rows: csr_array, ridge: float) -> Map:
    """B ↦ (X'X + λI)⁻¹ B for thin matrices B (films, k), over the smaller side of ``rows`` X (r, films).

    Where there are fewer rows than films, K = XX' + λI is solved: (X'X + λI)⁻¹ = (I − X'K⁻¹X) / λ (push-through identity).
    """
    if rows.shape[0] >= rows.shape[1]:
        return ridge_inverse(product_of_rows(rows, rows), ridge)
    # XX' is symmetric: its columns are its rows.
    across = rows.T.tocsr()
    solve = ridge_inverse(product_of_rows(across, across), ridge)
    return lambda right: (right - rows.T @ solve(rows @ right)) / ridge


def dual_solve(system: Floats, right: Floats) -> Floats:
    """K⁻¹ B for a small symmetric positive K (m, m), which is overwritten, and B (m, films)."""
    solved: Floats = cho_solve(cho_factor(system, overwrite_a=True, check_finite=False), right)
    return solved


def strongest(apply: Map, size: int, rank: int) -> Floats:
    """Orthonormal eigenvectors (size, rank) of the greatest eigenvalues of a positive map, by subspace iteration.

    They come strongest first. The same map gives the same directions.
    """
    rank = min(rank, size)
    start = np.random.default_rng(0).normal(size=(size, min(rank + SPARE, size)))
    basis = qr(start, mode="economic")[0]
    for _round in range(ROUNDS if size > SMALL_FILMS else ROUNDS_OF_FEW):
        basis = qr(apply(basis), mode="economic")[0]
    inner = basis.T @ apply(basis)
    _, vectors = eigh((inner + inner.T) / 2)
    directions: Floats = basis @ vectors[:, ::-1][:, :rank]
    return directions
