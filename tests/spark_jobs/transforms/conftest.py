"""Small frames for the transforms, written as rows or as the text of a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyspark.sql import DataFrame, SparkSession

from spark_jobs import schemas


@pytest.fixture
def as_lines(spark: SparkSession) -> Callable[..., DataFrame]:
    """Makes numbered lines, as ``read_lines`` gives them, of texts."""

    def make(*texts: str) -> DataFrame:
        return spark.createDataFrame([(number, text) for number, text in enumerate(texts, 1)], schemas.LINES)

    return make
