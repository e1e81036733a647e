"""From parts to a sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from django.utils import translation
from django.utils.translation import gettext

from recommendations.ranking.blocks.base import Term
from recommendations.ranking.dials import Dials
from recommendations.ranking.explain import Reason, reason_for, reasons_of_list
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.people import EMPTY_HISTORY
from recommendations.ranking.score import ScorePlan, make_plan
from tests.ranking.factories import history, make_artefact

ARTEFACT = make_artefact()
DIMENSIONS = ARTEFACT.item_vectors.shape[1]
FILM = 20
NUMBER = int(ARTEFACT.movie_ids[FILM])
LIKED_BY_MANY = Term("like_share", 1.1, fact="like_share")
TOWARDS = ARTEFACT.item_vectors[FILM].astype(float)


@pytest.mark.parametrize(
    ("reason", "english", "french"),
    [
        (Reason("rating", 5, 5), "Because you loved Fargo.", "adoré «\u00a0Fargo\u00a0»."),
        (Reason("rating", 5, 4), "Because you liked Fargo.", "Fargo"),
        (Reason("rating", 5, 2), "Because you have seen Fargo.", "Fargo"),
        (Reason("profile"), "Popular with people like you.", "."),
        (Reason("genre"), "It fits the dials you have set.", "."),
        (Reason("decade"), "It fits the dials you have set.", "."),
        (Reason("popularity"), "It fits the dials you have set.", "."),
        (Reason("like_share"), "Liked by many people.", "."),
        (Reason("intercept"), "Liked by many people.", "."),
    ],
)
def test_each_reason_in_both_languages(reason, english, french):
    assert reason.sentence("Fargo") == reason.sentence("Fargo", gettext) == english
    with translation.override("fr"):
        assert french in reason.sentence("Fargo", gettext)
        assert reason.sentence("Fargo", gettext) != english


def test_the_rating_that_adds_most_is_named():
    taste = Taste(
        np.stack([0.1 * TOWARDS, 2 * TOWARDS, -5 * TOWARDS]), np.zeros(DIMENSIONS), np.zeros(DIMENSIONS)
    )
    seen = history((1, 5), (2, 4), (3, 5))
    reason = reason_for(ARTEFACT, seen, taste, make_plan(taste, Dials()), NUMBER)
    assert reason == Reason("rating", int(ARTEFACT.movie_ids[2]), 4)


def test_a_rating_goes_before_popularity_but_a_dial_may_go_before_a_rating():
    taste = Taste(
        0.01 * TOWARDS[None],
        np.zeros(DIMENSIONS),
        np.zeros(DIMENSIONS),
        (replace(LIKED_BY_MANY, weight=50.0),),
    )
    seen = history((1, 5))
    assert reason_for(ARTEFACT, seen, taste, make_plan(taste, Dials()), NUMBER).kind == "rating"
    from_dials = ScorePlan(
        taste.vector.astype(np.float32), (Term("decade", 1e6, where=("decade", int(ARTEFACT.decades[FILM]))),)
    )
    assert reason_for(ARTEFACT, seen, taste, from_dials, NUMBER).kind == "decade"


def rated_number(position):
    return int(ARTEFACT.movie_ids[position])


def test_a_rating_named_twice_gives_way_to_one_that_adds_half_as_much():
    taste = Taste(
        np.stack([1.0 * TOWARDS, 2 * TOWARDS, 0.9 * TOWARDS]), np.zeros(DIMENSIONS), np.zeros(DIMENSIONS)
    )
    reasons = reasons_of_list(
        ARTEFACT, history((1, 5), (2, 4), (3, 5)), taste, make_plan(taste, Dials()), [NUMBER] * 5
    )
    told = [rated_number(position) for position in (2, 2, 1, 1)]
    assert [reason.movie_id for reason in reasons] == [*told, rated_number(2)]
    assert [reason.stars for reason in reasons] == [4, 4, 5, 5, 4]


def test_the_profile_is_named_for_newcomers():
    taste = Taste(np.zeros((0, DIMENSIONS)), TOWARDS, np.zeros(DIMENSIONS), (LIKED_BY_MANY,))
    assert reason_for(ARTEFACT, EMPTY_HISTORY, taste, make_plan(taste, Dials()), NUMBER).kind == "profile"


def test_if_nothing_speaks_for_a_film_it_is_said_to_be_liked():
    taste = Taste(-TOWARDS[None], -TOWARDS, np.zeros(DIMENSIONS))
    reason = reason_for(ARTEFACT, history((1, 5)), taste, make_plan(taste, Dials()), NUMBER)
    assert reason == Reason("like_share")


def test_a_film_that_was_disliked_is_no_reason():
    """The only rating with anything to add got one star: the like share is named instead."""
    rated = [(row, stars) for row, stars in ((0, 1), (1, 2))]
    taste = Taste(
        np.stack([2 * TOWARDS, 3 * TOWARDS]), np.zeros(DIMENSIONS), np.zeros(DIMENSIONS), (LIKED_BY_MANY,)
    )
    plan = make_plan(taste, Dials())
    reason = reason_for(ARTEFACT, history(*rated), taste, plan, int(ARTEFACT.movie_ids[FILM]))
    assert (reason.kind, reason.movie_id) == ("like_share", None)
