"""From the staged text of any source to typed rows. A row that is wrong keeps its text and says why in ``reason``."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as T  # noqa: N812

from recommendations.ranking.demographics import LONGEST_WORD, MAX_AGE, MIN_AGE
from recommendations.stars import FEWEST_STARS
from spark_jobs.sources.base import Scale
from spark_jobs.transforms.lines import first_reason
from spark_jobs.transforms.parse import only_once
from spark_jobs.transforms.titles import title_year

# As long as a key or title may be; what is longer is no key, and a title is cut.
LONGEST_KEY, LONGEST_TITLE = 100, 200
_EARLIEST_YEAR, _LATEST_YEAR = 1870, 2100


def type_ratings(raw: DataFrame, scale: Scale, *, has_stars: bool, has_times: bool) -> DataFrame:
    """``user_key``, ``movie_key``, ``stars`` (0.5 to 5), ``rated_at`` (seconds since 1970, UTC; null where it is not
    known) and ``reason`` (null for a good row)."""
    stars, wrong = (
        _stars(scale) if has_stars else (F.lit(scale.words.get("", 4.0)), F.lit(None).cast("string"))
    )
    parsed = raw.select(
        "file",
        "line_number",
        "text",
        "problem",
        key(F.col("person")).alias("user_key"),
        key(F.col("film")).alias("movie_key"),
        stars.cast("double").alias("stars"),
        wrong.alias("wrong_stars"),
        (_seconds(F.col("rated_at")) if has_times else F.lit(None).cast("bigint")).alias("rated_at"),
        F.coalesce(F.trim("rated_at"), F.lit("")).alias("time_text"),
        F.nullif(F.trim("title"), F.lit("")).alias("title"),
    )
    reason = first_reason(
        (F.col("problem").isNotNull(), ""),
        *_wrong_key("user_key", "person"),
        *_wrong_key("movie_key", "film"),
    )
    later = first_reason(
        (
            F.lit(has_times) & F.col("rated_at").isNull() & (F.col("time_text") != ""),
            "the time is neither seconds since 1970 nor a date",
        ),
    )
    return parsed.withColumn(
        "reason", F.coalesce("problem", F.nullif(reason, F.lit("")), F.col("wrong_stars"), later)
    ).drop("problem", "wrong_stars", "time_text")


def type_people(raw: DataFrame, vocabulary: Mapping[str, Mapping[str, str]]) -> DataFrame:
    """``user_key``, ``age``, ``gender`` (``F``, ``M`` or as the source has it), ``occupation``, each null where it is
    not known, and ``reason``."""
    age = _translated("age", vocabulary)
    gender = F.nullif(F.trim("gender"), F.lit(""))
    plain = F.lower(gender)
    parsed = raw.select(
        "file",
        "line_number",
        "text",
        "problem",
        key(F.col("person")).alias("user_key"),
        age.alias("age_text"),
        F.regexp_replace(age, r"\.0+$", "").try_cast("int").alias("age"),
        F.when(plain.isin("m", "male", "man"), "M")
        .when(plain.isin("f", "female", "woman"), "F")
        .otherwise(F.substring(gender, 1, LONGEST_WORD))
        .alias("gender"),
        F.substring(F.lower(_translated("occupation", vocabulary)), 1, LONGEST_WORD).alias("occupation"),
    )
    reason = first_reason(
        *_wrong_key("user_key", "person"),
        (F.col("age_text").isNotNull() & F.col("age").isNull(), "the age is not a whole number"),
        (
            F.col("age").isNotNull() & ~F.col("age").between(MIN_AGE, MAX_AGE),
            f"the age is not between {MIN_AGE} and {MAX_AGE}",
        ),
    )
    parsed = parsed.withColumn("reason", F.coalesce("problem", reason)).drop("problem", "age_text")
    return only_once(parsed, "user_key", "this person stands in the file twice")


def type_films(raw: DataFrame, list_separator: str) -> DataFrame:
    """``movie_key``, ``original_title`` (as the source has it), ``year``, ``genres`` and what else is known of films."""
    title = F.coalesce(F.nullif(F.trim("title"), F.lit("")), F.nullif(F.trim("original_title"), F.lit("")))
    listed = {
        name: listed_texts(F.col(name), list_separator).alias(name)
        for name in ("alternative_titles", "genres", "directors", "cast", "tags", "countries")
    }
    year = F.regexp_extract(F.coalesce("year", F.lit("")), r"\b(1[89]\d\d|20\d\d|2100)\b", 1).try_cast("int")
    parsed = raw.select(
        "file",
        "line_number",
        "text",
        "problem",
        key(F.col("film")).alias("movie_key"),
        F.substring(F.coalesce(title, F.lit("")), 1, LONGEST_TITLE).alias("original_title"),
        F.coalesce(year, _plausible(title_year(F.coalesce(title, F.lit(""))))).alias("year"),
        *listed.values(),
        *(F.nullif(F.trim(name), F.lit("")).alias(name) for name in ("overview", "language")),
        F.regexp_extract(F.coalesce("runtime", F.lit("")), r"^\s*(\d{1,4})(\.\d*)?\s*(min)?", 1)
        .try_cast("int")
        .alias("runtime"),
        _imdb(F.col("imdb_id")).alias("imdb_id"),
        F.regexp_extract(F.coalesce("tmdb_id", F.lit("")), r"^\s*(\d{1,9})(\.0)?\s*$", 1)
        .try_cast("int")
        .alias("tmdb_id"),
    )
    parsed = parsed.withColumn(
        "reason", F.coalesce("problem", first_reason(*_wrong_key("movie_key", "film")))
    ).drop("problem")
    return only_once(parsed, "movie_key", "this film stands in the file twice")


def key(text: Column) -> Column:
    """A key as it is, without blanks around it and the ``.0`` that tables of numbers put behind it."""
    return F.regexp_replace(F.trim(F.coalesce(text, F.lit(""))), r"^(-?\d+)\.0+$", "$1")


def listed_texts(text: Column, separator: str) -> Column:
    """The entries of a list: JSON, or parted by ``separator`` (by default ``|``, else ``;``, else ``,``)."""
    plain = F.coalesce(F.trim(text), F.lit(""))
    if separator:
        parted = F.split(plain, _literal(separator))
    else:
        parted = (
            F.when(plain.contains("|"), F.split(plain, r"\|"))
            .when(plain.contains(";"), F.split(plain, ";"))
            .otherwise(F.split(plain, ","))
        )
    parts = F.when(plain.startswith("["), F.from_json(plain, T.ArrayType(T.StringType()))).otherwise(parted)
    trimmed = F.transform(F.coalesce(parts, F.array().cast("array<string>")), lambda part: F.trim(part))
    return F.array_distinct(
        F.filter(trimmed, lambda part: part.isNotNull() & (part != "") & (part != "(no genres listed)"))
    )


def _literal(separator: str) -> str:
    return "".join(
        f"\\{letter}" if not letter.isalnum() and letter != " " else letter for letter in separator
    )


def _stars(scale: Scale) -> tuple[Column, Column]:
    """The stars, null where they cannot be read, and what is wrong with them."""
    text = F.lower(F.trim(F.coalesce(F.col("stars"), F.lit(""))))
    if scale.words:
        if "" in scale.words:
            return F.lit(scale.words[""]), F.lit(None).cast("string")
        stars: Column = F.lit(None).cast("double")
        for word, value in scale.words.items():
            stars = F.when(text == word, F.lit(value)).otherwise(stars)
        return stars, F.when(stars.isNull(), F.lit("the thumb is neither up nor down"))
    number = F.regexp_replace(text, ",", ".").try_cast("double")
    read = F.when(~F.isnan(number), number)
    halves = F.round(read / scale.divisor * 2) / 2
    outside = f"the stars are not between {scale.least:g} and {scale.most:g}"
    wrong = F.coalesce(
        F.when(read.isNull(), F.lit("the stars are not a number")),
        F.when(~read.between(scale.least, scale.most), F.lit(outside)),
        F.when((read % scale.step) != 0, F.lit(f"the stars are not in steps of {scale.step:g}"))
        if scale.divisor == 1
        else F.lit(None).cast("string"),
    )
    return F.greatest(halves, F.lit(FEWEST_STARS)), wrong


def _seconds(text: Column) -> Column:
    """Seconds since 1970, of seconds, thousandths and millionths of them, and of dates as ISO 8601 writes them."""
    plain = F.regexp_replace(F.trim(text), r"\.0+$", "")
    number = F.when(plain.rlike(r"^\d{1,17}$"), plain.try_cast("bigint"))
    whole = (
        F.when(number > 10**14, F.floor(number / 1_000_000))
        .when(number > 10**11, F.floor(number / 1_000))
        .otherwise(number)
    )
    # A year alone is no time.
    dated = F.when(plain.rlike(r"^\d{4}-\d{1,2}-\d{1,2}"), plain.try_cast("timestamp").cast("bigint"))
    return F.coalesce(whole, F.when(dated >= 0, dated)).cast("bigint")


def _imdb(text: Column) -> Column:
    """``tt`` and at least seven digits, however the source writes the number."""
    digits = F.regexp_extract(F.coalesce(text, F.lit("")), r"(?:^|tt)0*(\d{1,9})(?:\.0)?\D*$", 1)
    return F.when(
        digits != "",
        F.concat(F.lit("tt"), F.when(F.length(digits) < 7, F.lpad(digits, 7, "0")).otherwise(digits)),
    )


def _translated(name: str, vocabulary: Mapping[str, Mapping[str, str]]) -> Column:
    text = F.nullif(F.trim(name), F.lit(""))
    codes = vocabulary.get(name)
    if not codes:
        return text
    pairs = [F.lit(part) for pair in codes.items() for part in pair]
    return F.coalesce(F.element_at(F.create_map(*pairs), text), text)


def _plausible(year: Column) -> Column:
    return F.when(year.between(_EARLIEST_YEAR, _LATEST_YEAR), year)


def _wrong_key(column: str, what: str) -> tuple[tuple[Column, str], ...]:
    return (
        (F.col(column) == "", f"the {what}’s key is empty"),
        (F.length(column) > LONGEST_KEY, f"the {what}’s key has more than {LONGEST_KEY} letters"),
    )
