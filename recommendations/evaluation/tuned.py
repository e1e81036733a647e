"""Single methods of the literature, fitted on the same training part and tuned on an inner split of it.

They are what a reader of papers would try first: EASE of full rank (Steck 2019) and implicit ALS (Hu, Koren and Volinsky
2008), on who has rated what. Nothing of the model is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from recommendations.evaluation.metrics import ndcg_at_k
from recommendations.ranking.score import rank_films

Floats = NDArray[np.float64]
Scores = Callable[[NDArray[np.integer]], Floats]
RIDGES = (50.0, 100.0, 200.0, 400.0, 800.0, 1600.0)
# Rank, confidence and ridge.
ALS_CANDIDATES = ((16, 5.0, 10.0), (32, 5.0, 10.0), (32, 20.0, 30.0), (64, 20.0, 100.0))
ITERATIONS, TUNED_ON, INNER_SHARE = 8, 200, 0.2
SOLVED_AT_ONCE = 2_000


@dataclass(frozen=True)
class Tuned:
    """A method with what was chosen for it; ``scores`` gives the score of every film (n,) to rated films (positions)."""

    scores: Scores
    chosen: dict[str, Any]


@dataclass(frozen=True)
class _Question:
    person: int
    rated: NDArray[np.integer]
    wanted: NDArray[np.integer]


def tuned_ease(train: pd.DataFrame, films: int, *, k: int = 10) -> Tuned:
    """EASE of full rank on the binary matrix, with the ridge that is best on the inner split.

    Of fewer people than films only a matrix of people × people is solved: B = I − P·diag(1/P) with
    P = (I − X'K⁻¹X) / λ, K = XX' + λI.
    """
    inner, questions = _inner_split(train, films)
    ridge = max(RIDGES, key=lambda each: _ndcg(_ease(inner, each), questions, k)) if questions else RIDGES[2]
    return Tuned(_ease(_rows(train, films), ridge), {"ridge": ridge})


def tuned_als(train: pd.DataFrame, films: int, *, k: int = 10, seed: int = 0) -> Tuned:
    """Implicit ALS with the rank, confidence and ridge that are best on the inner split."""
    inner, questions = _inner_split(train, films)

    def value(candidate: tuple[int, float, float]) -> float:
        return _ndcg(_als(inner, *candidate, seed), questions, k)

    rank, alpha, ridge = max(ALS_CANDIDATES, key=value) if questions else ALS_CANDIDATES[0]
    return Tuned(
        _als(_rows(train, films), rank, alpha, ridge, seed), {"rank": rank, "alpha": alpha, "ridge": ridge}
    )


def _rows(ratings: pd.DataFrame, films: int) -> csr_array:
    """1 where a person has rated a film (m, n)."""
    people, rows = np.unique(ratings["user_id"].to_numpy(), return_inverse=True)
    places = (rows, ratings["item"].to_numpy())
    return csr_array((np.ones(len(rows)), places), shape=(len(people), films))


def _inner_split(train: pd.DataFrame, films: int) -> tuple[csr_array, list[_Question]]:
    """The ratings without the last fifth of each history, and questions about those for some people."""
    size = train.groupby("user_id")["item"].transform("size").to_numpy()
    position = train.groupby("user_id").cumcount().to_numpy()
    early = position < np.ceil((1 - INNER_SHARE) * size)
    questions = []
    people = np.unique(train["user_id"].to_numpy()[~early])
    chosen = set(np.random.default_rng(0).permutation(people)[:TUNED_ON].tolist())
    asked = train["user_id"].isin(chosen).to_numpy()
    for person, group in train[asked].assign(early=early[asked]).groupby("user_id"):
        items, is_early = group["item"].to_numpy(), group["early"].to_numpy()
        if is_early.any():
            questions.append(_Question(int(person), items[is_early], items[~is_early]))
    return _rows(train[early], films), questions


def _ndcg(scores: Scores, questions: Sequence[_Question], k: int) -> float:
    found = []
    for each in questions:
        rated = each.rated.astype(np.int32)
        found.append(ndcg_at_k(rank_films(scores(rated).astype(np.float32), rated, k), each.wanted, k))
    return float(np.mean(found))


def _ease(rows: csr_array, ridge: float) -> Scores:
    people, films = rows.shape
    if people >= films:
        gram = (rows.T @ rows).toarray()
        gram[np.diag_indices_from(gram)] += ridge
        inverse = cho_solve(cho_factor(gram, overwrite_a=True), np.eye(films))
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0.0)
        return lambda rated: np.asarray(weights[rated].sum(axis=0))
    system = (rows @ rows.T).toarray()
    system[np.diag_indices_from(system)] += ridge
    dense = rows.toarray()
    solved = cho_solve(cho_factor(system, overwrite_a=True), dense)
    scale = 1.0 / (1.0 - np.einsum("ij,ij->j", dense, solved))

    def scores(rated: NDArray[np.integer]) -> Floats:
        found = (dense[:, rated].sum(axis=1) @ solved) * scale
        # The diagonal of B is 0: a film says nothing about itself.
        found[rated] += 1.0 - scale[rated]
        return np.asarray(found)

    return scores


def _als(rows: csr_array, rank: int, alpha: float, ridge: float, seed: int) -> Scores:
    chance = np.random.default_rng(seed)
    films = chance.normal(0, 0.1, (rows.shape[1], rank))
    films[np.diff(rows.T.tocsr().indptr) == 0] = 0.0
    turned = rows.T.tocsr()
    for _round in range(ITERATIONS):
        people = _half(rows, films, alpha, ridge)
        films = _half(turned, people, alpha, ridge)
    gram = films.T @ films + ridge * np.eye(rank)

    def scores(rated: NDArray[np.integer]) -> Floats:
        own = films[rated]
        person = np.linalg.solve(gram + alpha * own.T @ own, (1 + alpha) * own.sum(axis=0))
        return np.asarray(films @ person)

    return scores


def _half(rows: csr_array, other: Floats, alpha: float, ridge: float) -> Floats:
    """One side given the other: (Y'Y + α Σ yy' + λI)⁻¹ (1 + α) Σ y for every row, sums as sparse products."""
    rank = other.shape[1]
    upper = np.triu_indices(rank)
    products = (other[:, upper[0]] * other[:, upper[1]]).astype(np.float32)
    gram = other.T @ other + ridge * np.eye(rank)
    right = (1 + alpha) * (rows @ other)
    found = np.empty_like(right)
    for start in range(0, rows.shape[0], SOLVED_AT_ONCE):
        part = slice(start, start + SOLVED_AT_ONCE)
        packed = alpha * (rows[part] @ products)
        system = np.empty((len(packed), rank, rank))
        system[:, upper[0], upper[1]] = packed
        system[:, upper[1], upper[0]] = packed
        found[part] = np.linalg.solve(system + gram, right[part][:, :, None])[:, :, 0]
    return found
