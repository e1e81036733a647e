"""Facts from elsewhere fill in what the data do not know, and nothing else."""

import json

import pytest
from pyspark.sql import functions as F

from spark_jobs import schemas
from spark_jobs.facts import with_facts

pytestmark = pytest.mark.spark


def test_what_the_data_lack_comes_from_elsewhere(spark, tmp_path):
    nothing = [None] * (len(schemas.MOVIES.fields) - 8)
    rows = [
        (1, "a", "A", "A", 1990, None, None, ["Drama"], *nothing),
        (2, "b", "B", "B", 1990, None, None, ["Drama"], *nothing),
    ]
    movies = spark.createDataFrame(rows, schemas.MOVIES)
    lines = [
        {"dataset": "club", "key": "a", "facts": {"overview": "First.", "cast": ["Ana Ruiz"]}},
        {"dataset": "club", "key": "a", "facts": {"overview": "Second.", "runtime": 90}},
        {"dataset": "other", "key": "b", "facts": {"overview": "Of other data."}},
    ]
    path = tmp_path / "facts.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = {row["key"]: row for row in with_facts(movies, path, "club").collect()}
    assert (found["a"]["overview"], found["a"]["cast"], found["a"]["runtime"]) == ("First.", ["Ana Ruiz"], 90)
    assert found["b"]["overview"] is None
    own = movies.withColumn("overview", F.col("title"))
    assert with_facts(own, path, "club").where("key = 'a'").first()["overview"] == "A"
    assert with_facts(movies, None, "club") is movies
