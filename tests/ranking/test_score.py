"""The score and the order, by hand and against its exact parts."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.blocks.base import Term
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials, InvalidDialError
from recommendations.ranking.explain import explain
from recommendations.ranking.fold_in import Taste, fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.people import EMPTY_HISTORY
from recommendations.ranking.score import ScorePlan, diversify, make_plan, rank_films, score_films
from tests.ranking.factories import (
    history,
    make_artefact,
    random_demographics,
    random_dials,
    random_history,
)

ARTEFACT = make_artefact()
NO_ONE = np.zeros(0, np.int32)


def plan_for(dials: Dials, *ratings: tuple[int, int]) -> ScorePlan:
    return make_plan(fold_in(ARTEFACT, Demographics(), history(*ratings)), dials)


def test_every_term_by_hand():
    film = 17
    genre = GENRES[int(np.flatnonzero(ARTEFACT.genres[film])[0])]
    absent = GENRES[int(np.flatnonzero(ARTEFACT.genres[film] == 0)[0])]
    decade = int(ARTEFACT.decades[film]) or 1950
    taste = fold_in(ARTEFACT, Demographics(20, "M", "artist"), history((3, 5), (8, 2)))
    plan = make_plan(taste, Dials({genre: 0.5, absent: -1.0}, discovery=0.25, decade=decade))
    expected = (
        float(taste.vector @ ARTEFACT.item_vectors[film].astype(float))
        + 1.1 * ARTEFACT.like_share[film]
        - 2 * 0.25 * np.log1p(ARTEFACT.rating_count[film]) / np.log1p(ARTEFACT.rating_count.max())
        + 0.5
        + (1.0 if ARTEFACT.decades[film] == decade else 0.0)
    )
    assert score_films(ARTEFACT, plan)[film] == pytest.approx(expected, rel=1e-5)


def test_neutral_dials_change_nothing():
    neutral = plan_for(Dials(genres=dict.fromkeys(GENRES, 0.0), discovery=0.0), (3, 5))
    plain = plan_for(Dials(), (3, 5))
    assert neutral.terms == plain.terms
    assert {term.kind for term in plain.terms} == {"like_share"}
    np.testing.assert_array_equal(score_films(ARTEFACT, neutral), score_films(ARTEFACT, plain))
    assert Dials(genres={"Action": 0.0}).is_neutral


@pytest.mark.parametrize(
    "dials", [Dials(genres={"War": 0.1}), Dials(discovery=-0.1), Dials(decade=1990), Dials(diversity=0.1)]
)
def test_a_turned_dial_is_not_neutral(dials):
    assert not dials.is_neutral


def test_dials_move_films_the_way_they_say():
    plain, war = (
        score_films(ARTEFACT, plan_for(Dials())),
        score_films(ARTEFACT, plan_for(Dials({"War": -1.0}))),
    )
    is_war = ARTEFACT.genres[:, GENRES.index("War")] == 1
    np.testing.assert_allclose((war - plain)[is_war], -1, rtol=1e-5)
    np.testing.assert_array_equal(war[~is_war], plain[~is_war])
    hidden_gems = score_films(ARTEFACT, plan_for(Dials(discovery=1.0))) - plain
    assert np.argmin(hidden_gems) == np.argmax(ARTEFACT.rating_count)
    assert hidden_gems[-1] == 0  # nobody rated it: it cannot be less known


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"genres": {"Action": 1.01}}, "genres"),
        ({"genres": {"Action": float("nan")}}, "genres"),
        ({"genres": {"": 0.5}}, "genres"),
        ({"genres": {"Kung-Fu" * 20: 0.5}}, "genres"),
        ({"discovery": -1.5}, "discovery"),
        ({"discovery": float("nan")}, "discovery"),
        ({"diversity": -0.1}, "diversity"),
        ({"diversity": float("inf")}, "diversity"),
        ({"decade": 1985}, "decade"),
        ({"decade": 1870}, "decade"),
    ],
)
def test_dials_out_of_range_are_refused_by_name(values, field):
    with pytest.raises(InvalidDialError) as refused:
        Dials(**values)
    assert refused.value.field == field


def test_equal_scores_keep_the_order_of_movielens_numbers():
    scores = np.array([1, 3, 2, 3, 1, 3], np.float32)
    assert rank_films(scores, NO_ONE, 10).tolist() == [1, 3, 5, 2, 0, 4]
    assert rank_films(scores, NO_ONE, 2).tolist() == [1, 3]
    # A sort that is only stable for short lists would show here.
    many = np.random.default_rng(0).integers(0, 5, 2000).astype(np.float32)
    expected = sorted(range(2000), key=lambda film: (-many[film], film))
    assert rank_films(many, NO_ONE, 2000).tolist() == expected


def test_excluded_films_never_appear_and_everything_excluded_gives_nothing():
    scores = np.array([1, 3, 2], np.float32)
    assert rank_films(scores, np.array([1], np.int32), 5).tolist() == [2, 0]
    assert rank_films(scores, np.array([0, 1, 2], np.int32), 5).tolist() == []
    assert rank_films(scores, NO_ONE, 0).tolist() == []


def test_somebody_who_has_rated_every_film_gets_an_empty_list():
    everything = random_history(ARTEFACT, np.random.default_rng(0), len(ARTEFACT.movie_ids))
    plan = make_plan(fold_in(ARTEFACT, Demographics(), everything), Dials())
    assert rank_films(score_films(ARTEFACT, plan), everything.items, 10).size == 0


def test_without_anything_known_like_share_decides():
    taste = Taste(
        np.zeros((0, 39)), np.zeros(39), np.zeros(39), (Term("like_share", 1.1, fact="like_share"),)
    )
    ranked = rank_films(score_films(ARTEFACT, make_plan(taste, Dials())), NO_ONE, 60)
    assert ranked[0] == np.argmax(ARTEFACT.like_share)
    assert (np.diff(ARTEFACT.like_share[ranked]) <= 0).all()


def test_the_parts_of_an_explanation_sum_to_the_score_in_a_thousand_random_cases():
    chance = np.random.default_rng(3)
    for case in range(1000):
        seen = random_history(ARTEFACT, chance, int(chance.integers(0, 40)))
        taste = fold_in(ARTEFACT, random_demographics(chance), seen)
        plan = make_plan(taste, random_dials(chance))
        film = int(chance.integers(len(ARTEFACT.movie_ids)))
        parts = explain(ARTEFACT, taste, plan, film)
        score = float(score_films(ARTEFACT, plan)[film])
        # Parts of both signs may cancel: what counts is the error beside the amounts that were added up.
        scale = max(abs(score), 1e-2 * sum(abs(part.value) for part in parts))
        assert abs(sum(part.value for part in parts) - score) <= 1e-4 * scale, case


def test_an_explanation_names_each_part_once_greatest_first():
    film = int(np.flatnonzero(ARTEFACT.decades == 1990)[0])
    genre = int(np.flatnonzero(ARTEFACT.genres[film])[0])
    taste = fold_in(ARTEFACT, Demographics(30, "F", None), history((5, 5), (9, 1)))
    plan = make_plan(taste, Dials({GENRES[genre]: 1.0}, discovery=0.5, decade=1990))
    parts = explain(ARTEFACT, taste, plan, film)
    assert sorted((part.kind, part.index) for part in parts if part.kind != "rating") == sorted(
        [("profile", None), ("like_share", None), ("popularity", None), ("genre", genre), ("decade", 1990)],
        key=str,
    )
    assert {part.index for part in parts if part.kind == "rating"} == {0, 1}
    sizes = [abs(part.value) for part in parts]
    assert sizes == sorted(sizes, reverse=True)
    assert next(part.value for part in parts if part.kind == "rating" and part.index == 1) == pytest.approx(
        float(taste.rating_vectors[1] @ ARTEFACT.item_vectors[film].astype(float))
    )


def test_parts_that_are_nothing_are_left_out():
    taste = fold_in(ARTEFACT, Demographics(), EMPTY_HISTORY)
    parts = explain(ARTEFACT, taste, make_plan(taste, Dials(decade=1880)), 0)
    assert {part.kind for part in parts} <= {"profile", "like_share"}


# Two nearly equal films, then one that is wholly different, then the opposite of the first.
VECTORS = np.array([[1, 0], [0.99, 0.02], [0, 1], [-1, 0]], np.float32)
RELEVANCE = np.array([1.0, 0.9, 0.5, 0.0], np.float32)


def test_no_diversity_keeps_the_order():
    assert diversify(RELEVANCE, VECTORS, 0, 4).tolist() == [0, 1, 2, 3]
    assert diversify(RELEVANCE, VECTORS, 0, 2).tolist() == [0, 1]


def test_some_diversity_puts_the_different_film_before_the_double():
    # After film 0: .5 · .9 − .5 · 1.0 < .5 · .0 − 0 (the opposite) < .5 · .5 − 0.
    assert diversify(RELEVANCE, VECTORS, 0.5, 4).tolist() == [0, 2, 3, 1]


def test_full_diversity_looks_at_unlikeness_alone():
    assert diversify(RELEVANCE, VECTORS, 1.0, 4).tolist()[-1] == 1


def test_a_little_diversity_does_not_overturn_relevance():
    assert diversify(RELEVANCE, VECTORS, 0.05, 4).tolist() == [0, 1, 2, 3]


def test_the_length_of_a_vector_does_not_count():
    scaled = VECTORS * np.array([[1], [100], [0.01], [1]], np.float32)
    assert diversify(RELEVANCE, scaled, 0.5, 4).tolist() == [0, 2, 3, 1]


def test_films_without_a_vector_and_equal_scores_are_no_problem():
    assert diversify(np.ones(3, np.float32), np.zeros((3, 2), np.float32), 0.7, 5).tolist() == [0, 1, 2]


def test_none_and_one_candidate():
    assert diversify(np.zeros(0, np.float32), np.zeros((0, 2), np.float32), 0.5, 5).tolist() == []
    assert diversify(np.ones(1, np.float32), np.ones((1, 2), np.float32), 0.5, 5).tolist() == [0]


def test_every_candidate_is_chosen_once():
    chance = np.random.default_rng(0)
    scores = np.sort(chance.normal(size=200))[::-1].astype(np.float32)
    order = diversify(scores, chance.normal(size=(200, 8)).astype(np.float32), 0.6, 200)
    assert sorted(order.tolist()) == list(range(200))


@pytest.mark.parametrize("most", [1, 2, 7, 30, 100])
def test_smaller_parts_come_last_as_one_exact_remainder(most):
    chance = np.random.default_rng(most)
    for _case in range(50):
        seen = random_history(ARTEFACT, chance, int(chance.integers(0, 40)))
        taste = fold_in(ARTEFACT, random_demographics(chance), seen)
        plan = make_plan(taste, random_dials(chance))
        everything = explain(ARTEFACT, taste, plan, 5)
        cut = explain(ARTEFACT, taste, plan, 5, most=most)
        assert cut[:most] == everything[:most]
        left_out = everything[most:]
        assert [(part.kind, part.index) for part in cut[most:]] == (
            [("rest", len(left_out))] if left_out else []
        )
        assert sum(part.value for part in cut) == pytest.approx(
            sum(part.value for part in everything), abs=1e-12
        )


def test_a_dial_for_a_genre_that_the_data_do_not_have_moves_no_film():
    scores = score_films(ARTEFACT, plan_for(Dials(genres={"Kung-Fu": 1.0}), (3, 5)))
    np.testing.assert_array_equal(scores, score_films(ARTEFACT, plan_for(Dials(), (3, 5))))
