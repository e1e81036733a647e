"""The canonical tables: ratings, films and people of any source, with numbers for their keys, and what they have."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute
import pyarrow.dataset
import pyarrow.parquet
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as T  # noqa: N812

from recommendations.ranking.dataset import DataSet
from recommendations.ranking.people import FIRST_SITE_USER
from spark_jobs import schemas
from spark_jobs.data_files import spark_path
from spark_jobs.key_numbers import FILM, PERSON, Numbers
from spark_jobs.reading import Parsed
from spark_jobs.sources.base import FILMS, PEOPLE, RATINGS, Scale, Source
from spark_jobs.sources.hundred_k import LAYOUT
from spark_jobs.sources.site import FOLDER, SITE_PEOPLE, SITE_RATINGS
from spark_jobs.transforms.history import keep_newest, number_histories
from spark_jobs.transforms.numbers import with_numbers
from spark_jobs.transforms.titles import display_title

# Below this share of ratings with a time, the order of a history says nothing.
TIMED = 0.9
# A source that has more is one of tags, not of genres: the most frequent ones count.
MOST_GENRES = 100
_SITE_RATING = "person int, film int, stars double, rated_at bigint"
_SITE_PERSON = "person int, age int, gender string, occupation string"


@dataclass(frozen=True)
class Tables:
    """The tables in the columns of :mod:`spark_jobs.schemas`; ``of_site`` counts the ratings of people with an account."""

    ratings: DataFrame
    films: DataFrame
    people: DataFrame
    of_site: int


def canonical_tables(parsed: dict[str, Parsed], numbers: Numbers, place: Path) -> Tables:
    """Number the good rows and bring them together; films or people without a table of their own are those that the
    ratings name. The site's own ratings, if they lie in ``place``, join."""
    ratings = parsed[RATINGS].good
    spark = ratings.sparkSession
    films = parsed[FILMS].good if FILMS in parsed else _films_of(ratings)
    people = ratings.select("user_key").distinct()
    if PEOPLE in parsed:
        people = parsed[PEOPLE].good.join(people, "user_key", "full_outer")
    # Keys that come in with numbers of their own, as in MovieLens-100k, are keys like any other.
    films = with_numbers(films.drop("movie_id"), "movie_key", "movie_id", FILM, numbers).cache()
    people = with_numbers(people.drop("user_id"), "user_key", "user_id", PERSON, numbers).cache()
    rated = (
        ratings.drop("user_id", "movie_id")
        .join(F.broadcast(films.select("movie_key", "movie_id")), "movie_key")
        .join(F.broadcast(people.select("user_key", "user_id")), "user_key")
        .select("user_id", "movie_id", "stars", "rated_at", "line_number")
    )
    people = _filled(people.withColumn("key", F.col("user_key")), schemas.USERS)
    of_site = 0
    if (place / FOLDER / SITE_RATINGS).is_file():
        site = _of_site(spark, place / FOLDER / SITE_RATINGS, _SITE_RATING).withColumnRenamed(
            "film", "movie_id"
        )
        site = site.join(F.broadcast(films.select("movie_id")), "movie_id", "left_semi").cache()
        of_site = site.count()
        rated = rated.unionByName(site.withColumn("line_number", F.lit(0)).select(*rated.columns))
        site_people = _of_site(spark, place / FOLDER / SITE_PEOPLE, _SITE_PERSON)
        site_people = site_people.withColumn(
            "key", F.concat(F.lit("site-"), (F.col("user_id") - FIRST_SITE_USER).cast("string"))
        )
        people = people.unionByName(_filled(site_people, schemas.USERS))
    if "title" not in films.columns:
        films = films.withColumn("title", display_title(F.col("original_title"), F.col("movie_id")))
    films = films.withColumn(
        "original_title",
        F.when(F.col("original_title") == "", F.col("title")).otherwise(F.col("original_title")),
    )
    films = _filled(films.withColumn("key", F.col("movie_key")), schemas.MOVIES)
    films = films.withColumn("genres", F.coalesce("genres", F.array().cast("array<string>")))
    return Tables(number_histories(keep_newest(rated)), films, people, of_site)


def _films_of(ratings: DataFrame) -> DataFrame:
    """The films that ratings name; without a title there, the key is one."""
    named = ratings.groupBy("movie_key").agg(F.first("title", ignorenulls=True).alias("title_there"))
    return named.select("movie_key", F.coalesce("title_there", "movie_key").alias("original_title"))


def _of_site(spark: SparkSession, path: Path, schema: str) -> DataFrame:
    return (
        spark.read.schema(schema)
        .json(spark_path(path))
        .withColumn("user_id", (F.col("person") + FIRST_SITE_USER).cast("int"))
        .drop("person")
    )


def _filled(frame: DataFrame, schema: T.StructType) -> DataFrame:
    """The columns of a schema; those that the frame does not have are null."""
    return frame.select(
        *(
            (F.col(field.name) if field.name in frame.columns else F.lit(None))
            .cast(field.dataType)
            .alias(field.name)
            for field in schema.fields
        )
    )


def describe_tables(folder: Path, source: Source, scale: Scale) -> DataSet:
    """What the tables written to ``folder`` have. The words of MovieLens-100k are those of its files, also unused ones."""
    if source.layout == LAYOUT:
        return DataSet()
    people = pyarrow.parquet.read_table(folder / "users", columns=["user_id", "age", "gender", "occupation"])
    people = people.filter(pyarrow.compute.less(people["user_id"], FIRST_SITE_USER))
    genres = Counter(
        genre
        for row in pyarrow.parquet.read_table(folder / "movies", columns=["genres"])["genres"].to_pylist()
        for genre in row or ()
    )
    times = pyarrow.dataset.dataset(folder / "ratings", format="parquet").to_table(columns=["rated_at"])[
        "rated_at"
    ]
    return DataSet(
        name=source.name,
        layout=source.layout,
        scale=scale.said,
        star_step=scale.star_step,
        genres=tuple(sorted(name for name, _ in genres.most_common(MOST_GENRES))),
        genders=tuple(sorted(set(people["gender"].to_pylist()) - {None})),
        occupations=tuple(sorted(set(people["occupation"].to_pylist()) - {None})),
        has_ages=people["age"].null_count < len(people),
        has_times=len(times) > 0 and 1 - times.null_count / len(times) >= TIMED,
    )
