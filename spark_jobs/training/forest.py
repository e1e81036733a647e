"""``genre_predictor``: the random forest that predicts a newcomer's taste from age, gender and occupation.

It is also saved as scikit-learn knows it (``genre_predictor.skops``), for whoever wants to go on working with it; the
site reads the arrays beside it (:mod:`recommendations.ranking.forest`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skops.io
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import KFold

from recommendations.ranking.blocks.demographic import DemographicParameters, forest_features
from recommendations.ranking.demographics import GENDERS, OCCUPATIONS
from recommendations.ranking.genres import GENRES
from recommendations.ranking.storage import ArtefactError

Floats = NDArray[np.float64]
# Trees per fold while the leaf size is chosen; more only smooth the comparison.
SELECTION_TREES = 50
# The only type of the forest that skops does not trust by itself: scikit-learn's compiled tree.
TRUSTED_TYPES = ["sklearn.tree._tree.Tree"]


@dataclass(frozen=True)
class ForestReport:
    """Cross-validated errors in stars over the genre affinities, beside the baseline that knows nobody.

    ``baseline_rmse`` predicts every genre's mean over the training people.
    """

    leaf_size: int
    rmse: float
    baseline_rmse: float
    rmse_by_leaf_size: dict[int, float]
    folds: int


def fit_forest(
    demographics: NDArray[np.int16],
    targets: Floats,
    own: DemographicParameters,
    *,
    seed: int,
    folds: int = 5,
    kinds: tuple[int, int] = (len(GENDERS), len(OCCUPATIONS)),
    genres: int = len(GENRES),
) -> tuple[RandomForestRegressor, ForestReport]:
    """Choose the leaf size by cross-validation, then fit on everybody.

    Parameters
    ----------
    demographics : (m, 3) age and the positions of gender and occupation.
    targets : (m, g + rank) genre affinities in stars, then taste coordinates.
    kinds : how many genders and occupations there are.
    genres : g; without genres the errors in stars are 0.

    Leaf sizes are compared on all outputs, each scaled to unit variance, so that no output drowns the others.

    Raises
    ------
    ValueError
        If there are fewer than two people: nothing can be set aside to choose by.
    """
    if len(demographics) < 2:
        raise ValueError(
            f"the ratings come from {len(demographics)} person; training needs at least two people"
        )
    ages, genders, occupations = demographics.astype(np.int64).T
    features = forest_features(ages, genders, occupations, kinds)
    scale = targets.std(axis=0)
    scale[scale == 0] = 1.0
    folds = min(folds, len(features))
    splits = list(KFold(folds, shuffle=True, random_state=seed).split(features))
    errors: dict[int, float] = {}
    genre_errors: dict[int, float] = {}
    baseline = 0.0
    for leaf in own.leaf_sizes:
        scaled, squared = 0.0, 0.0
        baseline = 0.0
        for train, test in splits:
            forest = _fitted(own, leaf, SELECTION_TREES, seed, features[train], targets[train])
            error = forest.predict(features[test]) - targets[test]
            scaled += float(((error / scale) ** 2).sum())
            squared += float((error[:, :genres] ** 2).sum())
            baseline += float(((targets[train, :genres].mean(axis=0) - targets[test, :genres]) ** 2).sum())
        errors[leaf] = scaled
        genre_errors[leaf] = float(np.sqrt(squared / (len(features) * max(genres, 1))))
    best = min(errors, key=errors.__getitem__)
    report = ForestReport(
        leaf_size=best,
        rmse=genre_errors[best],
        baseline_rmse=float(np.sqrt(baseline / (len(features) * max(genres, 1)))),
        rmse_by_leaf_size=genre_errors,
        folds=folds,
    )
    return _fitted(own, best, own.trees, seed, features, targets), report


def _fitted(
    own: DemographicParameters, leaf: int, trees: int, seed: int, features: Floats, targets: Floats
) -> RandomForestRegressor:
    forest = RandomForestRegressor(
        n_estimators=trees,
        min_samples_leaf=leaf,
        max_features=own.max_features,
        random_state=seed,
        n_jobs=-1,
    )
    # Predicting in threads adds the trees up in any order: the same seed would give other last digits.
    return forest.fit(features, targets).set_params(n_jobs=1)


def dump_predictor(forest: RandomForestRegressor) -> bytes:
    """The forest as skops.

    Raises
    ------
    ArtefactError
        If it could not be read again, say, because another release of scikit-learn has put foreign types into it.
    """
    content = skops.io.dumps(forest, compression=8)  # 8 is zipfile.ZIP_DEFLATED
    load_predictor(content)
    return content


def load_predictor(content: bytes) -> RandomForestRegressor:
    """Read what :func:`dump_predictor` made; of a stranger's file nothing is built.

    Raises
    ------
    ArtefactError
        If it holds types that are not trusted, or something else than a forest.
    """
    unknown = set(skops.io.get_untrusted_types(data=content)) - set(TRUSTED_TYPES)
    if unknown:
        raise ArtefactError(f"genre_predictor holds types that are not trusted: {', '.join(sorted(unknown))}")
    forest = skops.io.loads(content, trusted=TRUSTED_TYPES)
    if not isinstance(forest, RandomForestRegressor):
        raise ArtefactError(f"genre_predictor is a {type(forest).__name__}, expected a RandomForestRegressor")
    return forest
