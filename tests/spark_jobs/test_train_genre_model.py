"""The entry point of training, on a small made-up MovieLens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from recommendations.ranking.parameters import LIKES
from recommendations.ranking.storage import load_artefact, read_manifest
from spark_jobs import train_genre_model
from spark_jobs.ingest import ingest
from spark_jobs.profiles import build_profiles
from spark_jobs.progress import parse_event
from spark_jobs.train_genre_model import STEPS, main
from tests.sample_data import write_sample

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def tables(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Spark would take the brackets for a pattern.
    folder = tmp_path_factory.mktemp("entry") / "tables [1]"
    ingest(spark, write_sample(folder / "data", people=40, films=50), folder / "parsed")
    build_profiles(spark, folder / "parsed", folder / "profiles")
    return folder


@pytest.fixture(autouse=True)
def _small_models(monkeypatch):
    small = LIKES.adjusted(als={"rank": 4, "iterations": 2}, demographic={"trees": 10, "leaf_sizes": (5, 10)})
    monkeypatch.setitem(train_genre_model.BY_WEIGHTING, "likes", small)


def run(tables: Path, models: Path, capsys, *more: str) -> tuple[int, list[dict[str, Any]]]:
    arguments = ["--parsed", tables / "parsed", "--profiles", tables / "profiles", "--models", models]
    code = main([*map(str, arguments), "--version", "v1", "--master", "local[2]", *more])
    lines = capsys.readouterr().out.splitlines()
    return code, [event for line in lines if (event := parse_event(line))]


def test_a_model_is_trained_saved_and_reported(tables, tmp_path, capsys):
    code, events = run(tables, tmp_path, capsys, "--seed", "5")
    assert code == 0
    result = events[-1]
    assert (result["event"], result["version"]) == ("result", "v1")
    assert result["forest"].keys() >= {"leaf_size", "rmse", "baseline_rmse"}
    told = [event["detail"] for event in events if event["event"] == "progress" and event["detail"]]
    assert told == [*STEPS, "saved"]
    percents = [event["percent"] for event in events[:-1]]
    assert percents == sorted(percents)
    artefact, people = load_artefact(tmp_path / "v1")
    assert len(artefact.movie_ids) == 50
    assert len(people.user_ids) == 40
    manifest = read_manifest(tmp_path / "v1")
    assert manifest["seed"] == 5
    assert manifest["metrics"]["people"] == 40
    assert json.dumps(manifest)

    # A version is written once.
    code, events = run(tables, tmp_path, capsys)
    assert code == 2
    assert events[-1]["event"] == "error"
    assert "model version v1 exists already" in events[-1]["message"]


def test_tables_that_are_missing_are_one_clear_error(tables, tmp_path, capsys, spark):
    code, events = run(tmp_path / "nothing", tmp_path / "models", capsys)
    assert code == 2
    assert events[-1]["event"] == "error"
    assert "nothing/parsed/ratings" in events[-1]["message"]
    assert "\n" not in events[-1]["message"]
    assert not (tmp_path / "models").exists()
