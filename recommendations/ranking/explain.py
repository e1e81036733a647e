"""Exact explanations: the parts of a film's score, which add up to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.genres import GENRES
from recommendations.ranking.score import ScorePlan


@dataclass(frozen=True)
class Part:
    """One summand. ``kind`` is ``rating`` (``index`` is its place in the history), ``profile``, ``like_share``,
    ``intercept``, ``popularity`` (the discovery dial), ``genre`` (``index`` in :data:`GENRES`), ``decade``, or ``rest``:
    the sum of ``index`` smaller parts."""

    kind: str
    value: float
    index: int | None = None


def explain(
    artefact: Artefact, taste: Taste, plan: ScorePlan, film: int, *, most: int | None = None
) -> list[Part]:
    """Return the parts of the score of the film at this position, greatest magnitude first.

    The values sum to ``score_films(artefact, plan)[film]`` up to float32 rounding: of more than ``most`` parts, the
    smaller ones come last as one of the kind ``rest``.
    """
    ratings = rating_contributions(artefact, taste, film)
    others = [part for part in other_parts(artefact, taste, plan, film) if part.value]
    strongest = np.argsort(-np.abs(ratings), kind="stable")[:most]
    parts = [Part("rating", float(ratings[place]), int(place)) for place in strongest if ratings[place]]
    parts = sorted([*parts, *others], key=lambda part: -abs(part.value))
    left_out = np.count_nonzero(ratings) + len(others) - (len(parts) if most is None else most)
    if most is None or left_out <= 0:
        return parts
    total = float(ratings.sum()) + sum(part.value for part in others)
    kept = parts[:most]
    return [*kept, Part("rest", total - sum(part.value for part in kept), int(left_out))]


def rating_contributions(artefact: Artefact, taste: Taste, film: int) -> NDArray[np.float64]:
    """What each rating of the history adds to the film's score (n,)."""
    item = artefact.item_vectors[film].astype(np.float64)
    contributions: NDArray[np.float64] = taste.rating_vectors @ item
    return contributions


def other_parts(artefact: Artefact, taste: Taste, plan: ScorePlan, film: int) -> list[Part]:
    """Everything in the film's score that is no rating; parts may be 0."""
    item = artefact.item_vectors[film].astype(np.float64)
    parts = [Part("profile", float(taste.profile_vector @ item))]
    parts += [
        Part(name, weight * float(getattr(artefact, name)[film])) for name, weight in plan.facts.items()
    ]
    parts += [
        Part("genre", weight * float(artefact.genres[film, GENRES.index(genre)]), GENRES.index(genre))
        for genre, weight in plan.genres.items()
    ]
    if plan.decade is not None:
        decade, weight = plan.decade
        parts.append(Part("decade", weight * float(artefact.decades[film] == decade), decade))
    return parts
