"""The one score, ``taste · item + terms``, as a plan that both engines carry out, and the order that it gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.base import Term
from recommendations.ranking.dials import DECADE_STRENGTH, DISCOVERY_STRENGTH, GENRE_STRENGTH, Dials
from recommendations.ranking.fold_in import Taste

# A list that is to be diverse is chosen from so many of its best films.
CANDIDATES = 200
# Predicted stars differ about half as much from film to film as scores do.
STARS_PER_POINT = 0.5


@dataclass(frozen=True)
class ScorePlan:
    """What is added up for every film, in raw score units: ``vector`` (d,) · its item vector, and the ``terms``."""

    vector: NDArray[np.float32]
    terms: tuple[Term, ...] = ()


def make_plan(taste: Taste, dials: Dials) -> ScorePlan:
    """Turn a taste and the dials into a plan; terms with weight 0 are left out."""
    terms = tuple(term for term in (*taste.terms, *dial_terms(dials)) if term.weight)
    return ScorePlan(taste.vector.astype(np.float32), terms)


def dial_terms(dials: Dials) -> list[Term]:
    """What the dials add to a score."""
    turned = [Term("popularity", -DISCOVERY_STRENGTH * dials.discovery, fact="popularity")]
    turned += [
        Term("genre", GENRE_STRENGTH * weight, where=("genres", name))
        for name, weight in dials.genres.items()
    ]
    if dials.decade is not None:
        turned.append(Term("decade", DECADE_STRENGTH, where=("decade", dials.decade)))
    return turned


def score_films(artefact: Artefact, plan: ScorePlan) -> NDArray[np.float32]:
    """Return the score of every film (n,)."""
    scores = artefact.item_vectors @ plan.vector
    for term in plan.terms:
        scores = scores + np.float32(term.weight) * term.values(artefact)
    return scores


def order_by_stars(artefact: Artefact, raw: NDArray[np.float32], dials: Dials) -> NDArray[np.float32]:
    """What a list by predicted stars is sorted by (n,): the predictions, moved by the dials as far as they move a score."""
    values = raw
    for term in dial_terms(dials):
        if term.weight:
            values = values + np.float32(STARS_PER_POINT * term.weight) * term.values(artefact)
    return values


def rank_films(scores: NDArray[np.float32], excluded: NDArray[np.int32], k: int) -> NDArray[np.intp]:
    """Return the positions of the ``k`` best films, best first; equal scores keep the order of MovieLens numbers.

    ``excluded`` holds positions that never appear. Fewer than ``k`` come back if fewer remain.
    """
    allowed = np.ones(scores.size, bool)
    allowed[excluded] = False
    candidates = np.flatnonzero(allowed)
    order = np.argsort(-scores[candidates], kind="stable")[:k]
    return candidates[order]


def diversify(
    relevance: NDArray[np.float32], vectors: NDArray[np.float32], diversity: float, k: int
) -> NDArray[np.intp]:
    """Choose ``k`` of the candidates one by one, each good and unlike those already chosen (maximal marginal
    relevance over the item vectors, Carbonell and Goldstein 1998).

    Parameters
    ----------
    relevance : (m,) scores, best first.
    vectors : (m, d) item vectors of the same films.
    diversity : 0 keeps the order, 1 looks at unlikeness alone.

    Returns
    -------
    (min(k, m),) positions among the candidates, in the new order.
    """
    if diversity == 0 or relevance.size < 2:
        return np.arange(min(k, relevance.size))
    spread = float(relevance.max() - relevance.min()) or 1.0
    scaled = (relevance - relevance.min()) / spread
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.maximum(lengths, 1e-12)
    closest = np.zeros(relevance.size)
    remaining = np.ones(relevance.size, bool)
    chosen: list[int] = []
    for _ in range(min(k, relevance.size)):
        value = np.where(remaining, (1 - diversity) * scaled - diversity * closest, -np.inf)
        best = int(np.argmax(value))
        chosen.append(best)
        remaining[best] = False
        closest = np.maximum(closest, unit @ unit[best])
    return np.asarray(chosen, dtype=np.intp)
