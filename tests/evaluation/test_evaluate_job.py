"""The whole evaluation on the small made-up data: train, rank and measure, with both engines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyspark.sql import SparkSession

from recommendations.evaluation import protocols
from recommendations.evaluation.engines import NumpyEngine
from recommendations.evaluation.names import METRICS, PROTOCOLS, LeakError
from recommendations.evaluation.protocols import newcomer_splits, splits, warm_split
from recommendations.evaluation.targets import TASTE
from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.parameters import ANY, LIKES
from recommendations.ranking.score import make_plan, score_films
from recommendations.search.bulk import Cluster
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import labels_begun
from spark_jobs import evaluate as job
from spark_jobs.evaluate import EvaluationData, evaluate, evaluate_candidate, ranking_engine, train_on
from spark_jobs.ingest import ingest
from tests.evaluation.tables import sample_ratings
from tests.sample_data import write_sample
from tests.search.indices import client_of, new_label

pytestmark = pytest.mark.spark
SMALL = {
    "ease": {"ridge": 20.0},
    "als": {"rank": 8, "iterations": 3},
    "demographic": {"trees": 10, "leaf_sizes": (5,), "rank": 3},
}
PARAMETERS = {"likes": LIKES.adjusted(**SMALL), "any": ANY.adjusted(**SMALL)}
SETTINGS = [
    *("warm", "temporal", "cold", "onboarding-1", "onboarding-3", "onboarding-5", "onboarding-10"),
    *("global-time", "strong", "new-films"),
]


@pytest.fixture(scope="module")
def parsed(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    ingest(spark, write_sample(folder / "data"), folder / "parsed")
    return folder / "parsed"


@pytest.fixture(scope="module")
def data(spark: SparkSession, parsed: Path) -> EvaluationData:
    return EvaluationData.read(spark, parsed)


@pytest.fixture(scope="module")
def everything(spark: SparkSession, data: EvaluationData) -> dict:
    return evaluate(spark, data, protocols=PROTOCOLS, seeds=[1], k=5, parameters=PARAMETERS)


def test_the_tables_of_spark_are_those_of_the_protocols(data, tmp_path):
    assert data.ratings.astype("int64").equals(sample_ratings(tmp_path).astype("int64"))
    assert len(data.demographics) == 60


def test_every_protocol_measures_model_and_baselines(everything):
    assert list(everything["settings"]) == SETTINGS
    for name, setting in everything["settings"].items():
        systems = setting["systems"]
        assert next(iter(systems)) == "model"
        assert ("forest → genres" in systems) == (name == "cold")
        assert ("item-kNN" in systems) == (name not in ("cold", "new-films"))
        assert ("genre affinity" in systems) == (name == "new-films")
        # Of strong generalisation a fifth of the people is asked about, of a split by time who comes after it.
        assert setting["people"][0] > (5 if name in ("strong", "global-time") else 30)
        for measured in systems.values():
            assert set(measured) == set(METRICS)
            for metric in ("ndcg", "recall", "map", "mrr", "coverage", "diversity"):
                assert 0 <= measured[metric]["mean"] <= 1
        if name == "new-films":  # of which nobody likes any
            assert setting["ratio_to_like_share"] is None
        else:
            share = systems["like share"]["ndcg"]["mean"]
            assert setting["ratio_to_like_share"]["mean"] == pytest.approx(
                systems["model"]["ndcg"]["mean"] / share
            )
        groups = setting["groups"]
        genders = {"men", "women"}
        activities = {group for group in groups if "ratings" in group}
        for parts in (genders, set(groups) - genders - activities):
            assert sum(groups[group]["people"] for group in parts) == setting["people"][0]
        # Nothing was told of a newcomer.
        known = sum(groups[group]["people"] for group in activities)
        assert known == (0 if name == "cold" else setting["people"][0])
        assert everything["pairs_checked"][name] >= setting["people"][0]


def test_seeds_decide_the_figures(spark, data, everything):
    again = evaluate(spark, data, protocols=["temporal"], seeds=[1, 2], k=5, parameters=PARAMETERS)[
        "settings"
    ]
    figures = again["temporal"]["systems"]["model"]["ndcg"]
    before = everything["settings"]["temporal"]["systems"]["model"]["ndcg"]["mean"]
    assert figures["seeds"][0] == pytest.approx(before, abs=1e-9)
    assert len(figures["seeds"]) == 2
    assert figures["mean"] == pytest.approx(np.mean(figures["seeds"]))
    # The temporal split is always the same: what does not learn anything measures the same.
    popularity = again["temporal"]["systems"]["popularity"]["ndcg"]
    assert popularity["std"] == 0


def test_training_sees_the_train_part_only(spark, data):
    warm = warm_split(data.ratings, 4)
    model = train_on(spark, data, warm, PARAMETERS["any"], version="x")
    for user_id in model.people.user_ids.tolist():
        _, history = model.people.person(user_id)
        train = warm.train[warm.train["user_id"] == user_id]
        assert history.items.tolist() == train["item"].tolist()
    assert model.artefact.rating_count.sum() == len(warm.train)
    fold = next(newcomer_splits(data.ratings, 4, ("cold",)))
    model = train_on(spark, data, fold, PARAMETERS["likes"], version="x")
    assert not fold.held_out_people & set(model.people.user_ids.tolist())
    assert len(model.artefact.block(Demographic).people) == 60 - len(fold.held_out_people)


def test_genre_profiles_come_from_the_train_part(spark, data, monkeypatch):
    seen = {}

    def spy(tables, *arguments, **options):
        seen["counts"] = {
            (row.user_id, row.genre): row.rating_count for row in tables.genre_profiles.collect()
        }
        raise ValueError("enough")

    monkeypatch.setattr(job, "train_model", spy)
    split = warm_split(data.ratings, 4)
    with pytest.raises(ValueError, match="enough"):
        train_on(spark, data, split, PARAMETERS["any"], version="x")
    genres = {row.movie_id: row.genres for row in data.movies.collect()}
    train = split.train[split.train["user_id"] == 1]
    expected: dict[tuple[int, str], int] = {}
    for movie_id in train["movie_id"]:
        for genre in genres[movie_id]:
            expected[1, genre] = expected.get((1, genre), 0) + 1
    assert {key: count for key, count in seen["counts"].items() if key[0] == 1} == expected


def test_a_leak_stops_before_training(spark, data, monkeypatch):
    monkeypatch.setattr(
        protocols, "in_order", lambda ratings: data.ratings if len(ratings) < len(data.ratings) else ratings
    )
    monkeypatch.setattr(job, "train_on", lambda *a, **k: pytest.fail("trained on a leak"))
    with pytest.raises(LeakError):
        evaluate(spark, data, protocols=["warm"], seeds=[1], parameters=PARAMETERS)


def test_a_candidate_is_measured_beside_the_baselines(spark, parsed, everything):
    figures = evaluate_candidate(spark, parsed, PARAMETERS["likes"])
    assert {"model", "popularity"} <= set(figures["temporal"])
    for measures in figures["temporal"].values():
        assert set(measures) == set(METRICS)
        assert 0 < measures["ndcg"] <= 1
    assert set(figures["stars"]) == {"model", "biases"}
    assert 0 < figures["stars"]["model"]["rmse"] < 2
    assert set(figures["taste"]["model"]) <= set(TASTE)
    assert "horror for a child (low)" in figures["taste"]["model"]


def test_stars_are_predicted_over_five_folds_by_their_block_alone(everything, data):
    stars = everything["stars"]
    assert everything["pairs_checked"]["stars"] == len(data.ratings) == stars["ratings"][0]
    systems = {name: measured["rmse"]["mean"] for name, measured in stars["systems"].items()}
    # The made-up people have four tastes, of which biases know nothing.
    assert systems["model"] < systems["biases"]
    assert len(stars["tenths"]) == 10


@pytest.mark.elasticsearch
@pytest.mark.parametrize("protocol", ["temporal", "onboarding"])
def test_both_engines_rank_alike_and_leave_no_index(spark, data, elasticsearch_url, tmp_path, protocol):
    split = next(splits(data.ratings, (protocol,), 1))
    label = new_label()
    model = train_on(spark, data, split, PARAMETERS["likes"], version=label)
    artefact, numpy_engine = model.artefact, NumpyEngine(model.artefact)
    with ranking_engine(spark, data, split, model, Cluster(elasticsearch_url), tmp_path) as engine:
        for cases in split.questions.values():
            for case in cases:
                person = data.demographics[case.user_id]
                scores = score_films(artefact, make_plan(fold_in(artefact, person, case.history), Dials()))
                found, expected = engine.rank(case, person, 10), numpy_engine.rank(case, person, 10)
                # Scores and not films: films that score the same to the seventh digit may change places.
                assert scores[found] == pytest.approx(scores[expected], abs=1e-4)
                assert not set(found.tolist()) & set(case.excluded.tolist())
    assert list(tmp_path.iterdir()) == []
    with client_of(elasticsearch_url) as client:
        assert not [begun for begun in labels_begun(client) if begun.startswith(label)]


@pytest.mark.elasticsearch
def test_indices_go_when_ranking_fails(spark, data, elasticsearch_url, tmp_path, monkeypatch):
    label, alive = new_label(), []

    def failing(client, query):
        alive.extend(begun for begun in labels_begun(client) if begun.startswith(label))
        raise SearchError("the node stumbled")

    monkeypatch.setattr("recommendations.evaluation.engines.run_ranking", failing)
    with pytest.raises(SearchError, match="stumbled"):
        evaluate(
            spark,
            data,
            protocols=["temporal"],
            seeds=[1],
            cluster=Cluster(elasticsearch_url),
            label=label,
            work=tmp_path,
            parameters=PARAMETERS,
        )
    assert alive == [f"{label}-0"]
    with client_of(elasticsearch_url) as client:
        assert not [begun for begun in labels_begun(client) if begun.startswith(label)]
    assert list(tmp_path.iterdir()) == []
