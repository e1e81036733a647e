"""Simulated people with one taste: the figures count what they say, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.evaluation.engines import NumpyEngine
from recommendations.evaluation.protocols import Case
from recommendations.evaluation.targets import missed_targets
from recommendations.evaluation.taste import measure_taste
from recommendations.ranking.blocks.kinds import Kinds, make_kinds
from recommendations.ranking.genres import GENRES
from tests.ranking.factories import make_artefact

FILMS, KIND = 200, 40
WESTERN, HORROR = GENRES.index("Western"), GENRES.index("Horror")


@pytest.fixture(scope="module")
def artefact():
    """Forty westerns, forty horror films and dramas, the first of each the best known; one decade."""
    genres = np.zeros((FILMS, len(GENRES)), np.float32)
    genres[:KIND, WESTERN] = genres[KIND : 2 * KIND, HORROR] = genres[2 * KIND :, GENRES.index("Drama")] = 1
    count = np.tile(np.arange(FILMS // 5, 0, -1), 5).astype(np.int32) + 10
    made = make_artefact(FILMS)
    decades = np.full(FILMS, 1990, np.int16)
    kinds = make_kinds(genres, decades, count)
    blocks = tuple(kinds if isinstance(block, Kinds) else block for block in made.blocks)
    return replace(made, genres=genres, decades=decades, rating_count=count, blocks=blocks)


class FixedEngine:
    """Gives everybody the same ten films, and keeps what it was asked."""

    def __init__(self, films) -> None:
        self.films, self.asked = np.array(films), []

    def rank(self, case: Case, demographics, k: int):
        self.asked.append((case, demographics, k))
        return self.films


def test_films_of_the_kind_are_counted(artefact):
    engine = FixedEngine([20, 21, 22, 60, 61, 150, 151, 152, 153, 154])
    figures = measure_taste(artefact, engine)
    assert figures["5 favourites, Western"] == figures["3 favourites, Western"] == 3
    assert figures["5 less known favourites, Western"] == 3
    assert figures["5 favourites, Horror"] == figures["horror for a child (low)"] == 2
    assert figures["least after 5 favourites"] == 2
    assert figures["films shared by two tastes (low)"] == 10
    assert not any("Drama" in name or "unknown" in name for name in figures)
    case, _nobody, k = engine.asked[0]
    assert (case.history.items.tolist(), case.history.stars.tolist(), k) == ([40, 41, 42], [5, 5, 5], 10)
    assert engine.asked[-1][1].age == 10


def test_a_model_that_knows_kinds_reaches_what_one_without_them_misses(artefact):
    strong = replace(artefact, parameters=artefact.parameters.adjusted(kinds={"genres": 50.0}))
    figures = measure_taste(strong, NumpyEngine(strong))
    assert figures["5 favourites, Western"] == figures["5 favourites, Horror"] == 10
    without = replace(artefact, parameters=artefact.parameters.adjusted(kinds={"genres": 0.0}))
    assert measure_taste(without, NumpyEngine(without))["least after 5 favourites"] < 10


def test_the_same_seed_gives_the_same_figures(artefact):
    first, again = (measure_taste(artefact, NumpyEngine(artefact), seed=4) for _ in range(2))
    assert first == again
    assert 0 <= first["1 star lowers the neighbours"] <= 1


def test_a_missed_number_is_named():
    taste = {
        "least after 5 favourites": {"mean": 3.0},
        "films shared by two tastes (low)": {"mean": 4.0},
        "horror for a child (low)": {"mean": 0.0},
    }
    assert missed_targets({"settings": {}, "taste": taste}) == [
        "taste: least after 5 favourites: 3.00 is below 4.",
        "taste: films shared by two tastes (low): 4.00 is above 2.5.",
    ]
