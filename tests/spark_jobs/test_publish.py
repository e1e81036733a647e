"""Writing a model version into indices from real executors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pyspark.sql import SparkSession

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.people import KnownPeople
from recommendations.ranking.storage import save_artefact
from recommendations.search.bulk import Cluster
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import delete_indices
from spark_jobs import schemas
from spark_jobs.failures import in_one_sentence
from spark_jobs.progress import NullProgress
from spark_jobs.publish import genres_by_person, publish
from spark_jobs.session import EXPECTED
from tests.ranking.factories import PREDICTOR, make_artefact, make_people
from tests.search.indices import client_of, new_label

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]
ARTEFACT = make_artefact()
PEOPLE = make_people(ARTEFACT)


def write_tables(spark: SparkSession, folder: Path, films: int = 60) -> None:
    """Tables that fit the artefact; person 11 has no genre at all, since the films rated have none."""
    numbers = ARTEFACT.movie_ids.tolist()[:films]
    movies = [
        {
            "movie_id": n,
            "key": str(n),
            "original_title": f"Film {n}",
            "title": f"Film {n}",
            "year": 1990,
            "genres": ["Drama"],
        }
        for n in numbers
    ]
    statistics = [(n, 0, None if n == 3 else 3.5, 0, 0.0, [0] * 5) for n in numbers]
    profiles = [(user, "War", 4.0, 3, 0.25) for user in PEOPLE.user_ids.tolist() if user != 11]
    profiles += [(21, "Action", 2.0, 1, -0.5)]
    for rows, schema, name in (
        (movies, schemas.MOVIES, "parsed/movies"),
        (statistics, schemas.MOVIE_STATISTICS, "profiles/movie_statistics"),
        (profiles, schemas.GENRE_PROFILES, "profiles/genre_profiles"),
    ):
        spark.createDataFrame(rows, schema).write.parquet(str(folder / name))


class Heard(NullProgress):
    """What publishing says of its progress."""

    def __init__(self) -> None:
        self.events: list[tuple[float | None, int | None, str | None]] = []

    def update(
        self, *, percent: float | None = None, rows: int | None = None, detail: str | None = None
    ) -> None:
        """Keep it."""
        self.events.append((percent, rows, detail))


def publish_to(
    spark: SparkSession,
    url: str,
    folder: Path,
    artefact: Artefact,
    label: str,
    progress: NullProgress | None = None,
) -> dict[str, int]:
    model = folder / "models" / label
    save_artefact(artefact, PEOPLE, PREDICTOR, model, {})
    return publish(
        spark,
        parsed_dir=folder / "parsed",
        profiles_dir=folder / "profiles",
        model_dir=model,
        cluster=Cluster(url),
        label=label,
        progress=progress or NullProgress(),
    )


def taste_of(people: KnownPeople, user_id: int) -> list[float]:
    return fold_in(ARTEFACT, *people.person(user_id)).vector.tolist()


def test_every_film_and_every_person_is_written(spark, tmp_path, elasticsearch_url):
    label = new_label()
    write_tables(spark, tmp_path)
    heard = Heard()
    counts = publish_to(spark, elasticsearch_url, tmp_path, ARTEFACT, label, heard)
    percents = [percent for percent, _, _ in heard.events]
    assert percents == sorted(percents)
    assert (40.0, 60, f"movies-{label}") in heard.events
    assert (90.0, 40, f"user_profiles-{label}") in heard.events
    assert counts == {f"movies-{label}": 60, f"user_profiles-{label}": 40}
    with client_of(elasticsearch_url) as client:
        for index, count in counts.items():
            assert client.count(index=index)["count"] == count
        film = client.get(index=f"movies-{label}", id="3")["_source"]
        assert (film["title"], film["mean_stars"], film["genres"]) == ("Film 3", None, ["Drama"])
        person = client.get(index=f"user_profiles-{label}", id="21")["_source"]
        assert person["genres"] == [
            {"genre": "Action", "mean": 2.0, "count": 1, "affinity": -0.5},
            {"genre": "War", "mean": 4.0, "count": 3, "affinity": 0.25},
        ]
        np.testing.assert_allclose(person["taste"], taste_of(PEOPLE, 21), rtol=1e-5, atol=1e-6)
        without_genres = client.get(index=f"user_profiles-{label}", id="11")["_source"]
        assert without_genres["genres"] == []
        assert len(without_genres["seen"]) == PEOPLE.starts[1]
        delete_indices(client, [label])


def test_a_film_that_is_missing_is_noticed(spark, tmp_path, elasticsearch_url):
    label = new_label()
    write_tables(spark, tmp_path, films=59)
    with pytest.raises(
        SearchError, match=f"movies-{label} holds 59 documents, 60 were sent; nothing was switched"
    ):
        publish_to(spark, elasticsearch_url, tmp_path, ARTEFACT, label)
    with client_of(elasticsearch_url) as client:
        delete_indices(client, [label])


def test_a_document_that_is_refused_is_told_in_one_sentence(spark, tmp_path, elasticsearch_url):
    """A decade beyond a short: refused by the node, on an executor."""
    label = new_label()
    write_tables(spark, tmp_path)
    damaged = replace(ARTEFACT, decades=np.full(60, 40_000, np.int32))
    with pytest.raises(EXPECTED) as refused:
        publish_to(spark, elasticsearch_url, tmp_path, damaged, label)
    assert f"movies-{label} refused document " in in_one_sentence(refused.value)
    assert "decade" in in_one_sentence(refused.value)
    with client_of(elasticsearch_url) as client:
        delete_indices(client, [label])


def test_folders_with_brackets_are_folders_and_no_patterns(spark, tmp_path):
    folder = tmp_path / "a [strange] home*"
    write_tables(spark, folder)
    rows = genres_by_person(spark, folder / "profiles", [11, 21]).collect()
    assert {row.user_id: [genre["genre"] for genre in row.genres] for row in rows} == {
        11: [],
        21: ["Action", "War"],
    }
