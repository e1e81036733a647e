"""Profiles against numbers computed by hand."""

import pytest

from spark_jobs import schemas
from spark_jobs.transforms.profiles import genre_profiles, movie_statistics

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def movies(spark):
    genres = {1: ["Action", "Drama"], 2: ["Drama"], 3: ["War"], 4: []}
    rows = [
        {
            "movie_id": number,
            "key": str(number),
            "original_title": name,
            "title": name,
            "year": 1990,
            "genres": genres[number],
        }
        for number, name in enumerate("ABCD", start=1)
    ]
    return spark.createDataFrame(rows, schemas.MOVIES)


@pytest.fixture(scope="module")
def ratings(spark):
    # Person 1: films 1, 2, 3, 4 with 5, 4, 1, 2 stars (mean 3). Person 2: film 1 with 2 stars.
    rows = [(1, 1, 5.0, 10, 0), (1, 2, 4.0, 11, 1), (1, 3, 1.0, 12, 2), (1, 4, 2.0, 13, 3), (2, 1, 2.0, 9, 0)]
    return spark.createDataFrame(rows, schemas.RATINGS)


def profiles(frame):
    return {
        (r["user_id"], r["genre"]): (r["mean_stars"], r["rating_count"], pytest.approx(r["affinity"]))
        for r in frame.collect()
    }


def test_affinity_is_the_shrunk_deviation_from_the_persons_own_mean(ratings, movies):
    assert profiles(genre_profiles(ratings, movies, shrinkage=2.0)) == {
        (1, "Action"): (5.0, 1, 2.0 * 1 / 3),
        (1, "Drama"): (4.5, 2, 1.5 * 2 / 4),
        (1, "War"): (1.0, 1, -2.0 * 1 / 3),
        (2, "Action"): (2.0, 1, 0.0),
        (2, "Drama"): (2.0, 1, 0.0),
    }


def test_without_shrinkage_the_deviation_counts_in_full(ratings, movies):
    found = profiles(genre_profiles(ratings, movies, shrinkage=0.0))
    assert found[1, "War"] == (1.0, 1, -2.0)
    assert found[1, "Drama"] == (4.5, 2, 1.5)


def test_a_negative_shrinkage_is_refused(ratings, movies):
    with pytest.raises(ValueError, match="shrinkage is -1"):
        genre_profiles(ratings, movies, shrinkage=-1)


def test_statistics_of_films_by_hand(ratings, movies):
    found = {row["movie_id"]: row.asDict() for row in movie_statistics(ratings, movies).collect()}
    assert found[1] == {
        "movie_id": 1,
        "rating_count": 2,
        "mean_stars": 3.5,
        "like_count": 1,
        "like_share": 0.5,
        "histogram": [0, 1, 0, 0, 1],
    }
    # One of two people likes film 2: the share is over everybody, not over those who rated it.
    assert (found[2]["like_count"], found[2]["like_share"]) == (1, 0.5)
    assert (found[3]["like_count"], found[3]["like_share"], found[3]["histogram"]) == (
        0,
        0.0,
        [1, 0, 0, 0, 0],
    )
    assert sorted(found) == [1, 2, 3, 4]


def test_the_threshold_of_a_like_can_be_chosen(ratings, movies):
    found = {
        r["movie_id"]: r["like_count"] for r in movie_statistics(ratings, movies, like_threshold=2).collect()
    }
    assert found == {1: 2, 2: 1, 3: 0, 4: 1}


def test_films_without_ratings_have_zeros_and_no_mean(spark, movies):
    nobody = spark.createDataFrame([], schemas.RATINGS)
    rows = movie_statistics(nobody, movies).collect()
    assert len(rows) == 4
    assert {(r["rating_count"], r["mean_stars"], r["like_count"], r["like_share"], tuple(r["histogram"])) for r in rows} == {
        (0, None, 0, 0.0, (0, 0, 0, 0, 0))
    }  # fmt: skip


def test_half_stars_are_counted_one_by_one(spark):
    ratings = spark.createDataFrame(
        [(1, 1, 3.5, 0, 0), (2, 1, 4.0, 0, 0), (3, 1, 0.5, 0, 0)], schema=schemas.RATINGS
    )
    movies = spark.createDataFrame([(1,)], "movie_id int")
    (row,) = movie_statistics(ratings, movies, has_halves=True).collect()
    assert row["histogram"] == [1, 0, 0, 0, 0, 0, 1, 1, 0, 0]
    assert row["like_count"] == 1
