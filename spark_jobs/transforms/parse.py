"""From text lines to typed rows. A line that is wrong keeps its text and says why in ``reason``."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from recommendations.ranking.demographics import GENDERS, MAX_AGE, MIN_AGE, OCCUPATIONS
from recommendations.ranking.genres import GENRES
from recommendations.stars import LEAST_STARS, MOST_STARS
from spark_jobs.transforms.lines import TIMESTAMP, first_reason, whole_number
from spark_jobs.transforms.titles import display_title, title_year

RATING_COLUMNS, USER_COLUMNS, MOVIE_COLUMNS = 4, 5, 5 + len(GENRES)


def _split(lines: DataFrame, separator: str) -> DataFrame:
    return lines.withColumn("part", F.split("text", separator, -1))


def _repeated(parsed: DataFrame, key: str, reason: str) -> DataFrame:
    """Of several good lines with the same number the first counts; the others are set aside."""
    same = Window.partitionBy(key, F.col("reason").isNull()).orderBy("line_number")
    again = F.col("reason").isNull() & (F.row_number().over(same) > 1)
    return parsed.withColumn("reason", F.when(again, F.lit(reason)).otherwise(F.col("reason")))


def parse_ratings(lines: DataFrame) -> DataFrame:
    """``u.data``: person, film, stars, seconds since 1970, separated by tabs.

    Adds ``user_id``, ``movie_id``, ``stars``, ``rated_at`` and ``reason`` (null for a good line).
    """
    part = [F.get("part", F.lit(index)) for index in range(RATING_COLUMNS)]
    parsed = _split(lines, "\t").select(
        "line_number",
        "text",
        F.size("part").alias("columns"),
        whole_number(part[0]).alias("user_id"),
        whole_number(part[1]).alias("movie_id"),
        whole_number(part[2]).alias("stars"),
        whole_number(part[3], TIMESTAMP, "bigint").alias("rated_at"),
    )
    reason = first_reason(
        (F.col("columns") != RATING_COLUMNS, f"expected {RATING_COLUMNS} columns separated by tabs"),
        (F.col("user_id").isNull(), "the person's number is not a whole number"),
        (F.col("movie_id").isNull(), "the film's number is not a whole number"),
        (F.col("stars").isNull(), "the stars are not a whole number"),
        (
            ~F.col("stars").between(LEAST_STARS, MOST_STARS),
            f"the stars are not between {LEAST_STARS} and {MOST_STARS}",
        ),
        (F.col("rated_at").isNull(), "the time is not a whole number of seconds"),
    )
    return parsed.withColumn("reason", reason).drop("columns")


def check_references(parsed: DataFrame, users: DataFrame, movies: DataFrame) -> DataFrame:
    """Sets the ratings aside whose person or film no good line of the other files describes."""
    known_users = users.select("user_id", F.lit(True).alias("known_user"))
    known_movies = movies.select("movie_id", F.lit(True).alias("known_movie"))
    reason = F.coalesce(
        F.col("reason"),
        first_reason(
            (F.col("known_user").isNull(), "u.user has no such person"),
            (F.col("known_movie").isNull(), "u.item has no such film"),
        ),
    )
    return (
        parsed.join(F.broadcast(known_users), "user_id", "left")
        .join(F.broadcast(known_movies), "movie_id", "left")
        .withColumn("reason", reason)
        .drop("known_user", "known_movie")
    )


def parse_users(lines: DataFrame) -> DataFrame:
    """``u.user``: number, age, gender, occupation, postcode, separated by ``|``.

    An occupation outside of the 21 of MovieLens counts as ``other``, so that the person's ratings still do.
    """
    part = [F.get("part", F.lit(index)) for index in range(USER_COLUMNS)]
    occupation = F.lower(F.trim(part[3]))
    parsed = _split(lines, r"\|").select(
        "line_number",
        "text",
        F.size("part").alias("columns"),
        whole_number(part[0]).alias("user_id"),
        whole_number(part[1]).alias("age"),
        part[2].alias("gender"),
        F.when(occupation.isin(*OCCUPATIONS), occupation).otherwise(F.lit("other")).alias("occupation"),
        F.nullif(F.trim(part[4]), F.lit("")).alias("zip_code"),
    )
    reason = first_reason(
        (F.col("columns") != USER_COLUMNS, f"expected {USER_COLUMNS} columns separated by |"),
        (F.col("user_id").isNull(), "the person's number is not a whole number"),
        (F.col("age").isNull(), "the age is not a whole number"),
        (~F.col("age").between(MIN_AGE, MAX_AGE), f"the age is not between {MIN_AGE} and {MAX_AGE}"),
        (~F.col("gender").isin(*GENDERS), f"the gender is not one of {', '.join(GENDERS)}"),
    )
    parsed = parsed.withColumn("reason", reason).drop("columns")
    return _repeated(parsed, "user_id", "this person stands in the file twice")


def parse_movies(lines: DataFrame) -> DataFrame:
    """``u.item``: number, title, dates, address and one 0/1 flag per genre, separated by ``|``."""
    flags = F.slice("part", 6, len(GENRES))
    names = F.array(*[F.lit(genre) for genre in GENRES])
    marked = F.filter(
        F.zip_with(names, flags, lambda name, flag: F.when(flag == "1", name)), lambda name: name.isNotNull()
    )
    movie_id = whole_number(F.get("part", F.lit(0)))
    original = F.trim(F.get("part", F.lit(1)))
    # English month names whatever the machine's language is; a strange date costs the date, not the film.
    released = F.try_to_timestamp(F.trim(F.get("part", F.lit(2))), F.lit("d-MMM-yyyy")).cast("date")
    parsed = _split(lines, r"\|").select(
        "line_number",
        "text",
        F.size("part").alias("columns"),
        movie_id.alias("movie_id"),
        original.alias("original_title"),
        display_title(original, movie_id).alias("title"),
        F.coalesce(title_year(original), F.year(released)).alias("year"),
        released.alias("release_date"),
        F.nullif(F.trim(F.get("part", F.lit(4))), F.lit("")).alias("imdb_url"),
        marked.alias("genres"),
        F.forall(flags, lambda flag: flag.isin("0", "1")).alias("flags_are_good"),
    )
    reason = first_reason(
        (F.col("columns") != MOVIE_COLUMNS, f"expected {MOVIE_COLUMNS} columns separated by |"),
        (F.col("movie_id").isNull(), "the film's number is not a whole number"),
        (F.col("original_title") == "", "the title is empty"),
        (~F.col("flags_are_good"), "a genre flag is neither 0 nor 1"),
    )
    parsed = parsed.withColumn("reason", reason).drop("columns", "flags_are_good")
    return _repeated(parsed, "movie_id", "this film stands in the file twice")
