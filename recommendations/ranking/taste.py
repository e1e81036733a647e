"""What the model makes of a person, in figures that can be told: genres, influential ratings, decades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.people import History

Floats = NDArray[np.float64]
# What is expected of a genre is worth as much as so many ratings of it.
SHRINKAGE = 5.0
Number = TypeVar("Number")


def shrunken(difference: Number, count: Any, shrinkage: float = SHRINKAGE) -> Number:
    """A mean's distance from the mean expected, pulled to 0 while few ratings are known: distance · n / (n + shrinkage).

    The usual damped mean. Takes numbers, arrays and Spark's columns alike.
    """
    return difference * count / (count + shrinkage)


@dataclass(frozen=True)
class GenreTaste:
    """Per genre (g,): ``affinity`` in stars above (or below) the person's own mean, and the ratings behind it."""

    affinity: Floats
    counts: NDArray[np.int64]


def expected_affinities(artefact: Artefact, demographics: Demographics) -> Floats:
    """What demographics let expect of each genre, in stars (g,); 0 where the version knows nothing of people."""
    block = artefact.block(Demographic)
    if block.is_empty:
        return np.zeros(artefact.genres.shape[1])
    return block.predict(demographics).genre_affinities


def genre_taste(artefact: Artefact, history: History, prior: Floats) -> GenreTaste:
    """Mix the person's ratings with what their demographics let expect.

    affinity = (Σ (stars − own mean) + 5 · prior) / (n + 5) over the n ratings of the genre; ``prior`` (g,) is the
    forest's prediction. Without ratings it is the prior alone.
    """
    membership = artefact.genres[history.items].astype(np.float64)  # (ratings, g)
    counts = membership.sum(axis=0)
    stars = history.stars.astype(np.float64)
    surprise = (stars - stars.mean()) @ membership if stars.size else np.zeros_like(counts)
    affinity = (surprise + SHRINKAGE * prior) / (counts + SHRINKAGE)
    return GenreTaste(np.asarray(affinity, np.float64), counts.astype(np.int64))


def influence(artefact: Artefact, taste: Taste, films: NDArray[np.intp]) -> Floats:
    """How much each rating moves the scores of these films (positions): mean magnitude of its contributions (n,)."""
    if not len(films):
        return np.zeros(len(taste.rating_vectors))
    items = artefact.item_vectors[films].astype(np.float64)
    return np.asarray(np.abs(items @ taste.rating_vectors.T).mean(axis=0), np.float64)


def preferred_decade(
    artefact: Artefact, films: NDArray[np.intp], *, least: int, lift: float = 1.5
) -> int | None:
    """The decade that these films (positions) hold most above its share of the catalogue; ``None`` below ``lift``
    times that share or with fewer than ``least`` films."""
    best, highest = None, lift
    for decade in np.unique(artefact.decades[films]).tolist():
        count = int((artefact.decades[films] == decade).sum())
        found = count / films.size / float((artefact.decades == decade).mean())
        if decade and count >= least and found >= highest:
            best, highest = decade, found
    return best
