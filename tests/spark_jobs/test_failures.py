"""One sentence instead of a Java stack trace."""

from __future__ import annotations

import pytest
from pyspark.errors import AnalysisException, PythonException
from pyspark.sql import SparkSession

from recommendations.search.connection import SearchError
from spark_jobs.failures import in_one_sentence
from spark_jobs.session import EXPECTED

FROM_AN_EXECUTOR = """
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "index_lifecycle.py", line 83, in load_documents
elasticsearch.helpers.BulkIndexError: 1 document(s) failed to index.

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "publish.py", line 50, in write_films
recommendations.search.index_lifecycle.IndexCheckError: movies-x refused document 7: strict_dynamic_mapping

	at org.apache.spark.api.python.BasePythonRunner.compute(PythonRunner.scala:1)
"""


def test_the_cause_on_the_executor_is_told():
    assert (
        in_one_sentence(PythonException(FROM_AN_EXECUTOR))
        == "movies-x refused document 7: strict_dynamic_mapping"
    )


def test_of_other_spark_errors_the_first_line_is_told():
    error = AnalysisException("[PATH_NOT_FOUND] Path does not exist: /x/ratings.\nJVM stacktrace:\n\tat org…")
    assert in_one_sentence(error) == "[PATH_NOT_FOUND] Path does not exist: /x/ratings."


@pytest.mark.parametrize(
    ("java", "sentence"),
    [
        (
            "org.apache.spark.SparkException: Job aborted due to stage failure: java.lang.StackOverflowError",
            "Job aborted due to stage failure: java.lang.StackOverflowError",
        ),
        ("java.lang.OutOfMemoryError: Java heap space", "Java heap space"),
        ("java.lang.StackOverflowError", "StackOverflowError"),
    ],
)
def test_what_java_refused_is_said_and_not_which_call(java, sentence):
    error = RuntimeError(f"An error occurred while calling o2029.fit.\n: {java}\n\tat java.base/java.io.X")
    assert in_one_sentence(error) == sentence


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (SearchError("first\nsecond"), "first"),
        (ValueError(), "ValueError"),
        (OSError(28, "No space"), "No space"),
        (OSError(28, "No space", "/models/v1"), "No space: /models/v1"),
    ],
)
def test_our_own_errors_keep_their_sentence(error, sentence):
    assert in_one_sentence(error) == sentence


@pytest.mark.spark
def test_a_real_failure_on_an_executor(spark: SparkSession):
    def refuse(rows: object) -> None:
        raise SearchError("the index refused it")

    with pytest.raises(EXPECTED) as failed:
        spark.range(2).foreachPartition(refuse)
    assert in_one_sentence(failed.value) == "the index refused it"
