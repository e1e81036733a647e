"""Ratings of the shapes of MovieLens' releases, made up: for measuring, not for learning anything about people.

People's activity is log-normal with at least 20 ratings; a film's popularity falls like a power law and ends in a tail of films
that one to five people have seen. Who sees what follows one of several tastes, and stars follow a latent one, so that every
step has the work, and the structure to find, that real ratings would give it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recommendations.ranking.demographics import OCCUPATIONS
from recommendations.ranking.genres import GENRES

Ints = NDArray[np.int64]
LATENT, TASTES = 8, 24
# How much better known the films of a taste are among those who have it, and how fast popularity falls.
LIFT, HEAD = 1.2, 20.0
FEWEST = 20


@dataclass(frozen=True)
class Shape:
    """``steepness`` says how much thinner the tail is than a power law."""

    ratings: int
    people: int
    films: int
    steepness: float = 3.0


# People and films of the MovieLens releases of about these sizes.
SHAPES = {
    100_000: Shape(100_000, 943, 1_682),
    1_000_000: Shape(1_000_000, 6_040, 3_706),
    10_000_000: Shape(10_000_000, 69_878, 10_677),
    32_000_000: Shape(32_000_000, 200_948, 87_585, 7.0),
}


def made_up_ratings(shape: Shape, seed: int = 0) -> dict[str, NDArray[np.integer]]:
    """Columns ``user_id``, ``movie_id``, ``stars`` and ``position`` of about so many ratings, by person, oldest first."""
    chance = np.random.default_rng(seed)
    activity = np.maximum(
        FEWEST, chance.lognormal(0.0, 1.0, shape.people) * 0.6 * shape.ratings / shape.people
    )
    activity = np.minimum(activity * shape.ratings / activity.sum(), shape.films // 3)
    counts = np.maximum(FEWEST, activity).astype(np.int64)
    people, films = _drawn(shape, counts, chance)
    tastes, traits = chance.normal(size=(shape.people, LATENT)), chance.normal(size=(shape.films, LATENT))
    liking = 3.5 + 0.35 * (tastes[people] * traits[films]).sum(axis=1) + chance.normal(0.0, 0.6, len(films))
    starts = np.searchsorted(people, np.arange(shape.people))
    return {
        "user_id": (people + 1).astype(np.int32),
        "movie_id": (films + 1).astype(np.int32),
        "stars": np.clip(np.rint(liking), 1, 5).astype(np.int32),
        "position": (np.arange(len(films)) - starts[people]).astype(np.int32),
    }


def _drawn(shape: Shape, counts: Ints, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """People (ascending) and films of every rating, without a film that somebody has twice."""
    rank = np.arange(shape.films)
    popularity = -np.log(rank + HEAD) - shape.steepness * rank / shape.films
    affinity = chance.normal(size=(TASTES, shape.films)) * LIFT
    taste = chance.integers(0, TASTES, shape.people)
    # Of the well-known films many are drawn twice.
    wanted = counts * 5
    people = np.repeat(np.arange(shape.people), wanted)
    films = np.empty(len(people), np.int64)
    for number in range(TASTES):
        weights = np.cumsum(np.exp(popularity + affinity[number]))
        own = np.flatnonzero(taste[people] == number)
        films[own] = np.searchsorted(weights, chance.random(len(own)) * weights[-1])
    _, first = np.unique(people * shape.films + films, return_index=True)
    first.sort()
    people, films = people[first], films[first]
    place = np.arange(len(people)) - np.searchsorted(people, np.arange(shape.people))[people]
    kept = place < counts[people]
    return people[kept], films[kept]


def write_tables(folder: Path, shape: Shape, seed: int = 0) -> dict[str, NDArray[np.integer]]:
    """Write the parsed tables ``ratings``, ``movies`` and ``users`` as Parquet; returns the ratings."""
    ratings, chance = made_up_ratings(shape, seed), np.random.default_rng(seed)
    films = range(shape.films)
    tables = {
        "ratings": {**ratings, "rated_at": ratings["position"].astype(np.int64)},
        "movies": {
            "movie_id": np.arange(1, shape.films + 1, dtype=np.int32),
            "title": [f"Film {film + 1}" for film in films],
            "year": np.array([1930 + film % 69 for film in films], np.int32),
            "genres": [sorted({GENRES[1 + film % 18], GENRES[1 + film * 7 % 18]}) for film in films],
            "overview": pa.nulls(shape.films, pa.string()),
            **{name: pa.nulls(shape.films, pa.list_(pa.string())) for name in ("directors", "cast", "tags")},
        },
        "users": {
            "user_id": np.arange(1, shape.people + 1, dtype=np.int32),
            "key": [str(person + 1) for person in range(shape.people)],
            "age": chance.integers(15, 70, shape.people).astype(np.int32),
            "gender": chance.choice(["F", "M"], shape.people),
            "occupation": chance.choice(OCCUPATIONS, shape.people),
        },
    }
    for name, columns in tables.items():
        (folder / name).mkdir(parents=True)
        # In parts, so that more than one core reads them.
        pq.write_table(pa.table(columns), folder / name / "part-0.parquet", row_group_size=500_000)
    return ratings
