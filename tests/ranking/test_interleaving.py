"""Team-draft interleaving, and the draw of arms."""

from collections import Counter

import pytest

from recommendations.ranking.interleaving import arm_of, draw, team_draft


def test_each_side_gives_as_many_films_as_the_other_and_in_its_order():
    first, second = [1, 2, 3, 4, 5, 6], [9, 8, 7, 6, 5, 4]
    for seed in map(str, range(50)):
        films, teams = team_draft(first, second, k=6, seed=seed)
        assert len(films) == len(set(films)) == 6
        assert Counter(teams) == {"a": 3, "b": 3}
        assert all(sorted(teams[place : place + 2]) == ["a", "b"] for place in (0, 2, 4))
        for side, own in (("a", first), ("b", second)):
            given = [own.index(film) for film, team in zip(films, teams, strict=True) if team == side]
            assert given == sorted(given)


def test_the_draft_by_hand():
    # Whoever begins takes its best film; the other side passes over what is taken.
    drafted = {team_draft([1, 2, 3], [1, 2, 3], k=2, seed=str(seed))[1] for seed in range(20)}
    assert drafted == {"ab", "ba"}
    assert all(team_draft([1, 2, 3], [1, 2, 3], k=2, seed=str(seed))[0] == [1, 2] for seed in range(20))


def test_the_same_list_twice_gives_each_place_to_either_side_equally_often():
    teams = [team_draft(range(10), range(10), k=10, seed=str(seed))[1] for seed in range(2000)]
    for place in range(10):
        assert sum(team[place] == "b" for team in teams) == pytest.approx(1000, abs=100)


def test_a_list_that_ends_leaves_the_rest_to_the_other_one():
    films, teams = team_draft([1], [2, 3, 4], k=10, seed="x")
    assert sorted(films) == [1, 2, 3, 4]
    assert Counter(teams) == {"a": 1, "b": 3}
    assert team_draft([], [], k=3, seed="x") == ([], "")


def test_the_same_seed_gives_the_same_list():
    assert team_draft([1, 2, 3], [3, 2, 1], k=3, seed="s") == team_draft([1, 2, 3], [3, 2, 1], k=3, seed="s")


def test_people_keep_their_arm_and_the_share_is_kept():
    keys = [f"user/{number}" for number in range(10_000)]
    arms = Counter(arm_of(salt="s", key=key, share=0.4) for key in keys)
    assert arms["a"] == pytest.approx(2000, abs=150)
    assert arms["b"] == pytest.approx(2000, abs=150)
    assert all(
        arm_of(salt="s", key=key, share=0.4) == arm_of(salt="s", key=key, share=0.4) for key in keys[:50]
    )
    # Another experiment's salt draws anew, independently of the first one.
    both = Counter((arm_of(salt="s", key=key, share=1), arm_of(salt="t", key=key, share=1)) for key in keys)
    assert all(count == pytest.approx(2500, abs=200) for count in both.values())
    assert 0 <= draw("s", "") < 1
