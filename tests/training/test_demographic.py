"""The demographic block: directions, coordinates and genre affinities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from recommendations.ranking.blocks.demographic import DemographicParameters, band_features
from recommendations.ranking.demographics import GENDERS, OCCUPATIONS
from spark_jobs.training.demographic import (
    MOST_PEOPLE,
    demographic,
    demographic_sums,
    like_coordinates,
    sample_of_people,
)
from tests.ranking.factories import make_artefact, make_people

PEOPLE, FILMS = 50, 20
CHANCE = np.random.default_rng(6)
X = CHANCE.choice([0.0, 0.1, 1.0, 1.9], (PEOPLE, FILMS), p=[0.6, 0.1, 0.15, 0.15])
LIKED = (CHANCE.random((PEOPLE, FILMS)) < 0.3).astype(float)
DEMOGRAPHICS = np.column_stack(
    [CHANCE.integers(10, 70, PEOPLE), CHANCE.integers(0, 2, PEOPLE), CHANCE.integers(0, 21, PEOPLE)]
).astype(np.int16)


def test_the_demographic_block_is_the_svd_of_the_fitted_likes():
    features = band_features(*DEMOGRAPHICS.astype(np.int64).T)
    people = replace(make_people(make_artefact()), demographics=DEMOGRAPHICS)
    sums = demographic_sums(people, csr_array(LIKED), (len(GENDERS), len(OCCUPATIONS)))
    np.testing.assert_allclose(sums["feature_likes"], features.T @ LIKED)
    np.testing.assert_allclose(sums["feature_gram"], features.T @ features)
    items, mean, coefficients = demographic(sums, DemographicParameters(rank=3))
    centred, likes = features - features.mean(axis=0), LIKED - LIKED.mean(axis=0)
    ridge = np.linalg.solve(centred.T @ centred + 10.0 * np.eye(30), centred.T @ likes)
    fitted = centred @ ridge
    _, _, right = np.linalg.svd(fitted, full_matrices=False)
    # Directions are the same up to their sign.
    np.testing.assert_allclose(items @ items.T, right[:3].T @ right[:3], atol=1e-7)
    np.testing.assert_allclose(mean, features.mean(axis=0))
    np.testing.assert_allclose(
        (features - mean) @ coefficients @ items.T,
        fitted @ right[:3].T @ right[:3],
        atol=1e-7,
    )


def test_like_coordinates_project_each_persons_centred_likes():
    artefact = make_artefact()
    people = make_people(artefact)
    directions, share = np.random.default_rng(0).normal(size=(60, 2)), np.full(60, 0.1)
    likes = np.zeros((40, 60))
    for row, user_id in enumerate(people.user_ids.tolist()):
        _, history = people.person(user_id)
        likes[row, history.items[history.stars >= 4]] = 1
    np.testing.assert_allclose(like_coordinates(people, directions, share, 4), (likes - share) @ directions)


def test_the_forest_learns_from_everybody_up_to_a_number():
    assert sample_of_people(943, 0).tolist() == list(range(943))
    many = sample_of_people(3 * MOST_PEOPLE, 1)
    assert len(set(many.tolist())) == MOST_PEOPLE
    assert (np.diff(many) > 0).all()
    assert many[0] < 100 < 3 * MOST_PEOPLE - 100 < many[-1]
    assert not np.array_equal(many, sample_of_people(3 * MOST_PEOPLE, 2))
