"""The explicit schemas of everything that the Spark jobs write; nothing is inferred from the data."""

from __future__ import annotations

from pyspark.sql import types as T  # noqa: N812  (the usual alias of PySpark code)

RATINGS = T.StructType(
    [
        T.StructField("user_id", T.IntegerType(), nullable=False),
        T.StructField("movie_id", T.IntegerType(), nullable=False),
        T.StructField("stars", T.IntegerType(), nullable=False),
        T.StructField("rated_at", T.LongType(), nullable=False),  # seconds since 1970, UTC
        T.StructField("position", T.IntegerType(), nullable=False),  # place in the person's history, from 0
    ]
)

MOVIES = T.StructType(
    [
        T.StructField("movie_id", T.IntegerType(), nullable=False),
        T.StructField("original_title", T.StringType(), nullable=False),
        T.StructField("title", T.StringType(), nullable=False),
        T.StructField("year", T.IntegerType()),
        T.StructField("release_date", T.DateType()),
        T.StructField("imdb_url", T.StringType()),
        T.StructField("genres", T.ArrayType(T.StringType()), nullable=False),
    ]
)

USERS = T.StructType(
    [
        T.StructField("user_id", T.IntegerType(), nullable=False),
        T.StructField("age", T.IntegerType(), nullable=False),
        T.StructField("gender", T.StringType(), nullable=False),
        T.StructField("occupation", T.StringType(), nullable=False),
        T.StructField("zip_code", T.StringType()),
    ]
)

GENRE_PROFILES = T.StructType(
    [
        T.StructField("user_id", T.IntegerType(), nullable=False),
        T.StructField("genre", T.StringType(), nullable=False),
        T.StructField("mean_stars", T.DoubleType(), nullable=False),
        T.StructField("rating_count", T.IntegerType(), nullable=False),
        T.StructField("affinity", T.DoubleType(), nullable=False),
    ]
)

MOVIE_STATISTICS = T.StructType(
    [
        T.StructField("movie_id", T.IntegerType(), nullable=False),
        T.StructField("rating_count", T.IntegerType(), nullable=False),
        T.StructField("mean_stars", T.DoubleType()),
        T.StructField("like_count", T.IntegerType(), nullable=False),
        T.StructField("like_share", T.DoubleType(), nullable=False),
        T.StructField("histogram", T.ArrayType(T.IntegerType()), nullable=False),
    ]
)
