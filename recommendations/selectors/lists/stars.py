"""Reads how many stars a person would give films, and how well these match beside all others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from recommendations.selectors.lists.person import Person, RecommendationError
from recommendations.selectors.lists.world import Look, look_at


@dataclass(frozen=True)
class Expected:
    """``stars`` that the person would give a film, and ``match``: in per cent, the share of all films of which no more
    is expected."""

    stars: float
    match: int


def expected_of(look: Look, *, movie_ids: Collection[int]) -> dict[int, Expected]:
    """What is expected of these films, by number.

    Films that the person has rated and those that the model does not know are left out, and all of them if the person
    hides predictions or the version makes none. No query.
    """
    artefact, predicted = look.artefact, look.predicted
    if predicted is None or look.person.hides_stars or not movie_ids:
        return {}
    rated = set(look.rated_history.items.tolist())
    rows = {
        number: artefact.positions[artefact.kept_number(number)]
        for number in movie_ids
        if number in artefact.positions
    }
    rows = {number: row for number, row in rows.items() if row not in rated}
    if not rows:
        return {}
    places = np.array(list(rows.values()), np.intp)
    stars, match = predicted.stars(places), predicted.match(places, artefact.each_once)
    return {
        number: Expected(round(float(of), 2), int(share))
        for number, of, share in zip(rows, stars, match, strict=True)
    }


def expected_for(person: Person | None, *, movie_ids: Collection[int]) -> dict[int, Expected]:
    """The same for somebody who is not looked at otherwise; nothing without a person or a model. One query at most."""
    if person is None or person.hides_stars or not movie_ids:
        return {}
    try:
        return expected_of(look_at(person), movie_ids=movie_ids)
    except RecommendationError:
        return {}  # what is shown of films does not need a model


def stars_given(look: Look, *, movie_id: int) -> float | None:
    """What the person gave this film, here or in the data; ``None`` if they have not rated it. No query."""
    row = look.artefact.positions.get(look.artefact.kept_number(movie_id))
    if row is None:
        return None
    return look.stars_of(row)
