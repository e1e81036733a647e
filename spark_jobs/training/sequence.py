"""The sequence block: a ridge regression from the recency-weighted past to the next ratings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.ranking.blocks.base import recency_weights, value_of_stars
from recommendations.ranking.blocks.sequence import Sequence, SequenceParameters
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.base import BlockTraining, Floats, Pairs, Trained, TrainingData
from spark_jobs.training.solving import Map, Square, ridge_inverse, ridge_solver, strongest
from spark_jobs.training.ways import Need

# More cuts than these of everybody together tell nothing new; fewer than three leave parts of a history out.
MOST_CUTS, FEWEST_OF_ONE = 200_000, 3


class SequenceTraining(BlockTraining):
    """Sums the squares ``past_gram``, past'past, and ``past_next``, past'following, of cuts of everybody's history."""

    block = Sequence
    squares = {"past_gram": True, "past_next": False}

    def is_wanted(self, parameters: Parameters) -> bool:
        return bool(parameters.of(SequenceParameters).weight)

    def fitting(self, parameters: Parameters, people: int) -> Parameters:
        """Fewer cuts of each history where there are many, and a ridge that weighs as much beside them as before."""
        own = parameters.of(SequenceParameters)
        cuts = min(own.cuts, max(FEWEST_OF_ONE, MOST_CUTS // max(people, 1)))
        return parameters.adjusted(sequence={"cuts": cuts, "ridge": own.ridge * cuts / own.cuts})

    def need(self, people: int, films: int, parameters: Parameters) -> Need:
        rows = people * parameters.of(SequenceParameters).cuts
        return Need(rows=rows, dual_bytes=4 * rows**2)

    def pairs(self, people: KnownPeople, columns: NDArray[np.int32], parameters: Parameters) -> Pairs:
        weights = value_of_stars(people.stars, parameters.star_weights)
        past, following = pairs_as_rows(
            people, weights, int(columns.max()) + 1, parameters.of(SequenceParameters), columns
        )
        return {"past_gram": (past, past), "past_next": (past, following)}

    def solve(self, data: TrainingData) -> Trained:
        own, way = data.parameters.of(SequenceParameters), data.ways[self.block.name]
        if way.is_dual:
            weights = value_of_stars(data.people.stars, data.parameters.star_weights)
            past, following = pairs_as_rows(data.people, weights, data.films, own)
            if not past.shape[0]:
                return Trained(Sequence.empty(data.films))
            fold, items = sequence_from_rows(past, following, own)
        else:
            fold, items = sequence(data.squares.pop("past_gram"), data.squares.pop("past_next"), own)
            fold, items = way.spread(fold, data.films), way.spread(items, data.films)
        return Trained(Sequence(items.astype(np.float32), fold.astype(np.float32)))


def pairs_as_rows(
    people: KnownPeople,
    weights: Floats,
    films: int,
    own: SequenceParameters,
    columns: NDArray[np.int32] | None = None,
) -> tuple[csr_array, csr_array]:
    """Every cut of everybody's history as a row: the weighted past and what followed (cuts, films) each.

    A row of the past holds the recency-weighted ratings before a cut, a row of what followed the weights of the next
    ``horizon`` ratings. ``columns`` (all films,) gives each film its column, -1 for those that have none.
    """
    lengths = np.diff(people.starts)
    owner = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    place = np.arange(len(people.items), dtype=np.int32) - people.starts[owner].astype(np.int32)
    films_of = people.items if columns is None else columns[people.items]
    places = cut_places(lengths, own)
    past, following = _Rows(), _Rows()
    for number, cut in enumerate(places):
        # Short histories have the same place more than once, and those of one or two ratings none.
        fresh = (lengths > 2) & (cut > places[number - 1] if number else True)
        age = np.where(fresh[owner], cut[owner] - 1 - place, np.int32(-2 - own.horizon))
        for rows, there in (
            (past, age >= 0),
            (following, (age < 0) & (age >= -own.horizon)),
        ):
            chosen = np.flatnonzero(there & (films_of >= 0))
            value = weights[chosen]
            if rows is past:
                value = value * recency_weights(age[chosen].astype(float), own.recency)
            counts = np.bincount(owner[chosen], minlength=len(lengths))[fresh]
            rows.add(counts, films_of[chosen], value)
    return past.matrix(films), following.matrix(films)


class _Rows:
    """Sparse rows that are put together from parts."""

    def __init__(self) -> None:
        self._counts: list[NDArray[np.intp]] = [np.zeros(1, np.intp)]
        self._columns: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
        self._values: list[NDArray[np.float32]] = [np.zeros(0, np.float32)]

    def add(self, counts: NDArray[np.intp], columns: NDArray[np.int32], values: Floats) -> None:
        """Rows of so many entries each, one after the other."""
        self._counts.append(counts)
        self._columns.append(columns)
        self._values.append(values.astype(np.float32))

    def matrix(self, films: int) -> csr_array:
        """All of them (rows, films)."""
        ends = np.cumsum(np.concatenate(self._counts))
        parts: tuple[Any, ...] = (np.concatenate(self._values), np.concatenate(self._columns), ends)
        return csr_array(parts, shape=(len(ends) - 1, films))


def cut_places(lengths: NDArray[np.integer], own: SequenceParameters) -> NDArray[np.int32]:
    """Where histories of so many ratings (m,) are cut: ``cuts`` places (cuts, m) from the share ``start`` to the last
    rating, in equal steps."""
    first = np.maximum(1, (lengths * own.start).astype(np.int64))
    steps = np.arange(own.cuts)[:, None]
    return (first + steps * (lengths - 1 - first) // max(own.cuts - 1, 1)).astype(np.int32)


def sequence_from_rows(
    past: csr_array, following: csr_array, own: SequenceParameters
) -> tuple[Floats, Floats]:
    """The same as :func:`sequence` from the cuts as sparse rows, over the smaller side."""
    return _truncated(
        ridge_solver(past, own.ridge),
        lambda vectors: past.T @ (following @ vectors),
        lambda vectors: following.T @ (past @ vectors),
        past.shape[1],
        own,
    )


def sequence(past_gram: Square, past_next: Square, own: SequenceParameters) -> tuple[Floats, Floats]:
    """Solve T = (A + λI)⁻¹ C from the weighted past (A = past'past) to what came next (C = past'following).

    ``past_gram`` A (n, n), of which the half below the diagonal is enough, is overwritten. Returns fold and items of the
    truncated map (n, rank) each.
    """
    single = past_next.dtype
    return _truncated(
        ridge_inverse(np.asfortranarray(past_gram), own.ridge),
        lambda vectors: np.asarray(past_next @ vectors.astype(single), np.float64),
        lambda vectors: np.asarray(past_next.T @ vectors.astype(single), np.float64),
        len(past_next),
        own,
    )


def _truncated(
    solve: Map, forward: Map, backward: Map, films: int, own: SequenceParameters
) -> tuple[Floats, Floats]:
    """The directions of the predictions past · T that carry most of them: eigenvectors of T'AT, where AT = C − λT."""

    def second_moment(vectors: Floats) -> Floats:
        wanted = forward(vectors)
        return backward(solve(wanted - own.ridge * solve(wanted)))

    items = strongest(second_moment, films, own.rank)
    return solve(forward(items)), items
