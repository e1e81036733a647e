"""A drawn order: every film at every free place equally often, the fixed ones where they are, two films always alike."""

from collections import Counter

import pytest

from recommendations.ranking.randomised import drawn_order

FILMS = [11, 22, 33, 44, 55]
DRAWS = 20_000


def test_each_free_film_comes_to_each_free_place_equally_often_and_the_others_stay():
    found = Counter()
    for seed in range(DRAWS):
        order = drawn_order(FILMS, fixed={1}, seed=f"site/{seed}")
        assert sorted(order) == [0, 1, 2, 3, 4]
        assert order[1] == 1
        found.update(enumerate(order))
    free = [0, 2, 3, 4]
    # Four standard deviations of a share of a quarter.
    tolerance = 4 * (0.25 * 0.75 / DRAWS) ** 0.5
    for place in free:
        for film in free:
            assert found[place, film] / DRAWS == pytest.approx(0.25, abs=tolerance)


def test_all_orders_are_equally_likely():
    orders = Counter(tuple(drawn_order(FILMS[:3], fixed=(), seed=f"{seed}")) for seed in range(DRAWS))
    assert len(orders) == 6
    expected = DRAWS / 6
    # Chi-squared with five degrees of freedom, beyond which one in ten thousand lies.
    assert sum((count - expected) ** 2 / expected for count in orders.values()) < 25.7


def test_films_that_stay_keep_their_order_when_others_go():
    before = [FILMS[place] for place in drawn_order(FILMS, fixed=(), seed="x")]
    left = [film for film in FILMS if film != 33]
    assert [left[place] for place in drawn_order(left, fixed=(), seed="x")] == [
        film for film in before if film != 33
    ]
