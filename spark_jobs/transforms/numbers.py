"""Numbers for keys. The site, the indices and the model know people and films by numbers below 2³¹.

A key that is a number of at most eight digits keeps it, so that the films of MovieLens have the numbers that everybody
knows. Any other key (words, leading zeros, 64 bits) gets the next free one from :data:`spark_jobs.key_numbers.FIRST_GIVEN` on, once for good: what
was given before comes in, and what is given now goes out, to be kept in the database.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_jobs.key_numbers import Numbers

OWN_NUMBER = r"^(0|[1-9][0-9]{0,7})$"


def with_numbers(frame: DataFrame, key: str, number: str, kind: str, numbers: Numbers) -> DataFrame:
    """Adds the column ``number`` for the column ``key``; new keys are given theirs now, after one pass over the frame."""
    others = frame.where(~F.col(key).rlike(OWN_NUMBER)).select(key).distinct()
    found = [row[0] for row in others.collect()]
    own = own_number(F.col(key))
    if not found:
        return frame.withColumn(number, own)
    numbers.give(kind, found)
    pairs = [(text, numbers.given[kind][text]) for text in found]
    table = frame.sparkSession.createDataFrame(pairs, f"{key} string, given int")
    joined = frame.join(F.broadcast(table), key, "left")
    return joined.withColumn(number, F.coalesce(own, "given")).drop("given")


def own_number(key: Column) -> Column:
    """The number that a key is, null for any other key."""
    return F.when(key.rlike(OWN_NUMBER), key.try_cast("int"))
