"""Reads the films that a newcomer is asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.questions import choose_questions
from recommendations.selectors.catalogue import FilmFacts, films_by_id
from recommendations.selectors.lists.world import Look


def questions_for(
    look: Look, *, count: int, shown: Sequence[int] = (), unseen: Collection[int] = ()
) -> tuple[FilmFacts, ...]:
    """``count`` films to ask the person about. One query.

    Films already ``shown`` (MovieLens numbers) keep their places until they are rated, hidden or in ``unseen``, the
    films that the person said not to have seen; new ones fill the gaps.
    """
    artefact = look.artefact
    gone = look.excluded | set(unseen)
    slots: list[int | None] = [
        number if number in artefact.positions and number not in gone else None for number in shown[:count]
    ]
    slots += [None] * (count - len(slots))
    taken = gone | {number for number in slots if number is not None}
    excluded = np.array([artefact.positions[n] for n in taken if n in artefact.positions], np.intp)
    fresh = iter(
        choose_questions(
            artefact,
            look.history,
            excluded,
            people=len(look.champion.people.user_ids),
            count=slots.count(None),
            scores=look.scores,
        )
    )
    filled = [number if number is not None else _number(artefact.movie_ids, fresh) for number in slots]
    facts = films_by_id(movie_ids=[number for number in filled if number is not None])
    return tuple(facts[number] for number in filled if number is not None and number in facts)


def _number(movie_ids: NDArray[np.int32], fresh: Iterator[int]) -> int | None:
    position = next(fresh, None)
    return None if position is None else int(movie_ids[position])
