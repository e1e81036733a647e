"""What is known of a film as features."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.content import PEOPLE_SCALE, FilmContent, Vocabulary, folded_names, words_of

VOCABULARY = Vocabulary(
    genres=("Comedy", "Crime", "War"),
    decades=np.array([1980, 1990], np.int16),
    tags=np.array(["heist"]),
    people=np.array(["frances mcdormand", "joel coen"]),
    words=np.array(["robbery", "snow"]),
    frequency=np.array([1.0, 2.0]),
    directions=np.array([[1.0], [0.5]], np.float32),
)


def test_a_film_has_each_of_its_genres_and_people_in_part():
    film = FilmContent(("Crime", "Comedy"), 1996, ("HEIST",), ("Frances McDormand", "Joel Coen ", "Somebody"))
    row = VOCABULARY.features([film])[0]
    half = 2**-0.5
    expected = [half, half, 0, 0, 1, 1, PEOPLE_SCALE * half, PEOPLE_SCALE * half, 0]
    np.testing.assert_allclose(row, expected)
    assert len(row) == VOCABULARY.width


def test_what_is_not_known_is_nothing():
    strange = FilmContent(("Western",), 1931, ("slow",), ("Nobody",), "Deux gangsters")
    np.testing.assert_array_equal(VOCABULARY.features([FilmContent(), strange]), np.zeros((2, 9)))
    assert VOCABULARY.features([]).shape == (0, 9)


def test_an_overview_counts_by_rare_words_and_not_by_its_length():
    once, often = VOCABULARY.text_features(["Snow.", "Snow, snow, and still: SNOW!"])
    np.testing.assert_allclose(once, often)
    assert once == pytest.approx(0.5)
    both = VOCABULARY.text_features(["A robbery in the snow"])[0]
    # Weights 1 and 2, scaled to length 1, in the one direction.
    assert both == pytest.approx((1 * 1 + 2 * 0.5) / np.sqrt(5))


def test_words_and_names_are_folded():
    assert words_of("It’s 1996: a Fürst, 2 dogs & Её дом") == ["fürst", "dogs", "дом"]
    assert folded_names([" Joel Coen", "JOEL COEN", " "]) == {"joel coen"}
    assert (FilmContent(year=1999).decade, FilmContent().decade) == (1990, 0)
