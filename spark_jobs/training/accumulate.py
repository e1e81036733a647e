"""What the executors add up over people: every matrix that the blocks are solved from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.fold_in import recency_weights
from recommendations.ranking.newcomers import band_features
from recommendations.ranking.parameters import Parameters
from spark_jobs.training.histories import PersonHistory

Floats = NDArray[np.float64]


def accumulate_matrices(
    people: Iterator[PersonHistory], films: int, parameters: Parameters, *, squares: bool = True
) -> dict[str, NDArray[np.float64]]:
    """Sum over people, for ``n`` films and ``f`` = 30 demographic features:

    ``gram`` (n, n) X'X of the star weights and ``sums`` (n,) of their columns; ``like_gram`` (n, n) L'L of likes
    and ``likes`` (n,); ``past_gram`` (n, n) and ``past_next`` (n, n) of the sequence block; ``feature_gram``
    (f, f), ``feature_likes`` (f, n), ``feature_sums`` (f,); ``people`` (1,) their number.

    Without ``squares`` the (n, n) matrices are left out, for catalogues whose square fits no memory.
    """
    stars_to_weight = np.asarray(parameters.star_weights)
    sequence = squares and bool(parameters.sequence_weight)
    names = [*(("gram", "like_gram") if squares else ()), *(("past_gram", "past_next") if sequence else ())]
    totals: dict[str, Floats] = {name: np.zeros((films, films)) for name in names}
    totals |= {"sums": np.zeros(films), "likes": np.zeros(films), "people": np.zeros(1)}
    features_width = band_features(np.zeros(1, int), np.zeros(1, int), np.zeros(1, int)).shape[1]
    totals |= {
        "feature_gram": np.zeros((features_width, features_width)),
        "feature_likes": np.zeros((features_width, films)),
        "feature_sums": np.zeros(features_width),
    }
    for person in people:
        items, stars = person.history.items, person.history.stars
        weights = stars_to_weight[stars - 1]
        liked = items[stars >= parameters.like_threshold]
        if squares:
            totals["gram"][np.ix_(items, items)] += np.outer(weights, weights)
            totals["like_gram"][np.ix_(liked, liked)] += 1.0
        totals["sums"][items] += weights
        totals["likes"][liked] += 1.0
        features = band_features(
            *(np.array([value]) for value in (person.age, person.gender, person.occupation))
        )[0]
        totals["feature_gram"] += np.outer(features, features)
        totals["feature_likes"][:, liked] += features[:, None]
        totals["feature_sums"] += features
        totals["people"] += 1.0
        if sequence and len(items) > 2:
            past, following = sequence_pairs(weights, parameters)
            square = np.ix_(items, items)
            totals["past_gram"][square] += past.T @ past
            totals["past_next"][square] += past.T @ following
    return totals


def sequence_pairs(weights: Floats, parameters: Parameters) -> tuple[Floats, Floats]:
    """Cut one history of ``n`` weighted ratings in two at about ``sequence_cuts`` places.

    Returns
    -------
    past, following : (cuts, n) each; a row of ``past`` holds the recency-weighted ratings before the cut and a row
        of ``following`` the weights of the next ``sequence_horizon`` ratings.
    """
    count = len(weights)
    first = max(1, int(count * parameters.sequence_start))
    cuts = np.unique(np.linspace(first, count - 1, parameters.sequence_cuts).astype(int))
    place = np.arange(count)
    ages = cuts[:, None] - 1 - place
    before = ages >= 0
    recency = recency_weights(np.where(before, ages, 0).astype(float), parameters.sequence_recency)
    past = np.where(before, weights * recency, 0.0)
    following = np.where(~before & (place < cuts[:, None] + parameters.sequence_horizon), weights, 0.0)
    return past, following
