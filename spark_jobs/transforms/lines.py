"""Text lines with their numbers, and what the parsers of the three files share."""

from __future__ import annotations

from pathlib import Path

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  (the usual alias of PySpark code)

from spark_jobs.data_files import spark_path

# Nine digits always fit into an int, eighteen into 64 bits.
WHOLE_NUMBER = r"^[0-9]{1,9}$"
KEY_NUMBER, TOO_LONG_NUMBER = r"^[0-9]{1,18}$", r"^[0-9]{19,}$"
# Seconds since 1970; the ten digits of today and some more.
TIMESTAMP = r"^[0-9]{1,12}$"
# Spark never splits a file below what it thinks opening one costs (spark.sql.files.openCostInBytes).
_SURELY_ONE_BLOCK = 4 << 20


def read_lines(spark: SparkSession, path: Path, encoding: str = "ISO-8859-1") -> DataFrame:
    """The lines of one text file in latin-1 or UTF-8: ``line_number`` (from 1) and ``text``; blank lines are left out.

    Spark reads a large file in blocks, in parallel; the number of a line is then its place in its block plus
    the lines of the blocks before.
    """
    raw = spark.read.text(spark_path(path)).select(
        F.monotonically_increasing_id().alias("place"),
        F.col("_metadata.file_block_start").alias("block"),
        # Spark keeps the bytes as they are and only assumes UTF-8; they can still be read as latin-1.
        F.regexp_replace(F.decode(F.col("value").cast("binary"), encoding), "^\ufeff", "").alias("text"),
    )
    offset = F.lit(1)
    if path.stat().st_size > _SURELY_ONE_BLOCK:
        offset = _offsets(raw)
    return raw.select((F.col("place") + offset).alias("line_number"), "text").where(F.trim("text") != "")


def _offsets(raw: DataFrame) -> Column:
    """What to add to the ``place`` of a row so that lines count from 1 over all blocks."""
    blocks = raw.groupBy("block").agg(F.count("*").alias("lines"), F.min("place").alias("first")).collect()
    offset, before = F.lit(None).cast("long"), 0
    for block in sorted(blocks, key=lambda row: row["block"]):
        here = F.lit(before - block["first"] + 1)
        offset = F.when(F.col("block") == block["block"], here).otherwise(offset)
        before += block["lines"]
    return offset


def whole_number(text: Column, pattern: str = WHOLE_NUMBER, as_type: str = "int") -> Column:
    """``text`` as a whole number, null if it is anything else (signs, points and blanks included)."""
    return F.when(text.rlike(pattern), text.try_cast(as_type))


def first_reason(*checks: tuple[Column, str]) -> Column:
    """The reason of the first check that holds, null if none does."""
    return F.coalesce(*[F.when(condition, F.lit(reason)) for condition, reason in checks])


def rejected(parsed: DataFrame, file_name: str) -> DataFrame:
    """The lines that were set aside, with the columns file, line_number (from 1), reason and text."""
    file = F.col("file") if "file" in parsed.columns else F.lit(file_name)
    return parsed.where(F.col("reason").isNotNull()).select(
        file.alias("file"), "line_number", "reason", "text"
    )
