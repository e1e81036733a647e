"""Figures about a person's taste, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.people import History
from recommendations.ranking.taste import genre_taste, influence, preferred_decade
from tests.ranking.factories import make_artefact

WAR, DRAMA = GENRES.index("War"), GENRES.index("Drama")


@pytest.fixture
def artefact():
    made = make_artefact(films=8)
    genres = np.zeros((8, len(GENRES)), np.float32)
    genres[0, [WAR, DRAMA]] = genres[1, WAR] = genres[2, DRAMA] = 1
    return replace(made, genres=genres, decades=np.array([1940] * 2 + [1990] * 5 + [0], np.int16))


def test_genres_mix_ratings_with_what_is_expected(artefact):
    history = History(np.array([0, 1, 2], np.int32), np.array([5, 3, 1], np.int8))  # mean 3
    prior = np.zeros(len(GENRES))
    prior[WAR] = 0.5
    told = genre_taste(artefact, history, prior)
    assert told.affinity[WAR] == pytest.approx((2 + 0 + 5 * 0.5) / (2 + 5))
    assert told.affinity[DRAMA] == pytest.approx((2 - 2) / (2 + 5))
    assert (told.counts[WAR], told.counts[DRAMA], told.counts.sum()) == (2, 2, 4)


def test_without_ratings_the_expectation_stands_alone(artefact):
    prior = np.linspace(-1, 1, len(GENRES))
    told = genre_taste(artefact, History(np.zeros(0, np.int32), np.zeros(0, np.int8)), prior)
    np.testing.assert_allclose(told.affinity, prior)
    assert told.counts.sum() == 0


def test_influence_is_the_mean_magnitude_of_what_a_rating_adds(artefact):
    history = History(np.array([0, 3], np.int32), np.array([5, 2], np.int8))
    taste = fold_in(artefact, Demographics(), history)
    films = np.array([1, 4, 5])
    by_hand = [
        np.mean([abs(float(artefact.item_vectors[film].astype(float) @ vector)) for film in films])
        for vector in taste.rating_vectors
    ]
    np.testing.assert_allclose(influence(artefact, taste, films), by_hand)
    assert influence(artefact, taste, films[:0]).tolist() == [0, 0]


def test_the_preferred_decade_lies_above_its_share_of_the_catalogue(artefact):
    assert preferred_decade(artefact, np.array([0, 1, 2]), least=2) == 1940
    assert preferred_decade(artefact, np.array([0, 1, 2]), least=3) is None
    assert preferred_decade(artefact, np.array([2, 3, 4, 5]), least=1) == 1990
    assert preferred_decade(artefact, np.array([7]), least=1) is None  # no year is no decade
