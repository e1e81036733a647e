"""The list for several people: fair to the one who is unlike the others, and never above what is allowed."""

import numpy as np

from recommendations.ranking.groups import average_list, common_list

ALL = np.ones(40, bool)


def scores(seed: int = 0, people: int = 3, films: int = 40) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (people, films))


def test_one_person_gets_their_own_list():
    own = scores(people=1)
    assert common_list(own, ALL, 10).tolist() == np.argsort(-own[0], kind="stable")[:10].tolist()


def test_only_allowed_films_are_chosen_each_once():
    allowed = np.zeros(40, bool)
    allowed[[3, 7, 30, 31]] = True
    listed = common_list(scores(), allowed, 10)
    assert sorted(listed.tolist()) == [3, 7, 30, 31]
    assert common_list(scores(), np.zeros(40, bool), 10).size == 0


def test_the_outsider_gets_films_too():
    # Four people love the first ten films, one loves the last ten and finds the first ones dull.
    many, one = np.linspace(4, 0, 40), np.linspace(0, 4, 40)
    together = np.array([many, many, many, many, one])
    assert not np.isin(average_list(together, ALL, 10), np.arange(30, 40)).any()
    listed = common_list(together, ALL, 10)
    assert np.isin(listed, np.arange(30, 40)).sum() >= 2
    assert np.isin(listed, np.arange(10)).sum() >= 5


def test_a_person_with_wilder_scores_does_not_outvote_the_others():
    together = scores()
    wild = together * np.array([[1.0], [1000.0], [0.01]])
    assert common_list(wild, ALL, 10).tolist() == common_list(together, ALL, 10).tolist()
