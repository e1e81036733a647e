"""One rating per film, and its place in the person's history."""

import pytest

from spark_jobs.transforms.history import keep_newest, number_histories

pytestmark = pytest.mark.spark
LINES = "line_number long, user_id int, movie_id int, stars int, rated_at long"


def test_the_newest_rating_of_a_film_wins_whatever_its_line(spark):
    ratings = spark.createDataFrame(
        [(1, 1, 10, 5, 300), (2, 1, 10, 1, 200), (3, 1, 11, 3, 250), (4, 2, 10, 2, 100)], LINES
    )
    kept = {(r["user_id"], r["movie_id"]): r["stars"] for r in keep_newest(ratings).collect()}
    assert kept == {(1, 10): 5, (1, 11): 3, (2, 10): 2}


def test_at_the_same_second_the_last_line_wins(spark):
    ratings = spark.createDataFrame([(9, 1, 10, 4, 200), (10, 1, 10, 2, 200), (3, 1, 10, 5, 200)], LINES)
    assert [r["stars"] for r in keep_newest(ratings).collect()] == [2]


def test_positions_follow_time_then_film_and_start_at_zero_for_everybody(spark):
    ratings = spark.createDataFrame(
        [(1, 1, 30, 5, 200), (2, 1, 20, 4, 200), (3, 1, 40, 3, 100), (4, 2, 99, 1, 500)], LINES
    )
    rows = number_histories(keep_newest(ratings)).collect()
    places = {(r["user_id"], r["movie_id"]): r["position"] for r in rows}
    assert places == {(1, 40): 0, (1, 20): 1, (1, 30): 2, (2, 99): 0}


def test_a_persons_ratings_come_out_together_and_in_order(spark):
    """The ratings are written without another sort, and readers lean on that."""
    ratings = spark.createDataFrame([(n, n % 7, n, 3, 1000 - n) for n in range(1, 200)], LINES).repartition(5)
    seen: list[tuple[int, int]] = [
        (r["user_id"], r["position"]) for r in number_histories(keep_newest(ratings)).collect()
    ]
    starts = [place for place, (_, position) in enumerate(seen) if position == 0]
    assert len(starts) == 7
    for start, end in zip(starts, [*starts[1:], len(seen)], strict=True):
        user = seen[start][0]
        assert seen[start:end] == [(user, position) for position in range(end - start)]
