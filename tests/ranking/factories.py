"""Small artefacts, histories and dials for tests: made up, valid, and the same for the same arguments."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from sklearn.ensemble import RandomForestRegressor

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import GENDERS, OCCUPATIONS, Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.forest import Forest
from recommendations.ranking.genres import GENRES
from recommendations.ranking.history import History
from recommendations.ranking.newcomers import NewcomerModel, forest_features
from recommendations.ranking.parameters import LIKES, Parameters
from recommendations.ranking.people import KnownPeople

# Stands for genre_predictor.skops, which a model folder holds and the site never reads.
PREDICTOR = b"a forest as skops"
RANK = 4
SMALL = replace(LIKES, ease_rank=RANK, als_rank=RANK, sequence_rank=RANK, demographic_rank=2, early_rank=3)


@cache
def make_artefact(films: int = 60, seed: int = 0, parameters: Parameters = SMALL) -> Artefact:
    """An artefact with random blocks and a real little forest. The last film was never rated: its blocks are 0.

    MovieLens numbers have gaps (3, 5, 7 …), so that a position never passes for a number.
    """
    chance = np.random.default_rng(seed)

    def block(width: int, scale: float) -> np.ndarray:
        values = chance.normal(0, scale, (films, width)).astype(np.float32)
        values[-1] = 0
        return values

    rating_count = chance.integers(1, 500, films).astype(np.int32)
    rating_count[-1] = 0
    genres = np.zeros((films, len(GENRES)), np.float32)
    for row in range(films):
        genres[row, chance.choice(len(GENRES), size=chance.integers(1, 4), replace=False)] = 1
    people = np.column_stack(
        [
            chance.integers(8, 70, 40),
            chance.integers(0, len(GENDERS), 40),
            np.arange(40) % len(OCCUPATIONS),
        ]
    ).astype(np.int16)
    return Artefact(
        version=f"test-{films}-{seed}",
        parameters=parameters,
        movie_ids=np.arange(3, 3 + 2 * films, 2, dtype=np.int32),
        genres=genres,
        decades=chance.choice([0, 1950, 1980, 1990], films).astype(np.int16),
        rating_count=rating_count,
        like_share=(rating_count / 1000).astype(np.float32),
        intercept=chance.uniform(0, 0.3, films).astype(np.float32),
        ease_items=block(RANK, 0.4),
        als_items=block(RANK, 0.5),
        sequence_items=block(RANK, 0.4),
        demographic_items=block(2, 0.3),
        early_items=block(3, 0.2),
        ease_fold=block(RANK, 0.3),
        sequence_fold=block(RANK, 0.3),
        early_noise=chance.uniform(0.05, 0.2, films).astype(np.float32),
        newcomers=make_newcomers(people, chance),
    )


def make_newcomers(people: np.ndarray, chance: np.random.Generator) -> NewcomerModel:
    """A forest of five trees that learnt random targets of these people, and a random ridge beside it."""
    forest = RandomForestRegressor(n_estimators=5, min_samples_leaf=3, random_state=0)
    targets = chance.normal(0, 0.5, (len(people), len(GENRES) + 2))
    forest.fit(forest_features(*people.astype(np.int64).T), targets)
    return NewcomerModel(
        Forest.from_scikit_learn(forest),
        chance.uniform(0, 1, 30),
        chance.normal(0, 0.2, (30, 2)),
        people,
    )


def make_people(artefact: Artefact, seed: int = 0) -> KnownPeople:
    """Forty people, numbered 11, 21, 31 …, with 1 to 30 ratings each."""
    chance = np.random.default_rng(seed)
    histories = [random_history(artefact, chance, int(chance.integers(1, 31))) for _ in range(40)]
    return KnownPeople(
        user_ids=np.arange(11, 411, 10, dtype=np.int32),
        demographics=artefact.newcomers.people,
        starts=np.concatenate([[0], np.cumsum([len(history) for history in histories])]).astype(np.int64),
        items=np.concatenate([history.items for history in histories]),
        stars=np.concatenate([history.stars for history in histories]),
    )


def random_history(artefact: Artefact, chance: np.random.Generator, length: int) -> History:
    """``length`` different films with random stars."""
    items = chance.choice(len(artefact.movie_ids), size=length, replace=False).astype(np.int32)
    return History(items, chance.integers(1, 6, length).astype(np.int8))


def random_demographics(chance: np.random.Generator) -> Demographics:
    """Any of the eight combinations of told and untold parts."""
    return Demographics(
        age=int(chance.integers(5, 111)) if chance.random() < 0.7 else None,
        gender=str(chance.choice(GENDERS)) if chance.random() < 0.7 else None,
        occupation=str(chance.choice(OCCUPATIONS)) if chance.random() < 0.7 else None,
    )


def random_dials(chance: np.random.Generator) -> Dials:
    """Up to three genre dials, discovery both ways and sometimes a decade; often neutral."""
    if chance.random() < 0.3:
        return Dials()
    wishes = chance.choice(GENRES, size=int(chance.integers(0, 4)), replace=False)
    return Dials(
        genres={str(genre): float(np.round(chance.uniform(-1, 1), 3)) for genre in wishes},
        discovery=float(np.round(chance.uniform(-1, 1), 3)) if chance.random() < 0.6 else 0.0,
        decade=int(chance.choice([1950, 1980, 1990])) if chance.random() < 0.4 else None,
    )


def history(*ratings: tuple[int, int]) -> History:
    """A history from (position, stars) pairs, oldest first."""
    return History(
        np.array([item for item, _ in ratings], np.int32), np.array([stars for _, stars in ratings], np.int8)
    )
