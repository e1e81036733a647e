"""Impressions without a choice as weak negatives, corrected for their place.

That nobody chose a film at a place that nobody looks at says nothing against it. So an impression without a choice counts as a
negative with the probability that the person had looked at its place, given that they chose nothing there: with
examination e and a mean rate r of choices among what is looked at,

    P(looked | not chosen) = e (1 - r) / (1 - e r)

(the expectation step of the position-based model: Chuklin, Markov and de Rijke 2015, "Click models for web search", section 4.1).
A choice counts as one. A model fitted to these examples by logistic loss then learns how likely a film that is looked at
is chosen: of a film of appeal a at a place of examination e there are e a choices to (1 - e a) impressions without one, and
with the weight for r = a these are e (1 - a), whatever the place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Steps of Newton's method at most, and how strongly weights are drawn to zero.
TURNS, RIDGE = 25, 1.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Impressions (m,) with whether each one was ``chosen`` and the ``weight`` (0..1) with which it counts."""

    chosen: NDArray[np.bool_]
    weight: Floats


def weighted_examples(places: NDArray[np.intp], chosen: NDArray[np.bool_], examination: Floats) -> Examples:
    """Impressions as examples to learn from.

    Parameters
    ----------
    places : (m,) of each impression, from 0.
    chosen : (m,) whether it was followed by a choice.
    examination : (K,) how likely people look at each place, as a share of the likeliest one's
        (:func:`recommendations.evaluation.off_policy.examination`); what is beyond is as at the last place.

    Raises
    ------
    ValueError
        If the examination is no share, or a place is below 0.
    """
    if not examination.size or examination.min() < 0 or examination.max() > 1:
        raise ValueError(f"examination is {examination}; expected shares of 0 to 1")
    if places.size and places.min() < 0:
        raise ValueError(f"a place is {places.min()}; expected places from 0")
    looked = examination[np.minimum(places, len(examination) - 1)]
    # Where every look ends with a choice, nothing is left to learn from; just below, all weights are defined.
    rate = min(float(chosen.sum() / looked.sum()), 1 - 1e-9) if looked.any() else 0.0
    weak = looked * (1 - rate) / (1 - looked * rate)
    return Examples(chosen, np.where(chosen, 1.0, weak))


def fit_logistic(features: Floats, examples: Examples, *, ridge: float = RIDGE) -> Floats:
    """Weights (d + 1,), the last one the intercept, of a logistic regression on features (m, d), by Newton's method; the
    intercept is not drawn to zero (Hastie, Tibshirani and Friedman 2009, "The elements of statistical learning", section 4.4.1).
    """
    wide = np.column_stack([features, np.ones(len(features))])
    penalty = np.append(np.full(features.shape[1], ridge), 1e-9)
    weights = np.zeros(wide.shape[1])
    for _ in range(TURNS):
        likely = 1 / (1 + np.exp(-np.clip(wide @ weights, -30, 30)))
        slope = wide.T @ (examples.weight * (examples.chosen - likely)) - penalty * weights
        bend = (wide * (examples.weight * likely * (1 - likely))[:, None]).T @ wide + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return weights
