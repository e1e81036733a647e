"""A whole training run on a small made-up MovieLens: shapes, facts, determinism, and what it learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from pyspark.sql import SparkSession

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.als import Als
from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.blocks.early import Early
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.blocks.stars import Stars
from recommendations.ranking.blocks.tower import Tower
from recommendations.ranking.content import FilmContent
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.parameters import LIKES
from recommendations.ranking.people import EMPTY_HISTORY, History
from recommendations.ranking.score import make_plan, score_films
from recommendations.ranking.storage import load_artefact, save_artefact
from spark_jobs.ingest import ingest
from spark_jobs.profiles import build_profiles
from spark_jobs.training import ways
from spark_jobs.training.limits import Limits
from spark_jobs.training.model import TrainedModel, TrainingTables, train_model
from tests.sample_data import TASTES, write_sample

pytestmark = pytest.mark.spark
FILMS, RANK = 80, 8
TWINS = (5, 9)
FAST = LIKES.adjusted(
    ease={"ridge": 20.0},
    als={"rank": RANK, "iterations": 4},
    demographic={"trees": 20, "leaf_sizes": (5, 10), "rank": 3},
)


@pytest.fixture(scope="module")
def tables(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> TrainingTables:
    folder = tmp_path_factory.mktemp("training")
    data = write_sample(folder / "data", films=FILMS)
    lines = (data / "u.item").read_bytes().splitlines(keepends=True)
    kept, second = (lines[number - 1].split(b"|") for number in TWINS)
    lines[TWINS[1] - 1] = b"|".join([second[0], *kept[1:4], *second[4:]])
    (data / "u.item").write_bytes(b"".join(lines))
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


def arrays_of(artefact: Artefact) -> dict[str, np.ndarray]:
    """Every array of the films and of the blocks, by name."""
    facts = {field.name: getattr(artefact, field.name) for field in fields(Artefact)}
    own = {name: value for name, value in facts.items() if isinstance(value, np.ndarray)}
    return own | {
        f"{block.name}.{name}": array for block in artefact.blocks for name, array in block.arrays().items()
    }


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


def test_a_film_that_the_data_has_twice_keeps_both_rows_and_is_told(model):
    first, second = (int(model.artefact.rating_count[number - 1]) for number in TWINS)
    kept, other = TWINS if first >= second else TWINS[::-1]
    assert model.artefact.twins == {other: kept}
    assert {kept, other} <= set(model.artefact.movie_ids.tolist())


def test_shapes_and_that_every_number_is_finite(model):
    artefact, count = model.artefact, FILMS + 1
    widths = {name: part.stop - part.start for name, part in artefact.spans.items()}
    kinds = len(GENRES) + len(set(artefact.decades.tolist()) - {0})
    assert widths == {
        "ease": 64,
        "als": RANK,
        "sequence": 64,
        "demographic": 3,
        "early": 15,
        "kinds": kinds,
        "stars": 0,
        "tower": 0,
    }
    for name, value in arrays_of(artefact).items():
        assert value.dtype.kind == "U" or np.isfinite(value).all(), name
        block, _, array = name.partition(".")
        of_few = ("demographic", "kinds", "stars", "tower")
        if block not in of_few or array in ("items", "films", "covariances"):
            assert len(value) == count, name
    assert artefact.block(Ease).fold.shape == (count, 64)
    assert artefact.block(Ease).intercept.min() == 0
    assert artefact.item_vectors.dtype == np.float32


def test_a_film_that_nobody_rated_has_the_coordinates_of_its_content(model, tables):
    artefact = model.artefact
    assert artefact.like_share[FILMS] == 0 == artefact.rating_count[FILMS]
    film = tables.movies.orderBy("movie_id").toPandas().iloc[FILMS]
    predicted = artefact.block(Tower).arrays_of([FilmContent(tuple(film.genres), int(film.year))])
    for block, array in ((Ease, "items"), (Als, "items"), (Early, "items"), (Stars, "films")):
        own = getattr(artefact.block(block), array)
        np.testing.assert_allclose(own[FILMS], predicted[block.name][array][0], rtol=1e-4, atol=1e-6)
        assert own.any(axis=1).all()


def test_the_steps_are_told_in_order(model, steps):
    assert steps == [
        "histories",
        "Gram matrices",
        "EASE",
        "ALS",
        "sequence",
        "demographics",
        "early taste",
        "genres and decades",
        "predicted stars",
        "new films",
    ]


def test_the_report(model):
    report = model.report
    assert (report["people"], report["films"]) == (60, FILMS + 1)
    assert report["blocks"] == ["ease", "als", "sequence", "demographic", "early", "kinds", "stars", "tower"]
    assert report["forest"]["leaf_size"] in (5, 10)
    assert 0 < report["forest"]["rmse"] < 2
    assert report["forest"]["baseline_rmse"] > 0
    exact = {"way": "exact", "films": FILMS + 1, "of_films": FILMS + 1, "share_of_ratings": 1.0}
    assert report["ways"] == {"ease": exact, "sequence": exact}


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


def test_too_many_films_for_the_memory_leave_no_block_out(tables, model, monkeypatch, tmp_path):
    """Room for half of the films: these are solved, and the others are reached through ALS."""
    monkeypatch.setattr(ways, "FEWEST_FILMS", 10)
    large = train_model(tables, FAST, version="large", seed=3, limits=Limits(head_bytes=3 * 8 * 40**2))
    assert large.report["blocks"] == model.report["blocks"]
    for name in ("ease", "sequence"):
        found = large.report["ways"][name]
        assert (found["way"], found["films"], found["of_films"]) == ("head", 40, FILMS + 1)
        assert 0.5 < found["share_of_ratings"] < 1
    best_known = np.argsort(-large.artefact.rating_count, kind="stable")
    ease = large.artefact.block(Ease)
    assert ease.items[best_known[40:70]].any(axis=1).all()
    assert ease.fold[best_known[40:70]].any(axis=1).all()
    assert ease.intercept.min() == 0
    folder = tmp_path / "large"
    save_artefact(large.artefact, large.people, large.files, folder, {})
    artefact, people = load_artefact(folder)
    for user_id in people.user_ids.tolist():
        demographics, history = people.person(user_id)
        for told in (history, History(history.items[:3], history.stars[:3]), EMPTY_HISTORY):
            scores = score_films(artefact, make_plan(fold_in(artefact, demographics, told), Dials()))
            assert np.isfinite(scores).all()
            assert scores.std() > 0


def test_newcomers_differ_by_their_demographics(model):
    young_man, older_woman = (
        model.artefact.block(Demographic).predict(Demographics(age, gender)).coordinates
        for age, gender in ((20, "M"), (60, "F"))
    )
    assert np.linalg.norm(young_man - older_woman) > 0.05
    taste = fold_in(model.artefact, Demographics(20, "M"), EMPTY_HISTORY)
    assert taste.vector[model.artefact.spans["demographic"]].any()


def test_the_same_seed_gives_the_same_model(model, tables):
    again = train_model(tables, FAST, version="v1", seed=3)
    others = arrays_of(again.artefact)
    for name, value in arrays_of(model.artefact).items():
        np.testing.assert_array_equal(others[name], value, err_msg=name)
    somebody = Demographics(44, "F", "artist")
    np.testing.assert_array_equal(
        again.artefact.block(Demographic).predict(somebody).coordinates,
        model.artefact.block(Demographic).predict(somebody).coordinates,
    )
    assert again.report == model.report


def test_no_ratings_are_refused(tables):
    with pytest.raises(ValueError, match="no ratings"):
        train_model(replace(tables, ratings=tables.ratings.where("false")), FAST, version="v1")
