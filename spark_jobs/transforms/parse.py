"""From text lines to typed rows. A line that is wrong keeps its text and says why in ``reason``."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from recommendations.ranking.demographics import GENDERS, MAX_AGE, MIN_AGE, OCCUPATIONS
from recommendations.ranking.genres import GENRES
from recommendations.stars import LEAST_STARS, MOST_STARS
from spark_jobs.transforms.lines import KEY_NUMBER, TIMESTAMP, TOO_LONG_NUMBER, first_reason, whole_number
from spark_jobs.transforms.titles import display_title, title_year

RATING_COLUMNS, USER_COLUMNS, MOVIE_COLUMNS = 4, 5, 5 + len(GENRES)


def _split(lines: DataFrame, separator: str) -> DataFrame:
    return lines.withColumn("part", F.split("text", separator, -1))


def only_once(parsed: DataFrame, key: str, reason: str) -> DataFrame:
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
        whole_number(part[0], KEY_NUMBER, "bigint").alias("user_id"),
        whole_number(part[1], KEY_NUMBER, "bigint").alias("movie_id"),
        *(
            part[place].rlike(TOO_LONG_NUMBER).alias(name)
            for place, name in enumerate(("long_user", "long_movie"))
        ),
        F.contains("text", F.lit("\0")).alias("has_nul"),
        whole_number(part[2]).alias("stars"),
        whole_number(part[3], TIMESTAMP, "bigint").alias("rated_at"),
    )
    reason = first_reason(
        (F.col("columns") != RATING_COLUMNS, f"expected {RATING_COLUMNS} columns separated by tabs"),
        (F.col("has_nul"), "the line holds NUL bytes"),
        (F.col("long_user"), "the person's number has more than 18 digits"),
        (F.col("long_movie"), "the film's number has more than 18 digits"),
        (F.col("user_id").isNull(), "the person's number is not a whole number"),
        (F.col("movie_id").isNull(), "the film's number is not a whole number"),
        (F.col("stars").isNull(), "the stars are not a whole number"),
        (
            ~F.col("stars").between(LEAST_STARS, MOST_STARS),
            f"the stars are not between {LEAST_STARS} and {MOST_STARS}",
        ),
        (F.col("rated_at").isNull(), "the time is not a whole number of seconds"),
    )
    return parsed.withColumn("reason", reason).drop("columns", "long_user", "long_movie", "has_nul")


def check_references(
    parsed: DataFrame,
    users: DataFrame | None,
    movies: DataFrame | None,
    *,
    keys: tuple[str, str] = ("user_id", "movie_id"),
    names: tuple[str, str] = ("u.user", "u.item"),
) -> DataFrame:
    """Sets the ratings aside whose person or film no good line of the other files describes.

    ``keys`` are the columns of person and film, ``names`` what the other files are called; ``None`` checks nothing.
    """
    checks = []
    for known, key, name, what in zip((users, movies), keys, names, ("person", "film"), strict=True):
        if known is not None:
            there = known.select(key, F.lit(True).alias(f"known_{what}"))
            parsed = parsed.join(F.broadcast(there), key, "left")
            checks.append((F.col(f"known_{what}").isNull(), f"{name} has no such {what}"))
    reason = F.coalesce(F.col("reason"), first_reason(*checks)) if checks else F.col("reason")
    return parsed.withColumn("reason", reason).drop("known_person", "known_film")


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
        whole_number(part[0], KEY_NUMBER, "bigint").alias("user_id"),
        part[0].rlike(TOO_LONG_NUMBER).alias("long_user"),
        F.contains("text", F.lit("\0")).alias("has_nul"),
        whole_number(part[1]).alias("age"),
        part[2].alias("gender"),
        F.when(occupation.isin(*OCCUPATIONS), occupation).otherwise(F.lit("other")).alias("occupation"),
        F.nullif(F.trim(part[4]), F.lit("")).alias("zip_code"),
    )
    reason = first_reason(
        (F.col("columns") != USER_COLUMNS, f"expected {USER_COLUMNS} columns separated by |"),
        (F.col("has_nul"), "the line holds NUL bytes"),
        (F.col("long_user"), "the person's number has more than 18 digits"),
        (F.col("user_id").isNull(), "the person's number is not a whole number"),
        (F.col("age").isNull(), "the age is not a whole number"),
        (~F.col("age").between(MIN_AGE, MAX_AGE), f"the age is not between {MIN_AGE} and {MAX_AGE}"),
        (~F.col("gender").isin(*GENDERS), f"the gender is not one of {', '.join(GENDERS)}"),
    )
    parsed = parsed.withColumn("reason", reason).drop("columns", "long_user", "has_nul")
    return only_once(parsed, "user_id", "this person stands in the file twice")


def parse_movies(lines: DataFrame) -> DataFrame:
    """``u.item``: number, title, dates, address and one 0/1 flag per genre, separated by ``|``."""
    flags = F.slice("part", 6, len(GENRES))
    names = F.array(*[F.lit(genre) for genre in GENRES])
    marked = F.filter(
        F.zip_with(names, flags, lambda name, flag: F.when(flag == "1", name)), lambda name: name.isNotNull()
    )
    number = F.get("part", F.lit(0))
    movie_id = whole_number(number, KEY_NUMBER, "bigint")
    original = F.trim(F.get("part", F.lit(1)))
    # English month names whatever the machine's language is; a strange date costs the date, not the film.
    released = F.try_to_timestamp(F.trim(F.get("part", F.lit(2))), F.lit("d-MMM-yyyy")).cast("date")
    parsed = _split(lines, r"\|").select(
        "line_number",
        "text",
        F.size("part").alias("columns"),
        movie_id.alias("movie_id"),
        number.rlike(TOO_LONG_NUMBER).alias("long_movie"),
        F.contains("text", F.lit("\0")).alias("has_nul"),
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
        (F.col("has_nul"), "the line holds NUL bytes"),
        (F.col("long_movie"), "the film's number has more than 18 digits"),
        (F.col("movie_id").isNull(), "the film's number is not a whole number"),
        (F.col("original_title") == "", "the title is empty"),
        (~F.col("flags_are_good"), "a genre flag is neither 0 nor 1"),
    )
    parsed = parsed.withColumn("reason", reason).drop("columns", "flags_are_good", "long_movie", "has_nul")
    return only_once(parsed, "movie_id", "this film stands in the file twice")
