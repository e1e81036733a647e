"""The grid on an inner split: what it tries, when it moves, and that it asks about what came later."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.blocks.ease import EaseParameters
from recommendations.ranking.parameters import LIKES
from recommendations.ranking.people import KnownPeople
from spark_jobs.training import tuning
from spark_jobs.training.tuning import RANKS, RECENCIES, RIDGES, tune

FILMS = 60


def some_people(count: int = 120, ratings: int = 20) -> KnownPeople:
    """People of two tastes, who rate films of theirs with five stars and a few others with two."""
    chance = np.random.default_rng(3)
    items, stars = [], []
    for person in range(count):
        own = chance.permutation(np.arange(30) + 30 * (person % 2))[: ratings - 4]
        other = chance.permutation(np.arange(30) + 30 * (1 - person % 2))[:4]
        order = chance.permutation(ratings)
        items.append(np.concatenate([own, other])[order])
        stars.append(np.repeat([5.0, 2.0], [ratings - 4, 4])[order])
    return KnownPeople(
        user_ids=np.arange(1, count + 1, dtype=np.int32),
        demographics=np.full((count, 3), -1, np.int16),
        starts=np.arange(0, ratings * count + 1, ratings, dtype=np.int64),
        items=np.concatenate(items).astype(np.int32),
        stars=np.concatenate(stars).astype(np.float32),
    )


def test_every_candidate_is_recorded_and_one_of_each_is_chosen():
    _, report = tune(some_people(), FILMS, LIKES)
    by_parameter: dict[str, list[dict]] = {}
    for candidate in report["candidates"]:
        by_parameter.setdefault(candidate["parameter"], []).append(candidate)
    assert by_parameter.keys() == {"ease.ridge", "ease.rank", "ease.recency", "sequence.weight"}
    assert len(by_parameter["ease.ridge"]) == len(RIDGES)
    assert len(by_parameter["ease.recency"]) == len(RECENCIES)
    assert [candidate["value"] for candidate in by_parameter["ease.rank"]] == [str(rank) for rank in RANKS]
    for candidates in by_parameter.values():
        assert sum(candidate.get("chosen", False) for candidate in candidates) == 1
        assert sum(candidate["default"] for candidate in candidates) == 1
        assert all(0 <= candidate["ndcg"] <= 1 for candidate in candidates)
    assert report["people"] == 120


def test_the_default_stays_unless_another_is_clearly_better(monkeypatch):
    monkeypatch.setattr(tuning, "CLEARLY", 2.0)
    assert tune(some_people(), FILMS, LIKES)[0] == LIKES
    monkeypatch.setattr(tuning, "CLEARLY", 0.0)
    fitting, report = tune(some_people(), FILMS, LIKES)
    ridges = [candidate for candidate in report["candidates"] if candidate["parameter"] == "ease.ridge"]
    best = max(ridges, key=lambda candidate: candidate["ndcg"])
    assert best["ndcg"] > 0.2
    assert fitting.of(EaseParameters).ridge == float(best["value"])


def test_the_best_known_films_are_enough(monkeypatch):
    people = some_people()
    monkeypatch.setattr(tuning, "FILMS", 40)
    fewer, films = tuning._best_known(people, FILMS)
    assert films == 40
    counts = np.bincount(people.items, minlength=FILMS)
    assert len(fewer.items) == np.sort(counts)[-40:].sum()
    assert (np.diff(fewer.starts) <= np.diff(people.starts)).all()
    assert tune(people, FILMS, LIKES)[1]["people"] > 0


@pytest.mark.parametrize("count", [1, 4])
def test_few_people_change_nothing(count):
    assert tune(some_people(count), FILMS, LIKES) == (LIKES, {"people": count, "candidates": []})
