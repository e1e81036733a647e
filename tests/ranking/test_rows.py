"""Rows cut from one ranked pool."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.people import History
from recommendations.ranking.rows import LEAST_FILMS, ROW_FILMS, cut_rows, off_the_beaten_track
from tests.ranking.factories import make_artefact

NOBODY = Demographics()
FILMS = 60


@pytest.fixture(scope="module")
def artefact():
    return make_artefact(films=FILMS)


def history_of(*pairs: tuple[int, int]) -> History:
    return History(np.array([film for film, _ in pairs], np.int32), np.array([s for _, s in pairs], np.int8))


def rows_of(artefact, demographics, history, **wish):
    taste = fold_in(artefact, demographics, history)
    pool = np.setdiff1d(np.arange(FILMS), history.items)
    return taste, cut_rows(artefact, demographics, history, taste, pool, **wish)


def test_no_film_occurs_twice_and_no_row_is_too_short(artefact):
    history = history_of((0, 5), (1, 4), (2, 5), (3, 1))
    _taste, rows = rows_of(artefact, Demographics(age=30, gender="F"), history)
    films = [film for row in rows for film in row.films]
    assert len(films) == len(set(films))
    assert not set(films) & set(history.items.tolist())
    assert all(LEAST_FILMS <= len(row.films) <= ROW_FILMS for row in rows)
    assert rows[0].kind == "rating"


def test_a_row_of_a_rating_holds_what_it_raises_most(artefact):
    history = history_of((0, 5), (1, 2))
    taste, rows = rows_of(artefact, NOBODY, history)
    first = rows[0]
    assert (first.kind, first.index) == ("rating", 0)  # film 1 was not liked
    raised = artefact.item_vectors[list(first.films)].astype(float) @ taste.rating_vectors[0]
    assert (np.diff(raised) <= 0).all()
    assert (raised > 0).all()
    everything = artefact.item_vectors.astype(float) @ taste.rating_vectors[0]
    everything[history.items] = -np.inf
    everything[~(artefact.genres @ artefact.genres[0] > 0)] = -np.inf  # of another genre
    assert set(first.films) == set(np.argsort(-everything, kind="stable")[: len(first.films)].tolist())


def test_people_of_whom_nothing_is_known_get_no_row_of_people_like_them(artefact):
    _taste, rows = rows_of(artefact, NOBODY, history_of())
    assert not {"rating", "profile"} & {row.kind for row in rows}
    assert "discovery" in {row.kind for row in rows}


def test_discoveries_are_off_the_beaten_track_and_rated_often_enough(artefact):
    """On a catalogue of 1,700 films none of the 300 most rated ones, and none with fewer than 15 ratings."""
    counts = np.concatenate([np.arange(1, 1641), artefact.rating_count]).astype(np.int32)
    wide = make_artefact(films=1700)
    wide = replace(wide, rating_count=np.random.default_rng(3).permutation(counts))
    taste = fold_in(wide, NOBODY, history_of())
    pool = np.argsort(-wide.popularity, kind="stable")[:200]
    assert not any(row.kind == "discovery" for row in cut_rows(wide, NOBODY, history_of(), taste, pool)), (
        "the pool has none, so there is no row"
    )
    rows = cut_rows(wide, NOBODY, history_of(), taste, pool, tracks=np.arange(1700))
    row = next(row for row in rows if row.kind == "discovery")
    found = wide.rating_count[list(row.films)]
    assert len(row.films) == ROW_FILMS
    assert found.min() >= 15
    assert (wide.rating_count[:, None] >= found).sum(axis=0).min() > 300
    assert off_the_beaten_track(artefact).sum() <= FILMS / 2, "of a small catalogue the less known half"


def test_no_row_names_a_film_that_has_nothing_to_do_with_its_films(artefact):
    for liked in range(0, 40, 3):
        history = history_of((liked, 5), (liked + 1, 4), (liked + 2, 1))
        _taste, rows = rows_of(artefact, NOBODY, history)
        for row in (row for row in rows if row.kind == "rating"):
            shared = artefact.genres[list(row.films), 1:] @ artefact.genres[history.items[row.index], 1:]
            assert (shared > 0).all()
            assert history.stars[row.index] >= 4


def test_the_decade_is_one_that_the_pool_prefers(artefact):
    decades = np.full(FILMS, 1990, np.int16)
    decades[:8] = 1940
    made = replace(artefact, decades=decades)
    taste = fold_in(made, NOBODY, history_of())
    pool = np.arange(20)
    rows = cut_rows(made, NOBODY, history_of(), taste, pool)
    assert ("decade", 1940) in {(row.kind, row.index) for row in rows}
    favoured = cut_rows(made, NOBODY, history_of(), taste, pool, favoured_decade=1940)
    assert "decade" not in {row.kind for row in favoured}


def test_an_empty_pool_has_no_rows(artefact):
    taste = fold_in(artefact, NOBODY, history_of((0, 5)))
    assert cut_rows(artefact, NOBODY, history_of((0, 5)), taste, np.array([], np.intp)) == []
