"""The demographic block: a ridge regression of likes, and the forest ``genre_predictor`` beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from scipy.linalg import eigh
from scipy.sparse import csr_array

from recommendations.ranking.blocks.demographic import (
    Demographic,
    DemographicParameters,
    band_features,
)
from recommendations.ranking.demographics import GENDERS, OCCUPATIONS
from recommendations.ranking.forest import Forest
from recommendations.ranking.genres import GENRES
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.base import BlockTraining, Floats, Trained, TrainingData
from spark_jobs.training.forest import dump_predictor, fit_forest
from spark_jobs.training.histories import to_pandas
from spark_jobs.training.solving import sparse_rows

# A forest over age, gender and occupation learns nothing more from others.
MOST_PEOPLE = 20_000


@dataclass(frozen=True)
class DemographicTraining(BlockTraining):
    """Of data with so many genders and occupations (``kinds``)."""

    block = Demographic
    kinds: tuple[int, int] = (len(GENDERS), len(OCCUPATIONS))

    def solve(self, data: TrainingData) -> Trained:
        own, people = data.parameters.of(DemographicParameters), data.people
        liked = sparse_rows(people, people.stars >= data.parameters.like_threshold, data.films)
        items, mean, coefficients = demographic(demographic_sums(people, liked, self.kinds), own)
        coordinates = like_coordinates(people, items, data.like_share, data.parameters.like_threshold)
        affinities = affinity_matrix(data.genre_profiles, people, data.data_set.genres)
        targets = np.hstack([affinities, coordinates])
        asked = sample_of_people(len(targets), data.seed)
        forest, report = fit_forest(
            people.demographics[asked],
            targets[asked],
            own,
            seed=data.seed,
            kinds=self.kinds,
            genres=affinities.shape[1],
        )
        trees = Forest.from_scikit_learn(forest)
        return Trained(
            Demographic(
                items.astype(np.float32),
                mean,
                coefficients,
                people.demographics[asked],
                trees,
                people.genders,
                people.occupations,
            ),
            {"forest": asdict(report)},
            {"genre_predictor.skops": dump_predictor(forest)},
        )


def sample_of_people(count: int, seed: int) -> NDArray[np.intp]:
    """The positions of those whom the forest learns from, ascending: everybody, up to :data:`MOST_PEOPLE`."""
    if count <= MOST_PEOPLE:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, MOST_PEOPLE, replace=False))


def demographic_sums(people: KnownPeople, likes: csr_array, kinds: tuple[int, int]) -> dict[str, Floats]:
    """Sums over the ``f`` features D of the people and their likes L (m, n): ``feature_gram`` (f, f) D'D,
    ``feature_likes`` (f, n) D'L, ``feature_sums`` (f,), ``likes`` (n,) and ``people`` (1,), their number."""
    ages, genders, occupations = people.demographics.astype(np.int64).T
    features = band_features(ages, genders, occupations, kinds)
    return {
        "feature_gram": features.T @ features,
        "feature_likes": (likes.T @ features).T,
        "feature_sums": features.sum(axis=0),
        "likes": np.asarray(likes.sum(axis=0), np.float64).ravel(),
        "people": np.array([float(len(features))]),
    }


def demographic(sums: dict[str, Floats], own: DemographicParameters) -> tuple[Floats, Floats, Floats]:
    """Regress centred likes on centred features (ridge) and keep the top right singular vectors of the fit.

    The fit is D·W; its right singular vectors are the eigenvectors of W'(D'D)W, found through the small matrix
    (D'D)^½·W of shape (f, n).

    Returns
    -------
    items : (n, rank) orthonormal directions of films that demographics can tell at all.
    mean : (f,) of the features.
    coefficients : (f, rank) a person's coordinates in the directions, from centred features.
    """
    people = sums["people"][0]
    mean = sums["feature_sums"] / people
    gram = sums["feature_gram"] - people * np.outer(mean, mean)
    cross = sums["feature_likes"] - np.outer(sums["feature_sums"], sums["likes"] / people)
    coefficients = np.linalg.solve(gram + own.ridge * np.eye(len(gram)), cross)
    values, vectors = eigh(gram)
    root = vectors * np.sqrt(np.maximum(values, 0.0)) @ vectors.T
    _, _, right = np.linalg.svd(root @ coefficients, full_matrices=False)
    items = right[: own.rank].T
    return items, mean, coefficients @ items


def like_coordinates(
    people: KnownPeople, directions: NDArray[np.float64], like_share: NDArray[np.float64], threshold: int
) -> NDArray[np.float64]:
    """Return each person's centred likes projected on the directions (m, rank)."""
    likes = sparse_rows(people, people.stars >= threshold, len(directions))
    coordinates: Floats = likes @ directions - like_share @ directions
    return coordinates


def affinity_matrix(
    genre_profiles: DataFrame, people: KnownPeople, genres: tuple[str, ...] = GENRES
) -> NDArray[np.float64]:
    """Return the shrunken genre affinities (m, g) in stars; genres a person never rated are 0."""
    rows = to_pandas(genre_profiles.select("user_id", "genre", "affinity"))
    matrix = np.zeros((len(people.user_ids), len(genres)))
    places = np.searchsorted(people.user_ids, rows["user_id"].to_numpy())
    columns = rows["genre"].map({genre: column for column, genre in enumerate(genres)}).astype(np.intp)
    matrix[places, columns.to_numpy()] = rows["affinity"].to_numpy()
    return matrix
