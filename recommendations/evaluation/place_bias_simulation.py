"""What the correction for places is worth: a model learnt from the clicks on a champion's lists, with and without it.

People and films have made-up traits. How a film appeals to a person is a weighted sum of the products of their traits; the
champion ranks by wrong weights. The small model is a logistic regression on these products, learnt from what people chose from
the champion's lists, and knows neither the right weights nor how attention falls: that it takes from a share of lists in a drawn order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.evaluation.experiment_simulation import FILMS, FIT, HABITS, PLACES, RARE, choices_of
from recommendations.evaluation.off_policy import DrawnLists, examination
from recommendations.evaluation.place_bias import Examples, fit_logistic, weighted_examples
from recommendations.ranking.randomised import POOL

TRAITS = 8
# How far the champion's weights are from the right ones, in units of how much these differ.
CHAMPION_ERROR = 1.0
# The share of lists whose order is drawn.
DRAWN_SHARE = 0.05
LISTS_TO_JUDGE = 2_000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Correction:
    """Mean nDCG@10 over ``repetitions`` of the champion and of the model learnt without and with the correction, on other
    people's films, with how much a film appeals as the gain; and how often the corrected model was ``better``."""

    repetitions: int
    champion: float
    plain: float
    corrected: float
    better: int


def correction(*, repetitions: int, lists: int, seed: int = 0) -> Correction:
    """The figures of as many repetitions, each with weights, people and films of its own."""
    chance = np.random.default_rng(seed)
    figures = np.array([_figures(lists, chance) for _ in range(repetitions)])
    champion, plain, corrected = figures.mean(axis=0)
    better = int((figures[:, 2] > figures[:, 1]).sum())
    return Correction(repetitions, float(champion), float(plain), float(corrected), better)


def _figures(lists: int, chance: np.random.Generator) -> tuple[float, float, float]:
    right = chance.normal(size=TRAITS)
    wrong = right + CHAMPION_ERROR * chance.normal(size=TRAITS)
    traits = _traits(lists, chance)
    fits = _fits(traits, right)
    habits = chance.normal(0, HABITS, lists)
    best = np.argsort(-(traits @ wrong), axis=1)[:, :POOL]
    is_drawn = chance.random(lists) < DRAWN_SHARE
    order = np.argsort(np.where(is_drawn[:, None], chance.random(best.shape), np.arange(POOL)), axis=1)
    shown = np.take_along_axis(best, order, axis=1)[:, :PLACES]
    chosen = choices_of(np.take_along_axis(fits, shown, axis=1), habits, chance)
    number = int(is_drawn.sum())
    drawn = DrawnLists(
        np.arange(number), chosen[is_drawn], np.ones((number, PLACES), bool), np.full(number, POOL)
    )
    features = np.take_along_axis(traits, shown[..., None], axis=1).reshape(-1, TRAITS)
    places = np.tile(np.arange(PLACES), lists)
    plain = Examples(chosen.reshape(-1), np.ones(chosen.size))
    corrected = weighted_examples(places, chosen.reshape(-1), examination(drawn))
    judged = _traits(LISTS_TO_JUDGE, chance)
    appeal = 1 / (1 + np.exp(-(RARE + FIT * _fits(judged, right))))
    learnt = [fit_logistic(features, examples)[:-1] for examples in (plain, corrected)]
    first, second, third = (_ndcg(appeal, judged @ weights) for weights in (wrong, *learnt))
    return first, second, third


def _traits(lists: int, chance: np.random.Generator) -> Floats:
    """The products of a person's and each film's traits (lists, FILMS, TRAITS), of unit variance each."""
    people = chance.normal(size=(lists, 1, TRAITS))
    films: Floats = people * chance.normal(size=(1, FILMS, TRAITS))
    return films


def _fits(traits: Floats, right: Floats) -> Floats:
    """How well films fit (lists, FILMS), of unit variance."""
    fits: Floats = traits @ right / np.sqrt((right**2).sum())
    return fits


def _ndcg(gains: Floats, scores: Floats) -> float:
    """Mean nDCG@10 of lists by these scores (Järvelin and Kekäläinen 2002), with graded gains (lists, films)."""
    discount = 1 / np.log2(np.arange(2, PLACES + 2))
    by_score = np.take_along_axis(gains, np.argsort(-scores, axis=1)[:, :PLACES], axis=1)
    best = -np.sort(-gains, axis=1)[:, :PLACES]
    return float(((by_score @ discount) / (best @ discount)).mean())
