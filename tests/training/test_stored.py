"""Sums that are kept: the next training adds up those people only whose ratings are others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommendations.ranking.parameters import LIKES
from recommendations.ranking.people import KnownPeople
from spark_jobs.training import stored
from spark_jobs.training.ease import EaseTraining
from spark_jobs.training.histories import people_of
from spark_jobs.training.sequence import SequenceTraining
from spark_jobs.training.squares import strips
from spark_jobs.training.stored import Summing, digests, sums_with_store
from spark_jobs.training.ways import Way

FILMS = 30
TRAININGS = (EaseTraining(), SequenceTraining())
Row = tuple[int, int, float]


def some_rows(seed: int = 0) -> list[Row]:
    """Person, film (by its number) and stars, by person and oldest first; films have even numbers."""
    chance = np.random.default_rng(seed)
    return [
        (person, int(film) * 2, float(chance.integers(1, 11)) / 2)
        for person in range(1, 41)
        for film in chance.choice(FILMS, chance.integers(2, 12), replace=False)
    ]


def summing_of(rows: list[Row], movies: list[int] | None = None, head: int | None = None) -> Summing:
    movies = movies or list(range(0, 2 * FILMS, 2))
    owners, films, stars = (np.array(column) for column in zip(*rows, strict=True))
    people = people_of(owners, np.searchsorted(movies, films), stars, np.arange(len(rows)))
    way = Way("head" if head else "exact", np.arange(head or len(movies), dtype=np.int32))
    ways = {"ease": way, "sequence": way}
    return Summing(people, np.array(movies, np.int32), TRAININGS, ways, LIKES, 2**20)


class Sums:
    """Adds up everybody, and counts how often."""

    def __init__(self, summing: Summing) -> None:
        self.summing, self.times = summing, 0

    def __call__(self) -> dict[str, np.ndarray]:
        self.times += 1
        squares: dict[str, np.ndarray] = {}
        for training in TRAININGS:
            way = self.summing.ways[training.block.name]
            columns, size = way.columns(len(self.summing.movie_ids)), len(way.films)
            for name, start, strip in strips(training.pairs(self.summing.people, columns, LIKES), 2**20):
                square = squares.setdefault(name, np.zeros((size, size), order="F"))
                if training.squares[name]:
                    square[start:, start : start + len(strip)] = strip.T
                else:
                    square[start : start + len(strip)] = strip
        return squares


@pytest.fixture(autouse=True)
def every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "FEWEST_RATINGS", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the sums of :func:`some_rows` are kept."""
    summing = summing_of(some_rows())
    _, counts = sums_with_store(summing, Sums(summing), tmp_path / "sums")
    assert counts == {"people_summed": 40, "people_kept": 0}
    return tmp_path / "sums"


def summed_again(summing: Summing, folder: Path) -> tuple[int, int]:
    """Sum with the store, compare with the sums of everybody; how many people were summed, and how often all were."""
    sums = Sums(summing)
    found, counts = sums_with_store(summing, sums, folder)
    expected = Sums(summing)()
    assert found.keys() == expected.keys()
    for name, square in expected.items():
        lower = np.tril(square) if name != "past_next" else square
        np.testing.assert_allclose(
            np.tril(found[name]) if name != "past_next" else found[name], lower, atol=1e-4, err_msg=name
        )
    assert counts["people_summed"] + counts["people_kept"] == len(summing.people.user_ids)
    return counts["people_summed"], sums.times


def test_nothing_new_sums_nobody_up(folder):
    assert summed_again(summing_of(some_rows()), folder) == (0, 0)


def test_only_people_with_other_ratings_are_summed_up(folder):
    rows = some_rows()
    new = [(3, 58, 5.0)] if all(row[:2] != (3, 58) for row in rows) else [(3, 56, 5.0)]
    rows = [row for row in rows if row[0] != 7]  # somebody who left
    rows = [(*row[:2], 0.5) if row[0] == 11 else row for row in rows]  # other stars
    rows = sorted([*rows, *new, (41, 2, 4.0), (41, 8, 3.5), (41, 4, 5.0)], key=lambda row: row[0])
    assert summed_again(summing_of(rows), folder) == (3, 0)
    # And the night after that.
    assert summed_again(summing_of(rows[:-1]), folder) == (1, 0)


def test_another_order_of_the_same_ratings_is_another_history(folder):
    rows = some_rows()
    ends = [place for place, row in enumerate(rows) if row[0] == 5]
    rows[ends[0]], rows[ends[1]] = rows[ends[1]], rows[ends[0]]
    assert summed_again(summing_of(rows), folder) == (1, 0)


def test_new_films_that_new_ratings_are_of_move_the_others(folder):
    movies = sorted([*range(0, 2 * FILMS, 2), 7, 33])
    rows = sorted([*some_rows(), (41, 7, 4.0), (41, 2, 3.0), (41, 33, 5.0)], key=lambda row: row[0])
    assert summed_again(summing_of(rows, movies), folder) == (1, 0)


def test_a_head_that_grows_by_a_film_which_was_rated_before_is_summed_up_anew(tmp_path):
    few = summing_of(some_rows(), head=20)
    sums_with_store(few, Sums(few), tmp_path / "sums")
    assert summed_again(summing_of(some_rows(), head=15), tmp_path / "sums") == (0, 0)
    assert summed_again(summing_of(some_rows(), head=25), tmp_path / "sums") == (40, 1)


@pytest.mark.parametrize("change", ["parameters", "many people", "a film that is gone", "damage", "no key"])
def test_what_is_stored_is_left_where_it_does_not_fit(folder, change):
    summing = summing_of(some_rows())
    if change == "parameters":
        summing = replace(summing, parameters=LIKES.adjusted(sequence={"horizon": 5}))
    elif change == "many people":
        summing = summing_of(some_rows(seed=1))
    elif change == "a film that is gone":
        rows = [row for row in some_rows() if row[1] != 10]
        summing = summing_of(rows, [number for number in range(0, 2 * FILMS, 2) if number != 10])
    elif change == "damage":
        (folder / "gram.npy").write_bytes(b"half of it")
    else:
        (folder / "key.json").unlink()
    sums = Sums(summing)
    _, counts = sums_with_store(summing, sums, folder)
    assert (counts["people_kept"], sums.times) == (0, 1)
    # It is replaced by what does.
    again = Sums(summing)
    assert sums_with_store(summing, again, folder)[1]["people_summed"] == 0
    assert again.times == 0


def test_few_ratings_and_runs_without_a_folder_keep_nothing(tmp_path, monkeypatch):
    summing = summing_of(some_rows())
    for where, fewest in ((None, 0), (tmp_path / "sums", 10**6)):
        monkeypatch.setattr(stored, "FEWEST_RATINGS", fewest)
        sums = Sums(summing)
        assert sums_with_store(summing, sums, where)[1]["people_summed"] == 40
        assert sums.times == 1
    assert not (tmp_path / "sums").exists()


def test_a_digest_tells_people_films_stars_and_places_apart():
    movies = np.arange(10, dtype=np.int32)

    def digest(items: list[int], stars: list[float]) -> int:
        count = len(items)
        people: KnownPeople = people_of(
            np.ones(count, int), np.array(items), np.array(stars), np.arange(count)
        )
        return int(digests(people, movies)[0])

    same = digest([1, 2, 3], [4.0, 3.0, 2.5])
    assert digest([1, 2, 3], [4.0, 3.0, 2.5]) == same
    others = [
        ([2, 1, 3], [4.0, 3.0, 2.5]),
        ([1, 2, 3], [4.0, 3.0, 2.0]),
        ([1, 2], [4.0, 3.0]),
        ([4, 2, 3], [4.0, 3.0, 2.5]),
    ]
    assert same not in [digest(*other) for other in others]
