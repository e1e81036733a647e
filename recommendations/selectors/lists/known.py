"""What the model is told of a person: the champion and the folded-in taste."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import Taste, fold_in
from recommendations.ranking.people import History
from recommendations.ranking.storage import ArtefactError
from recommendations.selectors.lists.champion import Champion, current_champion
from recommendations.selectors.lists.person import DamagedModelError, NoModelError, Person, UnknownPersonError


@dataclass(frozen=True)
class Known:
    """What the model is told of a person: folded-in taste and the films never to show (MovieLens numbers)."""

    demographics: Demographics
    history: History
    taste: Taste
    excluded: frozenset[int] = field(default_factory=frozenset)


def require_champion() -> Champion:
    """Return the loaded champion.

    Raises
    ------
    NoModelError
        Before anything was published.
    DamagedModelError
    """
    try:
        champion = current_champion()
    except ArtefactError as error:
        raise DamagedModelError(str(error)) from error
    if champion is None:
        raise NoModelError("There is no model yet; train one with: manage.py run_pipeline")
    return champion


def know_person(champion: Champion, person: Person) -> Known:
    """Fold a person in. Films that the model does not know cannot say anything and are left out.

    Raises
    ------
    UnknownPersonError
    """
    artefact = champion.artefact
    demographics, items, stars = person.demographics, np.zeros(0, np.int32), np.zeros(0, np.int8)
    if person.movielens_user is not None:
        if person.movielens_user not in champion.people:
            numbers = champion.people.user_ids
            raise UnknownPersonError(
                f"There is no person with number {person.movielens_user}; numbers go from {numbers[0]} to {numbers[-1]}."
            )
        demographics, known_history = champion.people.person(person.movielens_user)
        items, stars = known_history.items, known_history.stars
    newer = {
        rating.movie_id: rating.stars for rating in person.ratings if rating.movie_id in artefact.positions
    }
    if newer:
        new_items = np.array([artefact.positions[movie_id] for movie_id in newer], np.int32)
        kept = ~np.isin(items, new_items)
        items = np.concatenate([items[kept], new_items])
        stars = np.concatenate([stars[kept], np.array(list(newer.values()), np.int8)])
    history = History(items, stars)
    seen = {int(movie_id) for movie_id in artefact.movie_ids[items]} | {
        rating.movie_id for rating in person.ratings
    }
    return Known(
        demographics, history, fold_in(artefact, demographics, history), frozenset(seen) | person.hidden
    )
