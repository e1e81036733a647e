"""The demographic block: a ridge regression of likes, and the forest ``genre_predictor`` beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from scipy.linalg import eigh

from recommendations.ranking.blocks.demographic import (
    Demographic,
    DemographicParameters,
    band_features,
)
from recommendations.ranking.demographics import AGE_BANDS, GENDERS, OCCUPATIONS
from recommendations.ranking.forest import Forest
from recommendations.ranking.genres import GENRES
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.base import BlockTraining, Floats, Sums, Trained, TrainingData
from spark_jobs.training.forest import dump_predictor, fit_forest
from spark_jobs.training.histories import PersonHistory, to_pandas


@dataclass(frozen=True)
class DemographicTraining(BlockTraining):
    """Of data with so many genders and occupations (``kinds``). Sums over the ``f`` features D and the likes L: ``feature_gram`` (f, f) D'D, ``feature_likes`` (f, n)
    D'L and ``feature_sums`` (f,)."""

    block = Demographic
    kinds: tuple[int, int] = (len(GENDERS), len(OCCUPATIONS))

    def zeros(self, films: int) -> Sums:
        features = len(AGE_BANDS) + sum(self.kinds)
        return {
            "feature_gram": np.zeros((features, features)),
            "feature_likes": np.zeros((features, films)),
            "feature_sums": np.zeros(features),
        }

    def add(self, sums: Sums, person: PersonHistory, parameters: Parameters) -> None:
        age, gender, occupation = np.array([[person.age], [person.gender], [person.occupation]])
        features = band_features(age, gender, occupation, self.kinds)[0]
        sums["feature_gram"] += np.outer(features, features)
        sums["feature_likes"][:, person.liked(parameters)] += features[:, None]
        sums["feature_sums"] += features

    def solve(self, data: TrainingData) -> Trained:
        own, people, sums = data.parameters.of(DemographicParameters), data.people, data.sums
        items, mean, coefficients = demographic(sums, own)
        coordinates = like_coordinates(people, items, data.like_share, data.parameters.like_threshold)
        affinities = affinity_matrix(data.genre_profiles, people, data.data_set.genres)
        targets = np.hstack([affinities, coordinates])
        forest, report = fit_forest(
            people.demographics,
            targets,
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
                people.demographics,
                trees,
                people.genders,
                people.occupations,
            ),
            {"forest": asdict(report)},
            {"genre_predictor.skops": dump_predictor(forest)},
        )


def demographic(sums: Sums, own: DemographicParameters) -> tuple[Floats, Floats, Floats]:
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
    liked = people.stars >= threshold
    rows = np.repeat(np.arange(len(people.user_ids)), np.diff(people.starts))[liked]
    coordinates = np.zeros((len(people.user_ids), directions.shape[1]))
    np.add.at(coordinates, rows, directions[people.items[liked]])
    return coordinates - like_share @ directions


def affinity_matrix(
    genre_profiles: DataFrame, people: KnownPeople, genres: tuple[str, ...] = GENRES
) -> NDArray[np.float64]:
    """Return the shrunken genre affinities (m, g) in stars; genres a person never rated are 0."""
    rows = to_pandas(genre_profiles.select("user_id", "genre", "affinity"))
    matrix = np.zeros((len(people.user_ids), len(genres)))
    places = np.searchsorted(people.user_ids, rows["user_id"].to_numpy())
    matrix[places, [genres.index(genre) for genre in rows["genre"]]] = rows["affinity"].to_numpy()
    return matrix
