"""Fold-in: from demographics and a rating history to a taste, without retraining anything.

The result is a sum of one vector per rating, one for the profile, named dimensions, and linear terms, so that every score decomposes
exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.base import Person, Term
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.people import History

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Taste:
    """A person in the item space (d dimensions).

    ``rating_vectors`` (r, d) is what each rating contributes, ``profile_vector`` (d,) what demographics do, and
    ``dimension_vector`` (d,) what the ratings say together of single dimensions; ``terms`` are what else their score is
    made of.
    """

    rating_vectors: Floats
    profile_vector: Floats
    dimension_vector: Floats
    terms: tuple[Term, ...] = ()

    @property
    def vector(self) -> Floats:
        """The taste vector (d,)."""
        return self.rating_vector + self.profile_vector

    @property
    def rating_vector(self) -> Floats:
        """What all ratings contribute, one by one and together (d,)."""
        return self.rating_vectors.sum(axis=0) + self.dimension_vector

    @property
    def fact_weights(self) -> dict[str, float]:
        """How much each fact counts that every film has, such as ``like_share``."""
        return {term.fact: term.weight for term in self.terms if term.fact and term.where is None}


def fold_in(artefact: Artefact, demographics: Demographics, history: History) -> Taste:
    """Return the taste of a person with these demographics and this history (possibly empty)."""
    parameters, count = artefact.parameters, len(history)
    person = Person(
        artefact,
        demographics,
        history,
        prior=1.0 - _ramp(count, *parameters.prior_ramp),
        behaviour=_ramp(count, *parameters.behaviour_ramp),
    )
    ratings = np.zeros((count, artefact.item_vectors.shape[1]))
    profile, dimensions = np.zeros((2, artefact.item_vectors.shape[1]))
    terms = [Term("like_share", person.prior * parameters.prior_weight, fact="like_share")]
    for block in artefact.blocks:
        if block.is_empty:
            continue
        folded, span = block.fold_in(person), artefact.spans[block.name]
        if folded.ratings is not None:
            ratings[:, span] = folded.ratings
        if folded.profile is not None:
            profile[span] = folded.profile
        if folded.dimensions is not None:
            dimensions[span] = folded.dimensions
        terms += folded.terms
    return Taste(ratings, profile, dimensions, tuple(terms))


def _ramp(count: int, start: int, end: int) -> float:
    """0 up to ``start`` ratings, 1 from ``end`` on, straight in between."""
    return float(np.clip((count - start) / (end - start), 0.0, 1.0))
