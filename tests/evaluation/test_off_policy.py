"""Estimates of other versions from drawn lists: by hand, against the truth, and silent where there is too little."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from recommendations.evaluation import off_policy
from recommendations.evaluation.off_policy import PLACES, DrawnLists, estimate, examination

POOL = 20
LOOKED = 1 / np.sqrt(np.arange(1, PLACES + 1))


def drawn_lists(number, *, seed=0, rare=-1.0, people=None, fixed=0):
    """Lists of films whose appeal falls from film 0 to film 19, which all come to every place; and the films shown. ``fixed``
    films stay at the first places."""
    chance = np.random.default_rng(seed)
    order = np.argsort(chance.random((number, POOL - fixed)), axis=1) + fixed
    films = np.column_stack([np.tile(np.arange(fixed), (number, 1)), order])[:, :PLACES]
    free = np.tile(np.arange(PLACES) >= fixed, (number, 1))
    chosen = chance.random(films.shape) < appeal(rare)[films] * LOOKED
    people = np.arange(number) if people is None else chance.integers(0, people, number)
    return DrawnLists(people, chosen, free, np.full(number, POOL - fixed)), films


def appeal(rare=-1.0):
    return 1 / (1 + np.exp(-(rare - 0.15 * np.arange(POOL))))


def truth(films, rare=-1.0):
    """Choices per list if these films are shown in this order."""
    return float((appeal(rare)[films[:PLACES]] * LOOKED).sum())


def wanted(films, order):
    """Where each film that was shown stands in this order of all films."""
    return np.argsort(order)[films]


def test_examination_is_how_often_places_are_chosen():
    logged, _films = drawn_lists(200_000)
    assert examination(logged) == pytest.approx(LOOKED, abs=0.03)


def test_examination_with_places_that_are_fixed_in_lists_of_keener_people():
    keen, _films = drawn_lists(150_000, rare=1.0, fixed=3)
    others, _films = drawn_lists(150_000, seed=1)
    both = DrawnLists(
        *(
            np.concatenate([getattr(logged, name) for logged in (keen, others)])
            for name in ("people", "chosen", "free", "drawn_from")
        )
    )
    assert examination(both) == pytest.approx(LOOKED, abs=0.03)


def test_the_weights_by_hand(monkeypatch):
    """Four lists of four people; a choice at the first place twice, at the second once: examination 1 and 1/2."""
    monkeypatch.setattr(off_policy, "LEAST_PEOPLE", 1)
    monkeypatch.setattr(off_policy, "LEAST_CHOICES", 1)
    monkeypatch.setattr(off_policy, "LEAST_LISTS", 0)
    chosen = np.zeros((4, PLACES), bool)
    chosen[0, 0] = chosen[1, 0] = chosen[2, 1] = True
    logged = DrawnLists(np.arange(4), chosen, np.ones((4, PLACES), bool), np.full(4, POOL))
    places = np.full((4, PLACES), PLACES)
    places[0, 0] = 1  # chosen, and wanted at the second place
    places[2, 1] = 0  # chosen, and wanted at the first
    places[3, 5] = 0  # not chosen, and wanted at the first
    # Weights 20 e / 1.5: 20/3 for the second place and 40/3, cut off at 10, for the first.
    found = estimate(logged, {"v": places})["v"]
    by_hand = (20 / 3 + 10) / (20 / 3 + 10 + 10) * PLACES
    assert found.choices.estimate == pytest.approx(by_hand)
    assert found.clipped == 0.5
    assert found.effective == pytest.approx((20 / 3 + 20) ** 2 / ((20 / 3) ** 2 + 200) / PLACES)


def test_the_truth_is_found_for_better_and_for_worse_orders():
    logged, films = drawn_lists(30_000)
    best, worst = np.arange(POOL), np.arange(POOL)[::-1]
    found = estimate(logged, {"worst": wanted(films, worst), "best": wanted(films, best)})
    for name, order in (("best", best), ("worst", worst)):
        choices = found[name].choices
        assert choices.estimate == pytest.approx(truth(order), rel=0.05)
        assert not choices.excludes(truth(order))
        assert choices.high - choices.low < 0.2 * truth(order)
        assert found[name].clipped == 0
    gain = found["best"].difference
    assert gain.low > 0
    assert not gain.excludes(truth(best) - truth(worst))
    assert found["worst"].difference is None


def test_what_is_fixed_counts_as_it_was_seen():
    logged, films = drawn_lists(30_000, fixed=2)
    order = np.concatenate([[0, 1], np.arange(2, POOL)[::-1]])
    found = estimate(logged, {"v": wanted(films, order)})["v"]
    assert not found.choices.excludes(truth(order))
    assert found.choices.estimate == pytest.approx(truth(order), rel=0.05)


def test_lists_of_the_same_people_tell_less_than_lists_of_others():
    """A person's lists may be alike, here as alike as can be: everybody's lists stand there thirty times."""
    once, films = drawn_lists(600)
    thirty = DrawnLists(
        *(np.repeat(getattr(once, name), 30, axis=0) for name in ("people", "chosen", "free", "drawn_from"))
    )
    places = wanted(films, np.arange(POOL))
    first = estimate(once, {"v": places})["v"].choices
    again = estimate(thirty, {"v": np.repeat(places, 30, axis=0)})["v"].choices
    # But for the order of the sums.
    assert astuple(again) == pytest.approx(astuple(first))


def test_an_order_that_shows_the_same_films_everywhere_has_all_lists_and_others_fewer():
    logged, films = drawn_lists(5_000)
    found = estimate(logged, {"v": wanted(films, np.arange(POOL))})["v"]
    assert found.lists == found.people == 5_000
    assert 1_000 < found.effective < 2_500  # half of the films shown are none of its first ten


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, {}), (60, {}), (2_000, {"people": 20}), (3_000, {"rare": -6.5})],
    ids=["none", "few lists", "few people", "few choices"],
)
def test_with_too_little_it_says_nothing(number, told):
    logged, films = drawn_lists(number, **told)
    found = estimate(logged, {name: wanted(films, np.arange(POOL)) for name in ("a", "b")})
    assert [(each.lists, each.choices, each.difference) for each in found.values()] == 2 * [
        (number, None, None)
    ]


def test_what_does_not_fit_together_is_refused():
    logged, films = drawn_lists(10)
    with pytest.raises(ValueError, match=r"v: places are \(10, 3\), expected \(10, 10\)"):
        estimate(logged, {"v": films[:, :3]})
    with pytest.raises(ValueError, match="expected lists of 10 places"):
        DrawnLists(logged.people, logged.chosen[:, :4], logged.free[:, :4], logged.drawn_from)
