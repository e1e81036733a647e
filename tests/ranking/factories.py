"""Small artefacts, histories and dials for tests: made up, valid, and the same for the same arguments."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from sklearn.ensemble import RandomForestRegressor

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.als import Als
from recommendations.ranking.blocks.base import Block
from recommendations.ranking.blocks.demographic import Demographic, forest_features
from recommendations.ranking.blocks.early import Early
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.blocks.kinds import make_kinds
from recommendations.ranking.blocks.sequence import Sequence
from recommendations.ranking.blocks.stars import Stars, pack
from recommendations.ranking.blocks.tower import Tower
from recommendations.ranking.content import Vocabulary
from recommendations.ranking.demographics import GENDERS, OCCUPATIONS, Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.forest import Forest
from recommendations.ranking.genres import GENRES
from recommendations.ranking.parameters import LIKES, Parameters
from recommendations.ranking.people import History, KnownPeople

# What a model folder holds for others, and the site never reads.
PREDICTOR = {"genre_predictor.skops": b"a forest as skops"}
RANK = 4
RANKS = {
    "ease": {"rank": RANK},
    "als": {"rank": RANK},
    "sequence": {"rank": RANK},
    "demographic": {"rank": 2},
    "early": {"rank": 3},
    "stars": {"rank": 3},
}
SMALL = LIKES.adjusted(**RANKS)


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
    decades = chance.choice([0, 1950, 1980, 1990], films).astype(np.int16)
    intercept = chance.uniform(0, 0.3, films).astype(np.float32)
    ease, als, sequence = block(RANK, 0.4), block(RANK, 0.5), block(RANK, 0.4)
    demographic, early = block(2, 0.3), block(3, 0.2)
    ease_fold, sequence_fold = block(RANK, 0.3), block(RANK, 0.3)
    noise = chance.uniform(0.05, 0.2, films).astype(np.float32)
    blocks = (
        Ease(ease, ease_fold, intercept),
        Als(als),
        Sequence(sequence, sequence_fold),
        make_demographic(demographic, people, chance),
        Early(early, noise),
        make_kinds(genres, decades, rating_count),
        make_stars(films, np.random.default_rng(seed)),
        make_tower(np.random.default_rng(seed)),
    )
    return Artefact(
        version=f"test-{films}-{seed}",
        parameters=parameters,
        movie_ids=np.arange(3, 3 + 2 * films, 2, dtype=np.int32),
        genres=genres,
        decades=decades,
        rating_count=rating_count,
        like_share=(rating_count / 1000).astype(np.float32),
        blocks=blocks,
    )


def with_block(artefact: Artefact, kind: type[Block], **arrays: np.ndarray) -> Artefact:
    """The same artefact with other arrays in one of its blocks."""
    blocks = [replace(block, **arrays) if isinstance(block, kind) else block for block in artefact.blocks]
    return replace(artefact, blocks=tuple(blocks))


def without_block(artefact: Artefact, kind: type[Block]) -> Artefact:
    """The same version if it had been trained without this block."""
    parameters = artefact.parameters
    kept = tuple(own for own in parameters.blocks if not isinstance(own, kind.parameters))
    empty = kind.empty(len(artefact.movie_ids))
    blocks = tuple(empty if isinstance(block, kind) else block for block in artefact.blocks)
    return replace(artefact, parameters=replace(parameters, blocks=kept), blocks=blocks)


def make_stars(films: int, chance: np.random.Generator) -> Stars:
    """Three random factors of each film, all as uncertain as each other; half of what is predicted counts."""
    means = chance.normal(0, 0.4, (films, 4)).astype(np.float32)
    uncertain = np.broadcast_to(pack(0.02 * np.eye(4)), (films, 10)).astype(np.float32)
    knots = np.array([1.0, 3.0, 5.0])
    return Stars(
        means,
        uncertain,
        np.array([5.0, 1.0, 1.0, 1.0]),
        np.array([3.5]),
        np.array([0.8]),
        knots,
        (knots + 3) / 2,
    )


def make_tower(chance: np.random.Generator) -> Tower:
    """Two arrays of EASE and one of ALS from genres, three decades, a tag, a person and two words."""
    vocabulary = Vocabulary(
        GENRES,
        np.array([1950, 1980, 1990], np.int16),
        np.array(["heist"]),
        np.array(["frances mcdormand"]),
        np.array(["robbery", "snow"]),
        np.array([1.5, 2.0]),
        np.eye(2, dtype=np.float32),
    )
    widths = np.array([RANK, RANK, RANK], np.int32)
    return Tower(
        np.array(["ease.items", "ease.fold", "als.items"]),
        widths,
        np.zeros(vocabulary.width),
        chance.normal(0, 0.1, widths.sum()),
        chance.normal(0, 0.3, (vocabulary.width, widths.sum())).astype(np.float32),
        vocabulary,
    )


def make_demographic(items: np.ndarray, people: np.ndarray, chance: np.random.Generator) -> Demographic:
    """A forest of five trees that learnt random targets of these people, and a random ridge beside it."""
    forest = RandomForestRegressor(n_estimators=5, min_samples_leaf=3, random_state=0)
    targets = chance.normal(0, 0.5, (len(people), len(GENRES) + 2))
    forest.fit(forest_features(*people.astype(np.int64).T), targets)
    return Demographic(
        items,
        chance.uniform(0, 1, 30),
        chance.normal(0, 0.2, (30, 2)),
        people,
        Forest.from_scikit_learn(forest),
    )


def make_people(artefact: Artefact, seed: int = 0) -> KnownPeople:
    """Forty people, numbered 11, 21, 31 …, with 1 to 30 ratings each."""
    chance = np.random.default_rng(seed)
    histories = [random_history(artefact, chance, int(chance.integers(1, 31))) for _ in range(40)]
    return KnownPeople(
        user_ids=np.arange(11, 411, 10, dtype=np.int32),
        demographics=artefact.block(Demographic).people,
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


def long_history(length: int = 25) -> History:
    """A history of the default artefact's films, always the same."""
    return random_history(make_artefact(), np.random.default_rng(7), length)


def block_of(taste: Taste, name: str) -> np.ndarray:
    """A block's part of a taste in the default artefact."""
    return taste.vector[make_artefact().spans[name]]
