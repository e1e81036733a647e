"""The explicit schemas of everything that the Spark jobs write; nothing is inferred from the data."""

from __future__ import annotations

from pyspark.sql import types as T  # noqa: N812  (the usual alias of PySpark code)

RATINGS = T.StructType(
    [
        T.StructField("user_id", T.IntegerType(), nullable=False),
        T.StructField("movie_id", T.IntegerType(), nullable=False),
        T.StructField("stars", T.DoubleType(), nullable=False),  # 0.5 to 5 in steps of 0.5
        T.StructField("rated_at", T.LongType()),  # seconds since 1970, UTC; null where it is not known
        T.StructField("position", T.IntegerType(), nullable=False),  # place in the person's history, from 0
    ]
)

MOVIES = T.StructType(
    [
        T.StructField("movie_id", T.IntegerType(), nullable=False),
        T.StructField("key", T.StringType(), nullable=False),  # what the source calls it
        T.StructField("original_title", T.StringType(), nullable=False),
        T.StructField("title", T.StringType(), nullable=False),
        T.StructField("year", T.IntegerType()),
        T.StructField("release_date", T.DateType()),
        T.StructField("imdb_url", T.StringType()),
        T.StructField("genres", T.ArrayType(T.StringType()), nullable=False),
        T.StructField("alternative_titles", T.ArrayType(T.StringType())),
        T.StructField("overview", T.StringType()),
        T.StructField("directors", T.ArrayType(T.StringType())),
        T.StructField("cast", T.ArrayType(T.StringType())),
        T.StructField("tags", T.ArrayType(T.StringType())),
        T.StructField("language", T.StringType()),
        T.StructField("countries", T.ArrayType(T.StringType())),
        T.StructField("runtime", T.IntegerType()),  # minutes
        T.StructField("imdb_id", T.StringType()),
        T.StructField("tmdb_id", T.IntegerType()),
    ]
)

USERS = T.StructType(
    [
        T.StructField("user_id", T.IntegerType(), nullable=False),
        T.StructField("key", T.StringType(), nullable=False),  # what the source calls the person
        T.StructField("age", T.IntegerType()),
        T.StructField("gender", T.StringType()),
        T.StructField("occupation", T.StringType()),
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
