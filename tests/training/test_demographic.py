"""The demographic block: directions, coordinates and genre affinities."""

from __future__ import annotations

import numpy as np

from recommendations.ranking.blocks.demographic import DemographicParameters, band_features
from spark_jobs.training.demographic import demographic, like_coordinates
from tests.ranking.factories import make_artefact, make_people

PEOPLE, FILMS = 50, 20
CHANCE = np.random.default_rng(6)
X = CHANCE.choice([0.0, 0.1, 1.0, 1.9], (PEOPLE, FILMS), p=[0.6, 0.1, 0.15, 0.15])
LIKED = (CHANCE.random((PEOPLE, FILMS)) < 0.3).astype(float)


def test_the_demographic_block_is_the_svd_of_the_fitted_likes():
    features = band_features(
        CHANCE.integers(10, 70, PEOPLE), CHANCE.integers(0, 2, PEOPLE), CHANCE.integers(0, 21, PEOPLE)
    )
    sums = {
        "feature_gram": features.T @ features,
        "feature_likes": features.T @ LIKED,
        "feature_sums": features.sum(axis=0),
        "likes": LIKED.sum(axis=0),
        "people": np.array([float(PEOPLE)]),
    }
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
