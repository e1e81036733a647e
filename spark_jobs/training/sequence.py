"""The sequence block: a ridge regression from the recency-weighted past to the next ratings."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from recommendations.ranking.blocks.base import recency_weights, value_of_stars
from recommendations.ranking.blocks.sequence import Sequence, SequenceParameters
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.base import BlockTraining, Floats, Sums, Trained, TrainingData, truncate
from spark_jobs.training.histories import PersonHistory
from spark_jobs.training.wide import ridge_solver, strongest


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

    def solve_wide(self, data: TrainingData) -> Trained:
        own = data.parameters.of(SequenceParameters)
        weights = value_of_stars(data.people.stars, data.parameters.star_weights)
        past, following = pairs_as_rows(data.people, weights, data.films, own)
        if not past.shape[0]:
            return Trained(Sequence.empty(data.films))
        fold, items = sequence_from_rows(past, following, own)
        return Trained(Sequence(items.astype(np.float32), fold.astype(np.float32)))


Pair = tuple[NDArray[np.intp], NDArray[np.int32]]


def pairs_as_rows(
    people: KnownPeople, weights: Floats, films: int, own: SequenceParameters
) -> tuple[csr_array, csr_array]:
    """Every cut of everybody's history as a row: the weighted past and what followed (cuts, films) each."""
    places: tuple[list[Pair], list[Pair]] = ([], [])
    values: tuple[list[Floats], list[Floats]] = ([], [])
    count = 0
    for first, last in pairwise(people.starts.tolist()):
        if last - first <= 2:
            continue
        pairs, items = sequence_pairs(weights[first:last], own), people.items[first:last]
        for side, matrix in enumerate(pairs):
            row, column = np.nonzero(matrix)
            places[side].append((row + count, items[column]))
            values[side].append(matrix[row, column])
        count += len(pairs[0])
    if not count:
        return csr_array((0, films)), csr_array((0, films))
    past, following = (
        csr_array(
            (np.concatenate(found), tuple(np.concatenate(axis) for axis in zip(*where, strict=True))),
            shape=(count, films),
        )
        for where, found in zip(places, values, strict=True)
    )
    return past, following


def sequence_from_rows(
    past: csr_array, following: csr_array, own: SequenceParameters
) -> tuple[Floats, Floats]:
    """The same as :func:`sequence` from the cuts as sparse rows, for many films."""
    solve = ridge_solver(past, own.ridge)

    def second_moment(vectors: Floats) -> Floats:
        scores = past @ solve(past.T @ (following @ vectors))
        product: Floats = following.T @ (past @ solve(past.T @ scores))
        return product

    items = strongest(second_moment, past.shape[1], own.rank)
    return solve(past.T @ (following @ items)), items


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
