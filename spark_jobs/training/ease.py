"""EASE (Steck 2019): X'X of the star weights, summed in Spark, and its closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse import csr_array

from recommendations.ranking.blocks.base import value_of_stars
from recommendations.ranking.blocks.ease import Ease, EaseParameters
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.base import BlockTraining, Floats, Pairs, Trained, TrainingData
from spark_jobs.training.solving import (
    STEP,
    Square,
    dual_solve,
    invert_below,
    mirror,
    product_of_rows,
    sparse_rows,
    strongest,
    symmetric_product,
)
from spark_jobs.training.ways import Need


class EaseTraining(BlockTraining):
    """Sums the square ``gram``, X'X of the star weights X (people, films)."""

    block = Ease
    squares = {"gram": True}

    def need(self, people: int, films: int, parameters: Parameters) -> Need:
        return Need(rows=people, dual_bytes=8 * people * (people + 5 * films))

    def pairs(self, people: KnownPeople, columns: NDArray[np.int32], parameters: Parameters) -> Pairs:
        rows = sparse_rows(
            people, value_of_stars(people.stars, parameters.star_weights), int(columns.max()) + 1, columns
        )
        return {"gram": (rows, rows)}

    def solve(self, data: TrainingData) -> Trained:
        own, people, way = data.parameters.of(EaseParameters), data.people, data.ways[self.block.name]
        weights = value_of_stars(people.stars, data.parameters.star_weights)
        if way.is_dual:
            fold, items, intercept = ease_from_rows(sparse_rows(people, weights, data.films), own)
        else:
            sums = np.bincount(people.items, weights, data.films).astype(np.float64)
            fold, items, intercept = ease(
                data.squares.pop("gram"), sums[way.films], len(people.user_ids), own
            )
            if len(way.films) < data.films:
                everywhere = sums / len(people.user_ids)
                # Nothing leads to a film of the tail: what is expected of it is its mean.
                everywhere[way.films] = intercept
                fold, items, intercept = (
                    way.spread(fold, data.films),
                    way.spread(items, data.films),
                    everywhere,
                )
        single = np.float32
        intercept = intercept - intercept.min()
        return Trained(Ease(items.astype(single), fold.astype(single), intercept.astype(single)))


def ease_from_rows(rows: csr_array, own: EaseParameters) -> tuple[Floats, Floats, Floats]:
    """The same as :func:`ease` from the star weights X (m, n), sparse, over the smaller side.

    With fewer people than films: Z = K⁻¹Xc for the centred Xc and K = XcXc' + λI; P = (I − Xc'Z) / λ, so that
    B = I − (I − Xc'Z)·D with D = 1 / (1 − Σ Xc∘Z), and no matrix of films × films is ever made.
    """
    people, films = rows.shape
    sums = np.asarray(rows.sum(axis=0)).ravel()
    if people >= films:
        return ease(product_of_rows(rows, rows), sums, people, own)
    mean = sums / people
    centred = rows.toarray() - mean
    system = centred @ centred.T
    system[np.diag_indices_from(system)] += own.ridge
    solved = dual_solve(system, centred)
    scale = 1.0 / (1.0 - np.einsum("ij,ij->j", centred, solved))
    solved *= scale
    scores_of_people = rows.toarray() * (1.0 - scale) + (rows @ centred.T) @ solved
    rank = min(own.rank, people)
    square = scores_of_people @ scores_of_people.T
    values, vectors = eigh(square, subset_by_index=(people - rank, people - 1))
    kept = values[::-1] > 0
    items = scores_of_people.T @ vectors[:, ::-1][:, kept] / np.sqrt(values[::-1][kept])
    fold = items * (1.0 - scale)[:, None] + centred.T @ (solved @ items)
    return fold, items, mean * scale - (centred @ mean) @ solved


def ease(gram: Square, sums: Floats, people: float, own: EaseParameters) -> tuple[Floats, Floats, Floats]:
    """Solve EASE on the column-centred matrix.

    B = I − P / diag(P) with P = (X'X − m·μμ' + λI)⁻¹; centring gives EASE an intercept. The scores X·B are truncated to the
    directions that carry most of them: the eigenvectors V of B'(X'X)B; the map becomes (B·V)·V'.

    Parameters
    ----------
    gram, sums : (n, n) X'X, of which the half below the diagonal is enough and which is overwritten, and (n,) column
        sums of the star weights.
    people : m, how many people were summed.

    Returns
    -------
    Fold and items of the truncated map (n, rank) each, and the intercept μ − μB per film (n,).
    """
    films, mean = len(gram), sums / people
    square = np.asfortranarray(gram)
    mirror(square)
    of_gram = square.diagonal().astype(np.float64)
    for start in range(0, films, STEP):
        part = slice(start, start + STEP)
        centre = np.outer(people * mean[start:], mean[part]).astype(square.dtype)
        # On and below the diagonal alone: above it the sums stay for the scores.
        centre[: square[part, part].shape[0]] = np.tril(centre[: square[part, part].shape[0]])
        square[start:, part] -= centre
    square[np.diag_indices(films)] += square.dtype.type(own.ridge)
    invert_below(square)
    of_inverse = square.diagonal().astype(np.float64)
    scale, across = (1.0 / of_inverse)[:, None], (of_gram - of_inverse)[:, None]

    def weights(vectors: Floats) -> Floats:
        return vectors - symmetric_product(square, scale * vectors, below=True)

    def transposed(vectors: Floats) -> Floats:
        return vectors - scale * symmetric_product(square, vectors, below=True)

    def second_moment(vectors: Floats) -> Floats:
        weighted = weights(vectors)
        return transposed(symmetric_product(square, weighted, below=False) + across * weighted)

    items = strongest(second_moment, films, own.rank)
    return weights(items), items, mean - transposed(mean[:, None])[:, 0]
