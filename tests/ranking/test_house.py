"""The house's rules on ranked films: what comes first, moves, sinks and is kept away, and which rule wins."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from recommendations.ranking.house import MOST_PINNED, Rule, arrange, house_of
from tests.ranking.factories import make_artefact

ARTEFACT = make_artefact(films=60)
SCORES = np.linspace(6, 0, 60).astype(np.float32)
RANKED = np.arange(40)


def rule(act, *rows, **told) -> Rule:
    movies = frozenset(int(ARTEFACT.movie_ids[row]) for row in rows)
    return Rule(f"{act} {rows}", act, "key", "x", movies=movies, **told)


def order(*rules, out=(), ranked=RANKED):
    return arrange(
        house_of(ARTEFACT, rules),
        ranked,
        SCORES[ranked],
        kept_out=np.array(out, np.int32),
        value_of=lambda films: SCORES[films],
    )


def test_rules_find_their_films_by_genre_decade_and_number():
    genre = ARTEFACT.data.genres[1]
    assert set(Rule("g", "pin", "genre", genre).rows(ARTEFACT)) == set(
        np.flatnonzero(ARTEFACT.genres[:, 1] > 0)
    )
    decade = int(ARTEFACT.decades[0])
    assert set(Rule("d", "pin", "decade", str(decade)).rows(ARTEFACT)) == set(
        np.flatnonzero(ARTEFACT.decades == decade)
    )
    assert Rule("d", "pin", "decade", "none").rows(ARTEFACT).size == 0
    assert rule("pin", 3, 5).rows(ARTEFACT).tolist() == [3, 5]


def test_a_film_under_two_numbers_is_one():
    first, second = (int(number) for number in ARTEFACT.movie_ids[[4, 5]])
    twins = replace(ARTEFACT, twins={second: first})
    assert Rule("t", "hide", "key", "x", movies=frozenset({second})).rows(twins).tolist() == [4]


def test_a_pin_puts_its_best_film_first_even_from_beyond_the_pool():
    found = order(rule("pin", 50, 45))
    assert found.pinned == (45,)
    assert 45 not in found.rows
    assert found.rows[:3].tolist() == [0, 1, 2]


def test_no_more_films_are_pinned_than_a_list_bears():
    assert len(order(*(rule("pin", row) for row in range(10, 20))).pinned) == MOST_PINNED


@pytest.mark.parametrize("act", ["pin", "boost"])
def test_what_is_seen_or_hidden_never_comes_in(act):
    found = order(rule(act, 30, 50), out=(30, 50), ranked=np.setdiff1d(RANKED, [30]))
    assert found.pinned == ()
    assert not {30, 50} & set(found.rows.tolist())
    assert found.lifted == frozenset()


def test_a_boost_moves_films_up_by_its_strength():
    places = [order(rule("boost", 20, strength=strength)).rows.tolist().index(20) for strength in (1, 2, 3)]
    assert places == sorted(places, reverse=True)
    assert places[0] < 20
    assert places[2] == 0
    assert order(rule("boost", 0)).lifted == frozenset()  # it was the first anyway


def test_what_is_buried_comes_last_and_keeps_its_order():
    assert order(rule("bury", 0, 3)).rows[-2:].tolist() == [0, 3]


def test_hiding_wins_over_pinning_pinning_over_burying_burying_over_boosting():
    assert order(rule("hide", 7), rule("pin", 7)).pinned == ()
    assert order(rule("bury", 7), rule("pin", 7)).pinned == (7,)
    assert order(rule("boost", 7, strength=3), rule("bury", 7)).rows[-1] == 7


@pytest.mark.parametrize(
    ("told", "on", "newcomer", "holds"),
    [
        ({}, date(2026, 5, 1), False, True),
        ({"starts": date(2026, 5, 2)}, date(2026, 5, 1), True, False),
        ({"starts": date(2026, 5, 1), "ends": date(2026, 5, 1)}, date(2026, 5, 1), False, True),
        ({"ends": date(2026, 4, 30)}, date(2026, 5, 1), True, False),
        ({"newcomers": True}, date(2026, 5, 1), False, False),
        ({"newcomers": True}, date(2026, 5, 1), True, True),
    ],
)
def test_a_rule_holds_in_its_time_for_its_people(told, on, newcomer, holds):
    assert rule("pin", 1, **told).holds(on=on, newcomer=newcomer) is holds


def test_rules_whose_times_do_not_touch_do_not_meet():
    may = rule("pin", 1, starts=date(2026, 5, 1), ends=date(2026, 5, 31))
    june = rule("hide", 1, starts=date(2026, 6, 1))
    assert not may.meets(june)
    assert not june.meets(may)
    assert may.meets(rule("hide", 1))


def test_rules_cost_less_than_a_millisecond_of_processor_time():
    artefact = make_artefact(films=1682)
    acts = ("pin", "boost", "bury", "hide", "boost")
    house = house_of(
        artefact, [Rule(act, act, "genre", artefact.data.genres[at]) for at, act in enumerate(acts)]
    )
    scores = np.linspace(5, 0, 1682).astype(np.float32)
    ranked = np.setdiff1d(np.arange(300), house.hidden)[:200]
    kept_out = house.hidden.astype(np.int32)
    costs = []
    for _ in range(50):
        begun = time.process_time()
        arrange(house, ranked, scores[ranked], kept_out=kept_out, value_of=lambda films: scores[films])
        costs.append(time.process_time() - begun)
    assert sorted(costs)[25] <= 0.001
