"""Genres and decades of a history: what counts as evidence, what it adds, and that it is explained exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.blocks.kinds import Kinds, KindsParameters, make_kinds
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.explain import explain
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.parameters import ANY, LIKES
from recommendations.ranking.people import EMPTY_HISTORY, History
from recommendations.ranking.reasons import reasons_of_list
from recommendations.ranking.score import make_plan, rank_films, score_films
from tests.ranking.factories import make_artefact

# Twenty westerns of the fifties among two hundred dramas of the nineties, all rated alike.
FILMS, WESTERNS = 220, 20
GENRE_ROWS = np.zeros((FILMS, len(GENRES)), np.float32)
GENRE_ROWS[:WESTERNS, GENRES.index("Western")] = 1
GENRE_ROWS[WESTERNS:, GENRES.index("Drama")] = 1
DECADES = np.where(np.arange(FILMS) < WESTERNS, 1950, 1990).astype(np.int16)
KINDS = make_kinds(GENRE_ROWS, DECADES, np.full(FILMS, 10, np.int32))
WESTERN, DRAMA = GENRES.index("Western"), GENRES.index("Drama")


def folded(items: list[int], stars: list[int], parameters=LIKES) -> np.ndarray:
    """What a history gives each dimension."""
    artefact = make_artefact(FILMS, parameters=parameters)
    blocks = tuple(KINDS if isinstance(block, Kinds) else block for block in artefact.blocks)
    artefact = replace(artefact, genres=GENRE_ROWS, decades=DECADES, blocks=blocks)
    taste = fold_in(artefact, Demographics(), History(np.array(items, np.int32), np.array(stars, np.int8)))
    return taste.dimension_vector[artefact.spans["kinds"]]


def test_shares_are_those_of_the_ratings():
    assert KINDS.shares[WESTERN] == pytest.approx(20 / 220)
    assert KINDS.shares[len(GENRES) + KINDS.years.tolist().index(1950)] == pytest.approx(20 / 220)
    assert KINDS.items.shape == (FILMS, len(GENRES) + 2)


def test_a_film_of_several_genres_has_each_by_one_through_the_root_of_their_number():
    two = np.zeros((1, len(GENRES)), np.float32)
    two[0, [WESTERN, DRAMA]] = 1
    assert make_kinds(two, np.array([0], np.int16), np.ones(1, np.int32)).items[0, WESTERN] == pytest.approx(
        2**-0.5
    )


def test_five_westerns_raise_westerns_by_the_formula():
    """Five ratings at five stars, all western: evidence 10 · log(11) = 24 is above 16, so all of the lift counts."""
    own = LIKES.of(KindsParameters)
    lift = np.log((5 + 2 / 11) / 7 / (1 / 11))
    expected = own.genres * lift * 10 / 15
    assert folded([0, 1, 2, 3, 4], [5] * 5)[WESTERN] == pytest.approx(expected, rel=1e-6)


def test_one_western_is_no_evidence_and_neither_is_a_usual_mixture():
    assert not folded([0], [5]).any()
    assert not folded([0, *range(30, 40)], [5] * 11).any()


def test_the_lift_has_a_floor_and_fades_with_the_number_of_ratings():
    many = folded(list(range(30, 130)), [5] * 100)
    own = LIKES.of(KindsParameters)
    assert many[WESTERN] == pytest.approx(own.genres * own.floor * 10 / 110)


def test_disliked_westerns_lower_westerns_a_little():
    lowered = folded([0, 1, 2, 3, 4], [1] * 5)
    raised = folded([0, 1, 2, 3, 4], [5] * 5)
    assert lowered[WESTERN] == pytest.approx(-0.1 * raised[WESTERN])


def test_nobody_is_known_by_an_empty_history_and_other_weightings_have_no_kinds():
    artefact = make_artefact()
    assert not fold_in(artefact, Demographics(), EMPTY_HISTORY).dimension_vector.any()
    assert not folded([0, 1, 2, 3, 4], [5] * 5, parameters=ANY).any()


def test_unknown_is_no_kind():
    unknown = np.zeros((3, len(GENRES)), np.float32)
    unknown[:, GENRES.index("unknown")] = 1
    kinds = make_kinds(unknown, np.zeros(3, np.int16), np.ones(3, np.int32))
    assert not kinds.items.any()
    assert not kinds.shares.any()


def test_its_parts_are_explained_one_by_one_and_add_up():
    artefact = make_artefact(120, seed=3)
    genre = int(artefact.genres.sum(axis=0).argmin())
    seen = np.flatnonzero(artefact.genres[:, genre])[:5].astype(np.int32)
    history = History(seen, np.full(len(seen), 5, np.int8))
    taste = fold_in(artefact, Demographics(), history)
    plan = make_plan(taste, Dials())
    scores = score_films(artefact, plan)
    found = set()
    for film in range(len(artefact.movie_ids)):
        parts = explain(artefact, taste, plan, film)
        assert sum(part.value for part in parts) == pytest.approx(float(scores[film]), abs=1e-4)
        found |= {(part.kind, part.index) for part in parts}
    assert ("taste_genre", genre) in found
    best = rank_films(scores, seen, 10)
    reasons = reasons_of_list(artefact, history, taste, plan, artefact.movie_ids[best].tolist())
    told = {reason.sentence("") for reason in reasons if reason.kind == "taste_genre"}
    assert all(sentence.startswith("You like this kind of film: ") for sentence in told)


def test_an_empty_block_has_no_dimensions():
    empty = Kinds.empty(7)
    assert empty.is_empty
    assert empty.dimensions == ()
