"""How well predicted stars fit ratings that the model has not seen, beside what biases alone reach.

Each rating is asked about once, of a model that has seen the other four of five random folds
(:func:`recommendations.evaluation.protocols.star_splits`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommendations.evaluation.metrics import mean_and_deviation
from recommendations.evaluation.names import BIASES, MODEL
from recommendations.evaluation.protocols import iterate_histories
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.stars import Stars
from recommendations.ranking.people import EMPTY_HISTORY

Floats = NDArray[np.float64]
TENTHS = 10
# Of the baseline: how many ratings of the usual a film and a person begin with, and rounds (as in Surprise's ``BaselineOnly``).
FILM_RATINGS, PERSON_RATINGS, ROUNDS = 10.0, 15.0, 10


@dataclass
class StarsRecord:
    """What was predicted and what was given, over the folds of one seed."""

    given: list[Floats] = field(default_factory=list)
    predicted: dict[str, list[Floats]] = field(default_factory=dict)

    def add(self, artefact: Artefact, train: pd.DataFrame, asked: pd.DataFrame) -> None:
        """Ask the model, and the baseline fitted on the same ratings, about these."""
        self.given.append(asked["stars"].to_numpy(np.float64))
        for name, values in (
            (MODEL, predict(artefact, train, asked)),
            (BIASES, predict_from_biases(train, asked)),
        ):
            self.predicted.setdefault(name, []).append(values)

    def figures(self) -> dict[str, dict[str, float]]:
        """Errors by system, and the model's tenths; see :func:`calibration`."""
        given = np.concatenate(self.given)
        return {name: errors(np.concatenate(values), given) for name, values in self.predicted.items()}

    def tenths(self) -> list[tuple[float, float]]:
        """The model's calibration."""
        return calibration(np.concatenate(self.predicted[MODEL]), np.concatenate(self.given))


def errors(predicted: Floats, given: Floats) -> dict[str, float]:
    """``rmse``, ``mae``, and ``worst_tenth``: the greatest distance of a tenth's mean from what was given."""
    off = predicted - given
    return {
        "rmse": float(np.sqrt((off**2).mean())),
        "mae": float(np.abs(off).mean()),
        "worst_tenth": max(abs(expected - found) for expected, found in calibration(predicted, given)),
    }


def calibration(predicted: Floats, given: Floats) -> list[tuple[float, float]]:
    """The ratings in ten equal parts, from the lowest prediction to the highest: mean prediction and mean stars of each.

    Fewer parts for fewer than ten ratings.
    """
    order = np.argsort(predicted, kind="stable")
    parts = [part for part in np.array_split(order, TENTHS) if len(part)]
    return [(float(predicted[part].mean()), float(given[part].mean())) for part in parts]


def predict(artefact: Artefact, train: pd.DataFrame, asked: pd.DataFrame) -> Floats:
    """What the model expects, one prediction for each row of ``asked``, from the people's ratings in ``train``."""
    block, histories = artefact.block(Stars), dict(iterate_histories(train))
    predicted = np.empty(len(asked))
    people, items = asked["user_id"].to_numpy(), asked["item"].to_numpy()
    for user_id in np.unique(people):
        rows = np.flatnonzero(people == user_id)
        history = histories.get(int(user_id), EMPTY_HISTORY)
        predicted[rows] = block.predict(history).stars(items[rows])
    return predicted


def predict_from_biases(train: pd.DataFrame, asked: pd.DataFrame) -> Floats:
    """The mean of all ratings and what is usual of the person and of the film, each damped (Koren 2010), fitted in turns."""
    people, person = np.unique(train["user_id"].to_numpy(), return_inverse=True)
    films = int(max(train["item"].max(), asked["item"].max())) + 1
    film, stars = train["item"].to_numpy(), train["stars"].to_numpy(np.float64)
    mean = float(stars.mean())
    of_person, of_film = np.zeros(len(people)), np.zeros(films)
    for _round in range(ROUNDS):
        left = stars - mean - of_person[person]
        of_film = np.bincount(film, left, films) / (FILM_RATINGS + np.bincount(film, minlength=films))
        left = stars - mean - of_film[film]
        of_person = np.bincount(person, left) / (PERSON_RATINGS + np.bincount(person))
    place = np.searchsorted(people, asked["user_id"].to_numpy()).clip(max=len(people) - 1)
    known = people[place] == asked["user_id"].to_numpy()
    predicted = mean + np.where(known, of_person[place], 0.0) + of_film[asked["item"].to_numpy()]
    return np.clip(predicted, stars.min(), stars.max())


def summary(records: Mapping[int, StarsRecord]) -> dict[str, Any]:
    """Of records by seed: ``systems`` with mean and deviation of every error, and the ``tenths``, means over seeds."""
    if not records:
        return {}
    by_seed = [record.figures() for record in records.values()]
    return {
        "seeds": list(records),
        "ratings": [sum(map(len, record.given)) for record in records.values()],
        "systems": {
            name: {metric: _spread([figures[name][metric] for figures in by_seed]) for metric in metrics}
            for name, metrics in by_seed[0].items()
        },
        "tenths": np.mean([record.tenths() for record in records.values()], axis=0).tolist(),
    }


def _spread(values: list[float]) -> dict[str, Any]:
    mean, deviation = mean_and_deviation(values)
    return {"mean": mean, "std": deviation, "seeds": values}
