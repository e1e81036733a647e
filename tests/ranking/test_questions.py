"""Which films a newcomer is asked about, against the formula worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.blocks.early import Early
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.people import History
from recommendations.ranking.questions import choose_questions
from recommendations.ranking.score import make_plan, score_films
from tests.ranking.factories import history, make_artefact, with_block

NO_HISTORY = History(np.zeros(0, np.int32), np.zeros(0, np.int8))
NONE = np.zeros(0, np.intp)


@pytest.fixture
def artefact():
    """Six films in two directions of taste: 0, 1 and 2 along one, 3 and 4 along the other; 5 tells nothing."""
    made = make_artefact(films=6)
    factors = np.zeros((6, made.block(Early).items.shape[1]), np.float32)
    factors[:3, 0] = (2, 1.9, 1)
    factors[3:5, 1] = (1.5, 1)
    made = with_block(made, Early, items=factors, noise=np.ones(6, np.float32))
    return replace(made, rating_count=np.array([50, 50, 50, 40, 40, 100], np.int32))


def test_the_first_question_has_the_highest_value(artefact):
    known, variance = np.array([0.5, 0.5, 0.5, 0.4, 0.4, 1]), np.array([4, 3.61, 1, 2.25, 1, 0])
    expected = int((known * np.log1p(variance)).argmax())
    assert choose_questions(artefact, NO_HISTORY, NONE, people=100, count=1) == [expected] == [0]


def test_the_next_question_turns_to_what_is_not_known_yet(artefact):
    assert choose_questions(artefact, NO_HISTORY, NONE, people=100, count=2) == [0, 3]
    rated = History(np.array([0], np.int32), np.array([5], np.int8))
    assert choose_questions(artefact, rated, NONE, people=100, count=1) == [3]


def test_a_film_that_nobody_knows_is_asked_last_and_one_that_tells_nothing_never(artefact):
    obscure = replace(artefact, rating_count=np.array([1, 50, 50, 40, 0, 100], np.int32))
    questions = choose_questions(obscure, NO_HISTORY, NONE, people=100, count=10)
    assert questions[0] == 1
    assert not {4, 5} & set(questions)
    assert sorted(questions) == [0, 1, 2, 3]


def test_excluded_films_are_no_questions(artefact):
    assert choose_questions(artefact, NO_HISTORY, np.array([0, 3]), people=100, count=2) == [1, 4]
    assert choose_questions(artefact, NO_HISTORY, np.arange(6), people=100, count=2) == []


def test_what_was_answered_changes_what_is_asked_next():
    """The same three films, loved or hated: known films that suit the person are asked about first."""
    artefact = make_artefact()
    asked = []
    for stars in (5, 1):
        said = history((3, stars), (8, stars), (21, stars))
        scores = score_films(artefact, make_plan(fold_in(artefact, Demographics(), said), Dials()))
        asked.append(choose_questions(artefact, said, NONE, people=500, count=6, scores=scores))
    assert asked[0] != asked[1]
    assert all(film not in (3, 8, 21) for films in asked for film in films)
