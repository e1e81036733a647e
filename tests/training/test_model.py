"""A whole training run on a small made-up MovieLens: shapes, facts, determinism, and what it learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from pyspark.sql import SparkSession

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.history import EMPTY_HISTORY, History
from recommendations.ranking.parameters import LIKES
from recommendations.ranking.score import make_plan, score_films
from recommendations.ranking.storage import load_artefact, save_artefact
from spark_jobs.ingest import ingest
from spark_jobs.profiles import build_profiles
from spark_jobs.training import model as training
from spark_jobs.training.als import als_item_factors
from spark_jobs.training.model import TrainedModel, TrainingTables, like_coordinates, train_model
from spark_jobs.training.predictor_file import dump_predictor
from tests.ranking.factories import make_artefact, make_people
from tests.sample_data import TASTES, write_sample

pytestmark = pytest.mark.spark
FILMS, RANK = 80, 8
FAST = replace(
    LIKES,
    ease_ridge=20.0,
    als_rank=RANK,
    als_iterations=4,
    forest_trees=20,
    forest_leaf_sizes=(5, 10),
    demographic_rank=3,
)


@pytest.fixture(scope="module")
def tables(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> TrainingTables:
    folder = tmp_path_factory.mktemp("training")
    data = write_sample(folder / "data", films=FILMS)
    # A film that nobody rated, at the end.
    with (data / "u.item").open("ab") as items:
        items.write(f"{FILMS + 1}|Unseen (1997)|01-Jan-1997|||0|1{'|0' * 17}\n".encode())
    ingest(spark, data, folder / "parsed")
    build_profiles(spark, folder / "parsed", folder / "profiles")
    return read_tables(spark, folder)


def read_tables(spark: SparkSession, folder: Path) -> TrainingTables:
    def parquet(name: str) -> Callable[[], object]:
        return spark.read.parquet(str(folder / name))

    return TrainingTables(
        ratings=parquet("parsed/ratings"),
        movies=parquet("parsed/movies"),
        users=parquet("parsed/users"),
        genre_profiles=parquet("profiles/genre_profiles"),
    )


@pytest.fixture(scope="module")
def steps() -> list[str]:
    return []


@pytest.fixture(scope="module")
def model(tables: TrainingTables, steps: list[str]) -> TrainedModel:
    return train_model(tables, FAST, version="v1", seed=3, notify=steps.append)


def test_the_facts_about_films(model, tables):
    artefact = model.artefact
    films = tables.movies.orderBy("movie_id").toPandas()
    ratings = tables.ratings.toPandas()
    assert artefact.movie_ids.tolist() == list(range(1, FILMS + 2))
    counted = ratings.groupby("movie_id").size().reindex(artefact.movie_ids, fill_value=0)
    liked = ratings[ratings.stars >= 4].groupby("movie_id").size().reindex(artefact.movie_ids, fill_value=0)
    assert artefact.rating_count.tolist() == counted.tolist()
    np.testing.assert_allclose(artefact.like_share, liked / ratings.user_id.nunique(), rtol=1e-6)
    for row, film in films.iterrows():
        assert {GENRES[column] for column in np.flatnonzero(artefact.genres[row])} == set(film.genres)
    assert artefact.decades[6] == 0  # film 7 has no year
    assert artefact.decades[FILMS] == 1990
    assert set(artefact.decades.tolist()) <= {0, 1950, 1960, 1970, 1980, 1990}


def test_shapes_and_that_every_number_is_finite(model):
    artefact, count = model.artefact, FILMS + 1
    widths = {name: part.stop - part.start for name, part in artefact.blocks.items()}
    assert widths == {"ease": 64, "als": RANK, "sequence": 64, "demographic": 3, "early": 15}
    for field in fields(Artefact):
        value = getattr(artefact, field.name)
        if isinstance(value, np.ndarray):
            assert len(value) == count, field.name
            assert np.isfinite(value).all(), field.name
    assert artefact.ease_fold.shape == (count, 64)
    assert artefact.item_vectors.dtype == np.float32


def test_a_film_that_nobody_rated_has_no_factors(model):
    artefact = model.artefact
    assert not artefact.als_items[FILMS].any()
    assert artefact.als_items[:FILMS].any(axis=1).all()
    assert artefact.like_share[FILMS] == 0 == artefact.rating_count[FILMS]
    assert np.abs(artefact.early_items[FILMS]).max() < 1e-5


def test_the_steps_are_told_in_order(model, steps):
    assert steps == ["histories", "Gram matrices", "EASE", "sequence", "ALS", "newcomers", "forest"]


def test_the_report(model):
    report = model.report
    assert (report["people"], report["films"]) == (60, FILMS + 1)
    assert report["blocks"] == ["ease", "als", "sequence", "demographic", "early"]
    assert report["forest"]["leaf_size"] in (5, 10)
    assert 0 < report["forest"]["rmse"] < 2
    assert report["forest"]["baseline_rmse"] > 0


def test_known_people_get_films_of_their_taste(model):
    """The made-up people like one of four groups of genres; most of the unseen top ten must be of it."""
    artefact, people, hits = model.artefact, model.people, []
    for user_id in people.user_ids.tolist():
        demographics, history = people.person(user_id)
        loved = artefact.genres[history.items[history.stars >= 4]].sum(axis=0)
        groups = [sum(loved[GENRES.index(genre)] for genre in taste) for taste in TASTES]
        wanted = [GENRES.index(genre) for genre in TASTES[int(np.argmax(groups))]]
        scores = score_films(artefact, make_plan(fold_in(artefact, demographics, history), Dials()))
        scores[history.items] = -np.inf
        top = np.argsort(-scores)[:10]
        hits.append(artefact.genres[top][:, wanted].any(axis=1).mean())
    by_chance = np.mean(
        [artefact.genres[:, [GENRES.index(g) for g in taste]].any(axis=1).mean() for taste in TASTES]
    )
    assert np.mean(hits) > by_chance + 0.15


def test_too_many_films_for_the_solves_leave_als_and_demographics(tables, monkeypatch, tmp_path):
    monkeypatch.setattr(training, "MAX_FILMS_FOR_SOLVES", FILMS)
    large = train_model(tables, FAST, version="large", seed=3)
    assert large.report["blocks"] == ["als", "demographic"]
    folder = tmp_path / "large"
    save_artefact(large.artefact, large.people, dump_predictor(large.forest), folder, {})
    artefact, people = load_artefact(folder)
    for user_id in people.user_ids.tolist():
        demographics, history = people.person(user_id)
        for told in (history, History(history.items[:3], history.stars[:3]), EMPTY_HISTORY):
            scores = score_films(artefact, make_plan(fold_in(artefact, demographics, told), Dials()))
            assert np.isfinite(scores).all()
            assert scores.std() > 0


def test_newcomers_differ_by_their_demographics(model):
    young_man, older_woman = (
        model.artefact.newcomers.predict(Demographics(age, gender)).coordinates
        for age, gender in ((20, "M"), (60, "F"))
    )
    assert np.linalg.norm(young_man - older_woman) > 0.05
    taste = fold_in(model.artefact, Demographics(20, "M"), EMPTY_HISTORY)
    assert taste.vector[model.artefact.blocks["demographic"]].any()


def test_the_same_seed_gives_the_same_model(model, tables):
    again = train_model(tables, FAST, version="v1", seed=3)
    for field in fields(Artefact):
        value = getattr(model.artefact, field.name)
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(again.artefact, field.name), value, err_msg=field.name)
    somebody = Demographics(44, "F", "artist")
    np.testing.assert_array_equal(
        again.artefact.newcomers.predict(somebody).coordinates,
        model.artefact.newcomers.predict(somebody).coordinates,
    )
    assert again.report == model.report


def test_another_seed_gives_other_factors(spark):
    rows = [(1, 0, 5), (1, 1, 1), (2, 1, 4), (2, 2, 5), (3, 0, 5)]
    frame = spark.createDataFrame(rows, "user_id int, item int, stars int")
    small = replace(FAST, als_rank=3)
    first, other = (als_item_factors(frame, 5, small, seed) for seed in (1, 2))
    assert first.shape == (5, 3)
    assert first.dtype == np.float32
    assert not first[3:].any()
    assert not np.array_equal(first, other)


def test_als_tells_a_dislike_from_a_preference(spark):
    """Everybody gives film 0 five stars; half of the people love film 1, and the others film 2 and dislike 1."""
    stars = {True: {0: 5, 1: 5, 2: 1}, False: {0: 5, 1: 1, 2: 5}}
    rows = [(user, item, given) for user in range(20) for item, given in stars[user < 10].items()]
    frame = spark.createDataFrame(rows, "user_id int, item int, stars int")
    factors = als_item_factors(frame, 3, replace(FAST, als_rank=2, als_iterations=10), 0).astype(float)
    assert factors[1] @ factors[2] < 0.3 * min(factors[1] @ factors[1], factors[2] @ factors[2])


def test_people_and_films_without_a_preference_do_not_stop_als(spark):
    """Fewer people than factors, somebody who dislikes everything, and a film that everybody dislikes."""
    rows = [(user, item, 5) for user in range(5) for item in range(3)]
    rows += [(user, 3, 1) for user in range(5)] + [(5, item, 1) for item in range(4)]
    frame = spark.createDataFrame(rows, "user_id int, item int, stars int")
    factors = als_item_factors(frame, 4, replace(FAST, als_rank=16), 0)
    assert np.isfinite(factors).all()
    assert factors[:3].any(axis=1).all()
    assert not factors[3].any()


def test_no_ratings_are_refused(tables):
    with pytest.raises(ValueError, match="no ratings"):
        train_model(replace(tables, ratings=tables.ratings.where("false")), FAST, version="v1")


def test_like_coordinates_project_each_persons_centred_likes():
    artefact = make_artefact()
    people = make_people(artefact)
    directions, share = np.random.default_rng(0).normal(size=(60, 2)), np.full(60, 0.1)
    likes = np.zeros((40, 60))
    for row, user_id in enumerate(people.user_ids.tolist()):
        _, history = people.person(user_id)
        likes[row, history.items[history.stars >= 4]] = 1
    np.testing.assert_allclose(like_coordinates(people, directions, share, 4), (likes - share) @ directions)
