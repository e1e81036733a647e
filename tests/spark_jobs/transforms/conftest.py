"""Small frames for the transforms, written as rows or as the text of a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyspark.sql import DataFrame, SparkSession


@pytest.fixture
def as_lines(spark: SparkSession) -> Callable[..., DataFrame]:
    """Makes numbered lines, as ``read_lines`` gives them, of texts."""

    def make(*texts: str) -> DataFrame:
        return spark.createDataFrame(list(enumerate(texts, 1)), "line_number long, text string")

    return make
