"""Profiles: what a person makes of each genre, and how a film does with everybody."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from recommendations.ranking.taste import SHRINKAGE, shrunken
from recommendations.stars import STARS

DEFAULT_LIKE_THRESHOLD = 4


def genre_profiles(ratings: DataFrame, movies: DataFrame, shrinkage: float = SHRINKAGE) -> DataFrame:
    """Per person and genre: ``mean_stars``, ``rating_count`` and ``affinity``.

    affinity = (mean of the person in the genre − mean of the person over all ratings) · n / (n + shrinkage),
    with n the person's ratings in the genre: in stars, positive for a genre that the person likes more than
    usual, and pulled to 0 while little is known. Genres that a person has not rated have no row.

    Raises
    ------
    ValueError
        If ``shrinkage`` is negative.
    """
    if shrinkage < 0:
        raise ValueError(f"shrinkage is {shrinkage}; expected 0 or more")
    overall = ratings.groupBy("user_id").agg(F.avg("stars").alias("overall"))
    per_genre = (
        ratings.join(movies.select("movie_id", F.explode("genres").alias("genre")), "movie_id")
        .groupBy("user_id", "genre")
        .agg(F.avg("stars").alias("mean_stars"), F.count("*").cast("int").alias("rating_count"))
    )
    return per_genre.join(overall, "user_id").select(
        "user_id",
        "genre",
        "mean_stars",
        "rating_count",
        shrunken(F.col("mean_stars") - F.col("overall"), F.col("rating_count"), shrinkage).alias("affinity"),
    )


def movie_statistics(
    ratings: DataFrame,
    movies: DataFrame,
    like_threshold: int = DEFAULT_LIKE_THRESHOLD,
    *,
    has_halves: bool = False,
) -> DataFrame:
    """Per film: ``rating_count``, ``mean_stars``, ``like_count``, ``like_share`` and ``histogram``.

    A like is a rating of ``like_threshold`` stars or more. ``like_share`` is the share of **all people** with
    ratings who like the film, not of those who rated it: few enthusiasts do not make a film popular.
    ``histogram`` counts the ratings with 1, 2, 3, 4 and 5 stars, or with each half star from half a star on where the data
    ``has_halves``. A film without ratings has zeros and no mean.
    """
    people = ratings.agg(F.countDistinct("user_id").alias("people"))
    steps = [half / 2 for half in range(1, 2 * len(STARS) + 1)] if has_halves else list(STARS)
    with_stars = [F.count_if(F.col("stars") == stars).cast("int") for stars in steps]
    counted = ratings.groupBy("movie_id").agg(
        F.count("*").cast("int").alias("rating_count"),
        F.avg("stars").alias("mean_stars"),
        F.count_if(F.col("stars") >= like_threshold).cast("int").alias("like_count"),
        F.array(*with_stars).alias("histogram"),
    )
    share = F.when(F.col("people") > 0, F.col("like_count") / F.col("people")).otherwise(F.lit(0.0))
    return (
        movies.select("movie_id")
        .join(counted, "movie_id", "left")
        .withColumn("rating_count", F.coalesce("rating_count", F.lit(0)))
        .withColumn("like_count", F.coalesce("like_count", F.lit(0)))
        .withColumn("histogram", F.coalesce("histogram", F.array(*[F.lit(0)] * len(steps))))
        .crossJoin(F.broadcast(people))
        .select(
            "movie_id", "rating_count", "mean_stars", "like_count", share.alias("like_share"), "histogram"
        )
    )
