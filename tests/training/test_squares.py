"""The sums over people, against plain matrices, in one task and through Spark."""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pyspark.sql import SparkSession
from scipy.sparse import csr_array

from recommendations.errors import MovierecError
from recommendations.ranking.blocks.base import recency_weights, value_of_stars
from recommendations.ranking.blocks.sequence import SequenceParameters
from recommendations.ranking.parameters import ANY, LIKES
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.ease import EaseTraining
from spark_jobs.training.histories import COLUMNS, collect_people, histories_frame
from spark_jobs.training.sequence import SequenceTraining, cut_places
from spark_jobs.training.squares import BYTES_OF_A_PLACE, strips, sum_squares
from spark_jobs.training.ways import Way
from tests.ranking.factories import make_artefact, make_people

SEQUENCE = LIKES.of(SequenceParameters)
FILMS = 90
PEOPLE = make_people(make_artefact(FILMS))
EVERYTHING = Way("exact", np.arange(FILMS, dtype=np.int32))
TRAININGS = (EaseTraining(), SequenceTraining())
# Strips of five films.
NARROW = 2 * BYTES_OF_A_PLACE * FILMS * 5


def plain_squares(way: Way = EVERYTHING) -> dict[str, np.ndarray]:
    """The same with whole rows of all films, one person after the other."""
    squares = {name: np.zeros((FILMS, FILMS)) for name in ("gram", "past_gram", "past_next")}
    for user_id in PEOPLE.user_ids.tolist():
        _, history = PEOPLE.person(user_id)
        items, count = history.items, len(history)
        weights = np.zeros(FILMS)
        weights[items] = value_of_stars(history.stars, LIKES.star_weights)
        squares["gram"] += np.outer(weights, weights)
        if count <= 2:
            continue
        for cut in sorted(set(cut_places(np.array([count]), SEQUENCE)[:, 0].tolist())):
            past, following = np.zeros(FILMS), np.zeros(FILMS)
            before, after = items[:cut], items[cut : cut + SEQUENCE.horizon]
            ages = np.arange(cut - 1, -1, -1.0)
            past[before] = weights[before] * recency_weights(ages, SEQUENCE.recency)
            following[after] = weights[after]
            squares["past_gram"] += np.outer(past, past)
            squares["past_next"] += np.outer(past, following)
    return {name: square[np.ix_(way.films, way.films)] for name, square in squares.items()}


def in_one_task(people: KnownPeople, way: Way, task_bytes: int) -> dict[str, np.ndarray]:
    squares = {}
    for training in TRAININGS:
        for name, start, strip in strips(training.pairs(people, way.columns(FILMS), LIKES), task_bytes):
            size = len(way.films)
            square = squares.setdefault(name, np.zeros((size, size)))
            square[start : start + len(strip), size - strip.shape[1] :] += strip
    return squares


HEAD = Way("head", np.arange(0, FILMS, 3, dtype=np.int32))


@pytest.mark.parametrize("way", [EVERYTHING, HEAD], ids=["all films", "a head"])
@pytest.mark.parametrize("task_bytes", [NARROW, 2**30], ids=["many strips", "one strip"])
def test_the_strips_of_a_task_are_those_of_plain_matrices(way, task_bytes):
    found, expected = in_one_task(PEOPLE, way, task_bytes), plain_squares(way)
    assert found.keys() == expected.keys()
    for name, square in expected.items():
        if name != "past_next":
            square = np.triu(square)
            found[name] = np.triu(found[name])
        np.testing.assert_allclose(found[name], square, rtol=1e-5, atol=1e-5, err_msg=name)


def test_a_strip_takes_no_more_than_half_of_what_a_task_may_take():
    pairs = EaseTraining().pairs(PEOPLE, EVERYTHING.columns(FILMS), LIKES)
    # The narrowest strips are wider than five films.
    for task_bytes in (2 * BYTES_OF_A_PLACE * FILMS * 20, 2 * BYTES_OF_A_PLACE * FILMS * 50):
        widths = [len(strip) for _, _, strip in strips(pairs, task_bytes)]
        assert max(widths) * BYTES_OF_A_PLACE * FILMS <= task_bytes // 2
        assert sum(widths) == FILMS


def test_of_a_symmetric_square_one_half_is_made():
    pairs = EaseTraining().pairs(PEOPLE, EVERYTHING.columns(FILMS), LIKES)
    made = [strip.size for _, _, strip in strips(pairs, NARROW)]
    assert len(made) > 4
    assert sum(made) < 0.65 * FILMS**2


def test_nobody_sums_to_nothing_and_three_ratings_are_the_shortest_history_with_a_sequence():
    def first(count: int) -> KnownPeople:
        ends = np.minimum(PEOPLE.starts[:2], count) if not count else np.array([0, count])
        return replace(
            PEOPLE,
            user_ids=PEOPLE.user_ids[:1],
            demographics=PEOPLE.demographics[:1],
            starts=ends.astype(np.int64),
            items=np.arange(count, dtype=np.int32),
            stars=np.full(count, 5.0, np.float32),
        )

    assert not any(square.any() for square in in_one_task(first(0), EVERYTHING, NARROW).values())
    assert not in_one_task(first(2), EVERYTHING, NARROW)["past_next"].any()
    assert in_one_task(first(3), EVERYTHING, NARROW)["past_next"].any()


def test_without_a_sequence_block_its_squares_are_not_wanted():
    assert [type(training) for training in TRAININGS if training.is_wanted(ANY)] == [EaseTraining]


SHORT_OF_MEMORY = """
import resource
import numpy as np
from scipy.sparse import csr_array
from spark_jobs.training.squares import BYTES_OF_A_PLACE, strips

films, task = {films}, {task_bytes}
chance = np.random.default_rng(0)
rows = csr_array((np.ones(600_000), (np.arange(600_000) // 300, chance.integers(0, films, 600_000))), (2_000, films))
pages = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (pages + {spare}, pages + {spare}))
total, widest = 0.0, 0
for _, _, strip in strips({{"gram": (rows, rows)}}, task):
    total, widest = total + float(np.trace(strip[:, : len(strip)])), max(widest, len(strip))
print(total == float((rows.data**2).sum()) and "complete", widest < task // 2 // (BYTES_OF_A_PLACE * films))
"""


def short_of_memory(films: int, task_bytes: int, spare: int) -> subprocess.CompletedProcess[str]:
    """Sums in a process that gets ``spare`` bytes more than it has."""
    return subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY.format(films=films, task_bytes=task_bytes, spare=spare)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={"PATH": "", "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )


def test_a_task_without_the_memory_that_it_may_take_goes_on_with_narrower_strips():
    outcome = short_of_memory(6_000, 2**30, 150_000_000)
    assert outcome.stdout.split() == ["complete", "True"], outcome.stderr


def test_a_task_without_memory_for_the_narrowest_strip_names_the_setting():
    outcome = short_of_memory(4_000_000, 2**30, 250_000_000)
    assert outcome.returncode == 1
    assert "TRAINING_TASK_MEMORY" in outcome.stderr.splitlines()[-1]


def rows_of(people: KnownPeople) -> list[tuple[int, ...]]:
    rows = []
    for place, user_id in enumerate(people.user_ids.tolist()):
        span = slice(int(people.starts[place]), int(people.starts[place + 1]))
        told = people.demographics[place].tolist()
        # Newest first, to see that the order comes from ``position``.
        for position, (item, stars) in reversed(
            list(enumerate(zip(people.items[span].tolist(), people.stars[span].tolist(), strict=True)))
        ):
            rows.append((user_id, item, int(stars), position, *told))
    return rows


@pytest.mark.spark
class TestThroughSpark:
    @pytest.fixture
    def frame(self, spark: SparkSession):
        schema = ", ".join(f"{name} int" for name in COLUMNS)
        # More partitions than the machine has cores, some of them empty.
        return spark.createDataFrame(rows_of(PEOPLE), schema).repartition(16, "user_id")

    @pytest.mark.parametrize("way", [EVERYTHING, HEAD], ids=["all films", "a head"])
    def test_the_sums_over_partitions_are_those_of_plain_matrices(self, frame, way):
        ways = {"ease": way, "sequence": way}
        totals = sum_squares(frame, TRAININGS, ways, FILMS, LIKES, NARROW)
        for name, square in plain_squares(way).items():
            found = totals[name] if name == "past_next" else np.tril(totals[name])
            expected = square if name == "past_next" else np.tril(square)
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5, err_msg=name)
            assert totals[name].flags.f_contiguous

    def test_what_is_solved_over_the_people_is_not_summed_up(self, frame):
        ways = {"ease": Way("dual", EVERYTHING.films), "sequence": EVERYTHING}
        assert sum_squares(frame, TRAININGS, ways, FILMS, LIKES, NARROW).keys() == {"past_gram", "past_next"}
        assert not sum_squares(frame, TRAININGS[:1], ways, FILMS, LIKES, NARROW)

    def test_tasks_that_run_out_of_memory_are_tried_with_less_and_then_name_the_setting(self, frame):
        class Greedy(EaseTraining):
            def pairs(self, people, columns, parameters):
                """Rows for more films than there is memory for."""
                limit = resource.getrlimit(resource.RLIMIT_AS)
                resource.setrlimit(resource.RLIMIT_AS, (2**30, limit[1]))
                try:
                    return {"gram": (csr_array(np.ones((1, 2**30))),) * 2}
                finally:
                    resource.setrlimit(resource.RLIMIT_AS, limit)

        with pytest.raises(MovierecError, match=r"32 MB .* TRAINING_TASK_MEMORY"):
            sum_squares(frame, [Greedy()], {"ease": EVERYTHING}, FILMS, LIKES, 256 * 2**20)

    def test_people_come_back_with_their_histories(self, frame):
        people = collect_people(frame)
        assert people.user_ids.tolist() == PEOPLE.user_ids.tolist()
        for user_id in PEOPLE.user_ids.tolist():
            expected, known = PEOPLE.person(user_id)
            demographics, seen = people.person(user_id)
            assert demographics == expected
            np.testing.assert_array_equal(seen.items, known.items)
            np.testing.assert_array_equal(seen.stars, known.stars)

    def test_the_frame_of_histories_numbers_films_and_codes_people(self, spark: SparkSession):
        ratings = spark.createDataFrame(
            [(7, 30, 5, 0), (7, 10, 2, 1)], "user_id int, movie_id int, stars int, position int"
        )
        users = spark.createDataFrame(
            [(7, 41, "M", "writer"), (8, 20, "F", "artist")],
            "user_id int, age int, gender string, occupation string",
        )
        movies = spark.createDataFrame([(30,), (10,), (20,)], "movie_id int")
        frame = histories_frame(ratings, users, movies).orderBy("position")
        assert frame.columns == list(COLUMNS)
        assert [tuple(row) for row in frame.collect()] == [(7, 2, 5, 0, 41, 1, 20), (7, 0, 2, 1, 41, 1, 20)]
