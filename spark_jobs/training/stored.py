"""The sums of the last training, kept for the next one: only people whose ratings are others are summed up again.

Beside the squares lie the ratings that they were summed from. A person with the same digest of the same ratings is in the
squares already; of everybody else the old rows are taken out and the new ones added. What shapes the rows (parameters) must
be the same, and a film that is new in the squares may have been rated by nobody who is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.people import KnownPeople
from spark_jobs.training.base import BlockTraining, Squares
from spark_jobs.training.histories import people_of
from spark_jobs.training.squares import strips
from spark_jobs.training.ways import Way, precision

# Fewer ratings are summed up in seconds, and if more than this share are others, all of them are.
FEWEST_RATINGS, MOST_CHANGED = 500_000, 0.3
PEOPLE, KEY = "people.npz", "key.json"
Digests = NDArray[np.uint64]


@dataclass(frozen=True)
class Summing:
    """What is summed up: the squares of these trainings, on the films of their ways, over these people."""

    people: KnownPeople
    movie_ids: NDArray[np.int32]  # of all films, ascending
    trainings: Sequence[BlockTraining]
    ways: Mapping[str, Way]
    parameters: Any
    task_bytes: int

    @property
    def squared(self) -> list[BlockTraining]:
        """The trainings that are solved from squares."""
        return [one for one in self.trainings if one.squares and not self.ways[one.block.name].is_dual]

    def key(self) -> str:
        """The digest of what shapes the rows of a person."""
        shape = json.dumps(
            [self.parameters.as_dict(), sorted(one.block.name for one in self.squared)], sort_keys=True
        )
        return hashlib.sha256(shape.encode()).hexdigest()

    def films(self, training: BlockTraining) -> NDArray[np.int32]:
        """The numbers of the films in its squares, ascending."""
        return self.movie_ids[self.ways[training.block.name].films]


def digests(people: KnownPeople, movie_ids: NDArray[np.int32]) -> Digests:
    """A digest of each person's ratings and their order (m,)."""
    lengths = np.diff(people.starts)
    place = np.arange(len(people.items)) - np.repeat(people.starts[:-1], lengths)
    mixed: Digests = np.asarray(
        movie_ids[people.items].astype(np.uint64) << np.uint64(32)
        | place.astype(np.uint64) << np.uint64(5)
        | (people.stars * 2).astype(np.uint64),
        np.uint64,
    )
    # The finaliser of splitmix64: sums of its values differ where their ratings do.
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ mixed >> np.uint64(shift)) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    ends = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
    found: Digests = np.diff(ends[people.starts]) + lengths.astype(np.uint64)
    return found


def sums_with_store(
    summing: Summing, sum_all: Callable[[], Squares], folder: Path | None
) -> tuple[Squares, dict[str, int]]:
    """The squares, and of how many people they were made anew and kept. Without a ``folder`` nothing is kept."""
    everybody = len(summing.people.user_ids)
    if folder is None or len(summing.people.items) < FEWEST_RATINGS or not summing.squared:
        return sum_all(), {"people_summed": everybody, "people_kept": 0}
    found = _brought_up_to_date(summing, folder)
    squares, summed = found if found is not None else (sum_all(), everybody)
    _save(summing, squares, folder)
    return squares, {"people_summed": summed, "people_kept": everybody - summed}


def _brought_up_to_date(summing: Summing, folder: Path) -> tuple[Squares, int] | None:
    """The stored squares with what has changed since, and of how many people; ``None`` if they are of no use."""
    try:
        stored = json.loads((folder / KEY).read_text())
        with np.load(folder / PEOPLE, allow_pickle=False) as arrays:
            old_movies, old = arrays["movie_ids"], people_of_arrays(arrays)
        if stored["key"] != summing.key():
            return None
        positions = np.searchsorted(summing.movie_ids, old_movies)
        if not np.array_equal(
            summing.movie_ids[np.minimum(positions, len(summing.movie_ids) - 1)], old_movies
        ):
            return None
        was, now = digests(old, old_movies), digests(summing.people, summing.movie_ids)
        gone = ~_kept(old.user_ids, was, summing.people.user_ids, now)
        new = ~_kept(summing.people.user_ids, now, old.user_ids, was)
        changed = _part(summing.people, new)
        if len(changed.items) > MOST_CHANGED * len(summing.people.items):
            return None
        kept_counts = np.bincount(_part(summing.people, ~new).items, minlength=len(summing.movie_ids))
        before = _part(old, gone, positions.astype(np.int32))
        squares: Squares = {}
        for training in summing.squared:
            for name in training.squares:
                taken = _taken(summing, training, stored["films"][training.block.name], kept_counts)
                if taken is None:
                    return None
                squares[name] = _placed(np.load(folder / f"{name}.npy"), *taken)
            for people, sign in ((before, -1.0), (changed, 1.0)):
                _add(squares, summing, training, people, sign)
        return squares, len(changed.user_ids)
    except (OSError, ValueError, KeyError):
        # Nothing is stored yet, or it is damaged: then everybody is summed up.
        return None


def people_of_arrays(arrays: Mapping[str, NDArray[Any]]) -> KnownPeople:
    """People as :func:`_save` wrote them."""
    owners = np.repeat(arrays["user_ids"], np.diff(arrays["starts"]))
    return people_of(owners, arrays["items"], arrays["stars"], np.arange(len(owners)))


def _kept(
    ids: NDArray[np.int32], own: Digests, others: NDArray[np.int32], theirs: Digests
) -> NDArray[np.bool_]:
    """Whether each person is among the others with the same digest."""
    place = np.minimum(np.searchsorted(others, ids), len(others) - 1)
    kept: NDArray[np.bool_] = (others[place] == ids) & (theirs[place] == own)
    return kept


def _part(
    people: KnownPeople, chosen: NDArray[np.bool_], positions: NDArray[np.int32] | None = None
) -> KnownPeople:
    """Some of the people, their films perhaps at other positions."""
    rated = np.repeat(chosen, np.diff(people.starts))
    items = people.items[rated] if positions is None else positions[people.items[rated]]
    owners = np.repeat(people.user_ids, np.diff(people.starts))[rated]
    return people_of(owners, items, people.stars[rated], np.arange(len(items)))


def _taken(
    summing: Summing, training: BlockTraining, stored_films: list[int], kept_counts: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp], int] | None:
    """Places of the films in the stored square and in the new one, and its size."""
    films, stored = summing.films(training), np.array(stored_films, np.int32)
    place = np.minimum(np.searchsorted(stored, films), len(stored) - 1)
    there = stored[place] == films
    unknown = summing.ways[training.block.name].films[~there]
    if kept_counts[unknown].any():
        return None
    return place[there], np.flatnonzero(there), len(films)


def _placed(
    stored: NDArray[Any], old: NDArray[np.intp], new: NDArray[np.intp], size: int
) -> NDArray[np.floating]:
    if len(old) == size == len(stored):
        return np.asfortranarray(stored)
    square = np.zeros((size, size), precision(size), order="F")
    square[np.ix_(new, new)] = stored[np.ix_(old, old)]
    return square


def _add(
    squares: Squares, summing: Summing, training: BlockTraining, people: KnownPeople, sign: float
) -> None:
    if not len(people.user_ids):
        return
    columns = summing.ways[training.block.name].columns(len(summing.movie_ids))
    for name, start, strip in strips(training.pairs(people, columns, summing.parameters), summing.task_bytes):
        if training.squares[name]:
            squares[name][start:, start : start + len(strip)] += sign * strip.T
        else:
            squares[name][start : start + len(strip)] += sign * strip


def _save(summing: Summing, squares: Squares, folder: Path) -> None:
    """Replace what is stored; a run that is ended in between leaves the old sums or none."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    # What a run has left that was ended in the middle.
    for leftover in folder.parent.glob(".sums-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=".sums-", dir=folder.parent))
    try:
        for name, square in squares.items():
            np.save(staging / f"{name}.npy", square, allow_pickle=False)
        people = summing.people
        np.savez(
            staging / PEOPLE,
            allow_pickle=False,
            movie_ids=summing.movie_ids,
            user_ids=people.user_ids,
            starts=people.starts,
            items=people.items,
            stars=people.stars,
        )
        films = {one.block.name: summing.films(one).tolist() for one in summing.squared}
        (staging / KEY).write_text(json.dumps({"key": summing.key(), "films": films}))
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
