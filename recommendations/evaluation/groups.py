"""Simulated groups: how good is the common list for the member whom it serves least, beside averaging?

Two to eight people of the temporal split see one list of films that none of them has rated before. Each has later likes
among the candidates, so that a list can be good or bad for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.evaluation.metrics import ndcg_at_k
from recommendations.evaluation.protocols import Case
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.groups import average_list, common_list
from recommendations.ranking.score import make_plan, score_films

FEWEST, MOST = 2, 8
KINDS = ("similar", "strangers", "one outsider")
GROUPS, TRIES, LISTED = 300, 50, 10
# The outsider is one of so many whose taste is least like that of the others.
FARTHEST = 30


@dataclass(frozen=True)
class Group:
    """Positions of its members among the cases, what may be listed (films,), and what each of them will like."""

    members: NDArray[np.intp]
    allowed: NDArray[np.bool_]
    relevant: tuple[NDArray[np.int32], ...]


def measure_groups(
    artefact: Artefact, cases: Sequence[Case], demographics: Mapping[int, Demographics], *, seed: int
) -> dict[str, float]:
    """By kind of group and as the mean of the kinds: nDCG@10 of the common list divided by that of averaging, of the
    member whom it serves ``least`` and of the ``mean`` member; each a mean over groups first. Empty without people."""
    if len(cases) < MOST:
        return {}
    tastes = [fold_in(artefact, demographics[case.user_id], case.history) for case in cases]
    scores = np.array([score_films(artefact, make_plan(taste, Dials())) for taste in tastes])
    alike = _likeness(np.array([taste.rating_vector for taste in tastes]))
    chance = np.random.default_rng(seed)
    figures: dict[str, float] = {}
    for kind in KINDS:
        found = simulate_groups(artefact, cases, alike, kind, chance)
        measured = {
            name: np.array(
                [_measure(make(scores[group.members], group.allowed, LISTED), group) for group in found]
            )
            for name, make in (("common", common_list), ("average", average_list))
        }
        if not found or not measured["average"].mean(axis=0).all():
            continue
        least, mean = measured["common"].mean(axis=0) / measured["average"].mean(axis=0)
        figures |= {f"least, {kind}": float(least), f"mean, {kind}": float(mean)}
    for name in ("least", "mean"):
        values = [value for key, value in figures.items() if key.startswith(f"{name}, ")]
        if values:
            figures[name] = float(np.mean(values))
    return figures


def simulate_groups(
    artefact: Artefact,
    cases: Sequence[Case],
    alike: NDArray[np.float64],
    kind: str,
    chance: np.random.Generator,
) -> list[Group]:
    """Up to :data:`GROUPS` groups of a kind in which everybody has something to like. ``alike`` (n, n) is how much the
    tastes of two people are alike."""
    found: list[Group] = []
    for _ in range(GROUPS * TRIES):
        size, first = int(chance.integers(FEWEST, MOST + 1)), int(chance.integers(len(cases)))
        nearest = np.argsort(-alike[first], kind="stable")
        if kind == "similar":
            members = nearest[:size]
        elif kind == "strangers":
            members = chance.choice(len(cases), size, replace=False)
        else:
            far = min(FARTHEST, len(cases) - size + 1)
            members = np.append(nearest[: size - 1], nearest[-1 - int(chance.integers(far))])
        seen = np.unique(np.concatenate([cases[member].history.items for member in members]))
        relevant = tuple(np.setdiff1d(cases[member].relevant, seen) for member in members)
        if all(films.size for films in relevant):
            allowed = np.ones(len(artefact.movie_ids), bool)
            allowed[seen] = False
            found.append(Group(members, allowed, relevant))
        if len(found) == GROUPS:
            break
    return found


def _measure(listed: NDArray[np.intp], group: Group) -> tuple[float, float]:
    """nDCG of the member served least, and of the mean member."""
    values = [ndcg_at_k(listed, relevant, LISTED) for relevant in group.relevant]
    return min(values), float(np.mean(values))


def _likeness(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosines of what sets people apart: the vectors of unit length, less their mean."""
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    apart = unit - unit.mean(axis=0)
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-12)
    likeness: NDArray[np.float64] = apart @ apart.T
    return likeness
