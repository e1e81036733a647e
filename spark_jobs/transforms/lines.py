"""Text lines with their numbers, and what the parsers of the three files share."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  (the usual alias of PySpark code)

# Nine digits always fit into an int; longer identifiers are mistakes.
WHOLE_NUMBER = r"^[0-9]{1,9}$"
# Seconds since 1970; the ten digits of today and some more.
TIMESTAMP = r"^[0-9]{1,12}$"


def read_lines(spark: SparkSession, path: str) -> DataFrame:
    """The lines of one latin-1 text file: ``line_number`` (from 1) and ``text``; blank lines are left out.

    One task reads the file from its beginning to its end, whatever its size: that is what numbers the lines.
    """
    return (
        spark.read.text(path)
        .coalesce(1)
        .select(
            (F.monotonically_increasing_id() + 1).alias("line_number"),
            # Spark keeps the bytes as they are and only assumes UTF-8; they can still be read as latin-1.
            F.decode(F.col("value").cast("binary"), "ISO-8859-1").alias("text"),
        )
        .where(F.trim("text") != "")
    )


def whole_number(text: Column, pattern: str = WHOLE_NUMBER, as_type: str = "int") -> Column:
    """``text`` as a whole number, null if it is anything else (signs, points and blanks included)."""
    return F.when(text.rlike(pattern), text.try_cast(as_type))


def first_reason(*checks: tuple[Column, str]) -> Column:
    """The reason of the first check that holds, null if none does."""
    return F.coalesce(*[F.when(condition, F.lit(reason)) for condition, reason in checks])


def rejected(parsed: DataFrame, file_name: str) -> DataFrame:
    """The lines that were set aside, with the columns of :data:`spark_jobs.schemas.REJECTS`."""
    return parsed.where(F.col("reason").isNotNull()).select(
        F.lit(file_name).alias("file"), "line_number", "reason", "text"
    )
