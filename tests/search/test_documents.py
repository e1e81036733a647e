"""Documents of both indices."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import fold_in
from recommendations.search.documents import (
    fold_text,
    in_single_precision,
    movie_document,
    profile_document,
    suggestions,
    unit_item_vectors,
)
from tests.ranking.factories import history, make_artefact

ARTEFACT = make_artefact()
FACTS = {"title": "Amélie of Montmartre", "year": 1995, "genres": ["Comedy", "Romance"], "mean_stars": 4.25}


def test_unit_vectors_keep_the_inner_product():
    vectors = unit_item_vectors(ARTEFACT)
    assert vectors.shape == (60, 40)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)
    query = np.random.default_rng(0).normal(size=39)
    length = np.linalg.norm(query)
    dots = vectors @ np.append(query / length, 0)
    np.testing.assert_allclose(
        dots * length * ARTEFACT.max_norm, ARTEFACT.item_vectors @ query, rtol=1e-4, atol=1e-5
    )


def test_a_film_that_nobody_rated_has_a_unit_vector_too():
    vector = unit_item_vectors(ARTEFACT)[-1]
    assert not vector[:17].any()  # of what it is there is its kind alone
    assert np.linalg.norm(vector) == pytest.approx(1.0)


def test_numbers_travel_in_nine_digits_and_are_the_same_in_single_precision():
    chance = np.random.default_rng(0)
    values = chance.normal(size=2_000) * 10.0 ** chance.integers(-9, 6, 2_000)
    written = in_single_precision(np.concatenate([values, [0.0, -1.0, 1e9, 0.1]]))
    np.testing.assert_array_equal(
        np.float32(written), np.concatenate([values, [0.0, -1.0, 1e9, 0.1]]).astype(np.float32)
    )
    assert written[-4:] == [0.0, -1.0, 1e9, 0.100000001]
    assert max(len(str(number).replace("-", "").split("e")[0]) for number in written) <= 14


def test_a_film():
    row = 4
    document = movie_document(ARTEFACT, unit_item_vectors(ARTEFACT), row, FACTS)
    vector = document.pop("vector")
    assert len(vector) == 40
    assert {type(value) for value in vector} == {float}
    popularity = float(ARTEFACT.popularity[row])
    assert document == {
        "movie_id": 11,
        "title": "Amélie of Montmartre",
        "title_folded": "amelie of montmartre",
        "title_words": "amelie of montmartre",
        "beginnings": ["amelie of montmartre", "amelieofmontmartre"],
        "suggest": {"input": ["amelie of montmartre"], "weight": int(ARTEFACT.rating_count[row])},
        "year": 1995,
        "decade": int(ARTEFACT.decades[row]) or None,
        "genres": ["Comedy", "Romance"],
        "rating_count": int(ARTEFACT.rating_count[row]),
        "mean_stars": 4.25,
        "like_share": pytest.approx(float(ARTEFACT.like_share[row])),
        "intercept": pytest.approx(float(ARTEFACT.block(Ease).intercept[row])),
        "popularity": popularity,
        "obscurity": 1 - popularity,
    }


def test_a_film_without_a_year_has_no_decade():
    row = int(np.flatnonzero(ARTEFACT.decades == 0)[0])
    document = movie_document(ARTEFACT, unit_item_vectors(ARTEFACT), row, {**FACTS, "year": None})
    assert (document["year"], document["decade"]) == (None, None)


def test_a_person():
    seen = history((0, 5), (4, 2))
    somebody = Demographics(33, "F", "artist")
    taste = fold_in(ARTEFACT, somebody, seen)
    now = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
    document = profile_document(
        user_id="7",
        demographics=somebody,
        taste=taste,
        seen=ARTEFACT.movie_ids[seen.items],
        mean_stars=3.5,
        genres=[{"genre": "War", "mean": 4.0, "count": 1, "affinity": 0.1}],
        updated_at=now,
    )
    np.testing.assert_array_equal(np.float32(document.pop("taste")), taste.vector.astype(np.float32))
    assert document == {
        "user_id": "7",
        "is_site_user": False,
        "age": 33,
        "gender": "F",
        "occupation": "artist",
        "rating_count": 2,
        "mean_stars": 3.5,
        "genres": [{"genre": "War", "mean": 4.0, "count": 1, "affinity": 0.1}],
        "like_share_weight": pytest.approx(1.1),
        "intercept_weight": 0.0,
        "seen": [3, 11],
        "updated_at": "2026-05-17T12:30:00+00:00",
    }


@pytest.mark.parametrize(
    ("title", "folded"),
    [
        ("Été", "ete"),
        ("Straße", "strasse"),
        ("ALIEN³", "alien3"),
        ("Čapek's R.U.R.", "capek's r.u.r."),
        ("", ""),
    ],
)
def test_folding(title, folded):
    assert fold_text(title) == folded


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The Godfather", ["the godfather", "godfather"]),
        ("L'Été", ["l'ete"]),
        ("Les Misérables", ["les miserables", "miserables"]),
        ("A", ["a"]),
        ("Theodora", ["theodora"]),
        ("  ", ["?"]),
    ],
)
def test_what_completion_starts_from(title, expected):
    assert suggestions(title) == expected
