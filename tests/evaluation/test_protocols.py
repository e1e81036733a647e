"""The splits: sizes, order, what is relevant, and that nothing asked was trained on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recommendations.evaluation.names import PROTOCOLS, LeakError
from recommendations.evaluation.protocols import (
    FOLDS,
    ONBOARDING_RATINGS,
    Split,
    check_leaks,
    global_time_split,
    newcomer_splits,
    splits,
    strong_split,
    temporal_split,
    trainings_per_seed,
    warm_split,
    with_positions,
)
from tests.evaluation.tables import sample_ratings


@pytest.fixture(scope="module")
def ratings(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return sample_ratings(tmp_path_factory.mktemp("protocols"))


def pairs(frame: pd.DataFrame) -> set[tuple[int, int]]:
    return set(zip(frame["user_id"], frame["item"], strict=True))


def asked(split: Split, setting: str) -> set[tuple[int, int]]:
    return {(case.user_id, item) for case in split.questions[setting] for item in case.relevant.tolist()}


def same(left: Split, right: Split) -> bool:
    return left.train.equals(right.train) and all(
        asked(left, setting) == asked(right, setting) for setting in left.questions
    )


def test_positions_follow_film_numbers_and_ties_in_time_the_film():
    ratings = pd.DataFrame(
        {"user_id": [1, 1, 1], "movie_id": [30, 10, 20], "stars": [3, 4, 5], "rated_at": [7, 7, 5]}
    )
    frame = with_positions(ratings, np.array([10, 20, 30]))
    assert frame["movie_id"].tolist() == [20, 10, 30]
    assert frame["item"].tolist() == [1, 0, 2]
    assert frame["position"].tolist() == [0, 1, 2]


def test_warm_keeps_three_quarters_of_each_person_and_asks_for_all_the_rest(ratings):
    split = warm_split(ratings, seed=5)
    for user_id, group in ratings.groupby("user_id"):
        kept = (split.train["user_id"] == user_id).sum()
        assert kept == round(0.75 * len(group))
    assert asked(split, "warm") == pairs(ratings) - pairs(split.train)
    assert split.weighting == "any"


def test_temporal_asks_for_what_was_liked_after_the_first_four_fifths(ratings):
    split = temporal_split(ratings, seed=0)
    asked_pairs = asked(split, "temporal")
    for user_id, group in ratings.groupby("user_id"):
        in_time = group.sort_values(["rated_at", "movie_id"])
        cut = int(np.floor(0.8 * len(in_time)))
        train = split.train[split.train["user_id"] == user_id]
        assert train["item"].tolist() == in_time["item"].tolist()[:cut]
        later = in_time.iloc[cut:]
        expected = {(user_id, item) for item in later[later["stars"] >= 4]["item"]}
        assert {pair for pair in asked_pairs if pair[0] == user_id} == expected
    assert split.weighting == "likes"


def test_known_people_are_asked_with_their_train_history_and_never_shown_it(ratings):
    for split in (warm_split(ratings, 1), temporal_split(ratings, 1)):
        (cases,) = split.questions.values()
        assert len(cases) > 50
        for case in cases:
            train = split.train[split.train["user_id"] == case.user_id]
            assert case.known
            assert case.history.items.tolist() == train["item"].tolist()
            assert case.history.stars.tolist() == train["stars"].tolist()
            assert case.excluded.tolist() == train["item"].tolist()
            assert train["position"].tolist() == list(range(len(train)))


def test_folds_hold_everybody_out_once_and_share_trainings(ratings):
    parts = list(newcomer_splits(ratings, 3, ("cold", "onboarding")))
    assert len(parts) == FOLDS
    held_out = [user_id for split in parts for user_id in split.held_out_people]
    assert sorted(held_out) == sorted(set(ratings["user_id"]))
    for split in parts:
        assert not split.held_out_people & set(split.train["user_id"])
        assert set(split.questions) == {"cold", *(f"onboarding-{count}" for count in ONBOARDING_RATINGS)}


def test_cold_tells_nothing_and_asks_for_every_like(ratings):
    for split in newcomer_splits(ratings, 3, ("cold",)):
        assert set(split.questions) == {"cold"}
        for case in split.questions["cold"]:
            own = ratings[ratings["user_id"] == case.user_id]
            assert len(case.history) == len(case.excluded) == 0
            assert not case.known
            assert set(case.relevant) == set(own[own["stars"] >= 4]["item"])


def test_onboarding_tells_the_first_of_ten_ratings_and_never_shows_the_ten(ratings):
    for split in newcomer_splits(ratings, 3, ("cold", "onboarding")):
        longest = {case.user_id: case for case in split.questions["onboarding-10"]}
        for count in ONBOARDING_RATINGS:
            for case in split.questions[f"onboarding-{count}"]:
                own = ratings[ratings["user_id"] == case.user_id].set_index("item")
                assert len(case.history) == count
                assert len(set(case.excluded.tolist())) == 10
                full = longest[case.user_id].history.items.tolist()
                assert case.history.items.tolist() == full[:count]
                assert set(full) == set(case.excluded.tolist())
                assert own.loc[case.history.items, "stars"].tolist() == case.history.stars.tolist()
                liked = set(own[own["stars"] >= 4].index)
                assert set(case.relevant.tolist()) == liked - set(full)


def test_only_people_with_something_relevant_are_asked(ratings):
    without = ratings[(ratings["user_id"] != 1) | (ratings["stars"] < 4)]
    for seed_split in splits(without, ("temporal", "cold", "onboarding"), 2):
        for cases in seed_split.questions.values():
            assert all(len(case.relevant) for case in cases)
            assert 1 not in {case.user_id for case in cases}


def test_a_person_with_fewer_than_ten_ratings_is_never_asked_for_what_was_told():
    few = pd.DataFrame(
        {"user_id": [1] * 4 + [2] * 12, "movie_id": [*range(1, 5), *range(1, 13)], "stars": 5, "rated_at": 0}
    )
    frame = with_positions(few, np.arange(1, 13))
    for split in newcomer_splits(frame, 0, ("onboarding",)):
        for cases in split.questions.values():
            assert 1 not in {case.user_id for case in cases}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_seed_always_gives_the_same_split(ratings, protocol):
    first, again = (list(splits(ratings, (protocol,), 8)) for _ in range(2))
    assert all(same(left, right) for left, right in zip(first, again, strict=True))


@pytest.mark.parametrize("protocol", ["warm", "cold", "onboarding"])
def test_another_seed_gives_another_split(ratings, protocol):
    first, other = (list(splits(ratings, (protocol,), seed)) for seed in (8, 9))
    assert not all(same(left, right) for left, right in zip(first, other, strict=True))


def test_onboarding_asks_the_same_alone_and_beside_cold(ratings):
    alone = list(newcomer_splits(ratings, 4, ("onboarding",)))
    beside = list(newcomer_splits(ratings, 4, ("cold", "onboarding")))
    assert all(
        asked(left, "onboarding-5") == asked(right, "onboarding-5")
        for left, right in zip(alone, beside, strict=True)
    )


def test_trainings_per_seed_counts_the_splits(ratings):
    for protocols in (("warm",), ("cold", "onboarding"), PROTOCOLS):
        assert trainings_per_seed(protocols) == len(list(splits(ratings, protocols, 0)))


def test_an_unknown_protocol_is_named(ratings):
    with pytest.raises(ValueError, match="lukewarm"):
        list(splits(ratings, ("lukewarm",), 0))


def test_the_leak_check_counts_every_pair(ratings):
    for split in splits(ratings, PROTOCOLS, 6):
        pairs_asked = {setting: len(asked(split, setting)) for setting in split.questions}
        assert check_leaks(split) == pairs_asked | (
            {} if split.asked is None else {"stars": len(split.asked)}
        )


def test_a_trained_pair_is_a_leak(ratings):
    split = warm_split(ratings, 6)
    with pytest.raises(LeakError, match="trained on"):
        check_leaks(replace(split, train=ratings))


def test_a_held_out_person_in_training_is_a_leak(ratings):
    split = next(newcomer_splits(ratings, 6, ("cold",)))
    with pytest.raises(LeakError, match="held-out fold"):
        check_leaks(replace(split, train=ratings))


def test_a_question_whose_answer_is_told_or_excluded_is_a_leak(ratings):
    split = next(newcomer_splits(ratings, 6, ("onboarding",)))
    case = split.questions["onboarding-10"][0]
    told = replace(case, relevant=case.history.items[:1])
    with pytest.raises(LeakError, match="trained on"):
        check_leaks(replace(split, questions={"onboarding-10": [told]}))
    hidden = replace(case, excluded=case.relevant)
    with pytest.raises(LeakError, match="excluded"):
        check_leaks(replace(split, questions={"onboarding-10": [hidden]}))


def test_temporal_asks_nobody_with_fewer_than_five_ratings():
    rows = [(1, item, 5, item) for item in range(4)] + [(2, item, 5, item) for item in range(5)]
    frame = pd.DataFrame(rows, columns=["user_id", "movie_id", "stars", "rated_at"])
    split = temporal_split(with_positions(frame, np.arange(5)), seed=0)
    assert asked(split, "temporal") == {(2, 4)}
    assert (split.train["user_id"] == 1).sum() == 4


def test_one_date_parts_all_ratings(ratings):
    split = global_time_split(ratings, seed=0)
    hidden = ratings.merge(split.train[["user_id", "item"]], how="left", indicator=True)
    later = hidden[hidden["_merge"] == "left_only"]
    assert split.train["rated_at"].max() < later["rated_at"].min()
    assert len(split.train) / len(ratings) == pytest.approx(0.8, abs=0.01)
    liked = later[(later["stars"] >= 4) & later["user_id"].isin(split.train["user_id"])]
    assert asked(split, "global-time") == pairs(liked)


def test_ratings_without_a_time_come_before_any_date(ratings):
    some = ratings.assign(rated_at=ratings["rated_at"].astype(float).where(ratings["item"] % 7 != 0))
    untimed = pairs(some[some["rated_at"].isna()])
    assert untimed <= pairs(global_time_split(some, seed=0).train)
    with pytest.raises(ValueError, match="needs times"):
        global_time_split(ratings.assign(rated_at=np.nan), seed=0)


def test_strong_generalisation_holds_people_out_and_gives_four_fifths_of_their_ratings(ratings):
    split = strong_split(ratings, seed=3)
    people = ratings["user_id"].nunique()
    assert len(split.held_out_people) == people // FOLDS
    assert not split.held_out_people & set(split.train["user_id"])
    for case in split.questions["strong"]:
        own = ratings[ratings["user_id"] == case.user_id]
        assert len(case.history) == int(0.8 * len(own))
        places = [own["item"].tolist().index(item) for item in case.history.items.tolist()]
        assert places == sorted(places), "in the order in which they were rated"
        others = own[~own["item"].isin(case.history.items) & (own["stars"] >= 4)]
        assert set(case.relevant.tolist()) == set(others["item"])
    assert (split.length, split.recalls) == (100, (20, 50))
    assert same(split, strong_split(ratings, seed=3))
    assert not same(split, strong_split(ratings, seed=4))
