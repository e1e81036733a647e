"""Similar films: the item side of EASE."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommendations.ranking.similar import similar_films
from tests.ranking.factories import make_artefact

ARTEFACT = make_artefact()


def test_the_weights_are_a_row_of_the_item_weights_best_first_without_the_film_itself():
    row = (ARTEFACT.ease_fold.astype(float) @ ARTEFACT.ease_items.astype(float).T)[12]
    row[12] = 0
    expected = [int(film) for film in np.argsort(-row, kind="stable") if row[film] > 0][:5]
    films, weights = similar_films(ARTEFACT, 12, 5)
    assert films.tolist() == expected
    np.testing.assert_allclose(weights, row[expected], rtol=1e-5)


def test_only_films_that_gain_come_back():
    films, weights = similar_films(ARTEFACT, 12, len(ARTEFACT.movie_ids))
    assert len(films) < len(ARTEFACT.movie_ids) - 1
    assert (weights > 0).all()


def test_a_film_is_not_similar_to_itself():
    own = (ARTEFACT.ease_fold * ARTEFACT.ease_items).sum(axis=1)
    film = int(np.argmax(own))
    assert own[film] > 0
    assert film not in similar_films(ARTEFACT, film, 60)[0]


def test_a_film_that_nobody_rated_has_no_similar_ones():
    silent = ARTEFACT.ease_fold.copy()
    silent[7] = 0
    films, weights = similar_films(replace(ARTEFACT, ease_fold=silent), 7, 5)
    assert (films.size, weights.size) == (0, 0)
