"""Training on data that lack something: what a version then has, and that it ranks all the same."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.blocks.ease import EaseParameters
from recommendations.ranking.blocks.sequence import SequenceParameters
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.parameters import LIKES
from recommendations.ranking.recommender import Recommender
from recommendations.ranking.storage import load_artefact, read_manifest, save_artefact
from spark_jobs.data_files import read_data_set
from spark_jobs.ingest import ingest
from spark_jobs.profiles import build_profiles
from spark_jobs.training import ways
from spark_jobs.training.model import TrainingTables, train_model
from tests.sources_data import write_ml_csv, write_own

pytestmark = pytest.mark.spark
FAST = LIKES.adjusted(als={"rank": 4, "iterations": 2})


def trained(spark, data, folder):
    ingest(spark, data, folder / "parsed")
    build_profiles(spark, folder / "parsed", folder / "profiles")
    names = {
        name: spark.read.parquet(str(folder / "parsed" / name)) for name in ("ratings", "movies", "users")
    }
    tables = TrainingTables(
        **names,
        genre_profiles=spark.read.parquet(str(folder / "profiles" / "genre_profiles")),
        data=read_data_set(folder / "parsed"),
    )
    return train_model(tables, FAST, version="v1")


def test_half_stars_without_people_over_the_people(spark, tmp_path, monkeypatch):
    monkeypatch.setattr(ways, "SMALL_FILMS", 10)
    model = trained(spark, write_ml_csv(tmp_path / "ml-latest-small"), tmp_path)
    assert model.report["blocks"] == ["ease", "als", "sequence", "early", "kinds", "stars", "tower"]
    assert model.report["data_set"] == "ml-latest-small"
    assert model.report["ways"]["ease"]["way"] == "dual"
    assert not model.artefact.parameters.has(Demographic)
    assert model.artefact.genres.shape == (40, 5)
    _, history = model.people.person(1)
    assert set((history.stars * 2 % 2).tolist()) == {0.0, 1.0}
    save_artefact(model.artefact, model.people, model.files, tmp_path / "models" / "v1", {})
    manifest = read_manifest(tmp_path / "models" / "v1")
    assert manifest["data"]["star_step"] == 0.5
    assert sorted(manifest["files"]) == ["items.npz", "people.npz"]
    artefact, people = load_artefact(tmp_path / "models" / "v1")
    assert artefact.data == model.artefact.data
    films = Recommender(artefact).recommend({1: 4.5, 4: 5}, 5, demographics=Demographics(30))
    assert len(films) == 5
    assert all(np.isfinite(film.score) for film in films)
    assert people.number_of("30") == 30


def test_without_times_and_films_nothing_is_recent_and_there_is_no_genre(spark, tmp_path):
    model = trained(spark, write_own(tmp_path / "own", times=False, films=False), tmp_path)
    assert model.report["blocks"] == ["ease", "als", "early", "stars"]
    parameters = model.artefact.parameters
    assert parameters.of(EaseParameters).recency is None
    assert not any(isinstance(own, SequenceParameters) for own in parameters.blocks)
    assert model.artefact.data.lacks == ("people", "times", "genres")
    number = model.people.number_of("user-3")
    assert model.people.key_of(number) == "user-3"
    assert model.people.number_of("3") is None
