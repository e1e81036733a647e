"""The whole sum behind one film's score, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext, ngettext
from numpy.typing import NDArray

from recommendations.ranking.explain import Part, explain
from recommendations.selectors.catalogue import FilmFacts, film_or_number, films_by_id
from recommendations.selectors.lists.person import Mark, UnknownFilmError
from recommendations.selectors.lists.world import Look, profile_share


@dataclass(frozen=True)
class ExplainedPart:
    """One summand of a score. ``kind`` as in :class:`recommendations.ranking.explain.Part`.

    ``label`` is in the active language; ``movie_id`` and ``stars`` are those of a rated film, else ``None``;
    a film that was only marked has a ``mark`` instead of stars.
    """

    kind: str
    label: str
    value: float
    movie_id: int | None = None
    stars: float | None = None
    mark: Mark | None = None


@dataclass(frozen=True)
class FilmExplanation:
    """A film's score and every part of it, greatest magnitude first; the parts sum to ``score``.

    ``profile_weight`` (0..1) is how much of it rests on demographics rather than on the person's ratings.
    ``place`` is the film's place, from 1 on, among the ``films`` that may come up in the person's list and itself:
    those that they have neither rated nor hidden. ``own_stars`` are the stars that they gave it.
    """

    movie_id: int
    title: str
    year: int | None
    score: float
    profile_weight: float
    parts: tuple[ExplainedPart, ...]
    place: int = 0
    films: int = 0
    own_stars: float | None = None


def explanation_for(look: Look, *, movie_id: int) -> FilmExplanation:
    """Explain the score that this film has for the person, whether they have seen it or not. One query.

    Raises
    ------
    UnknownFilmError
    """
    return explanations_for(look, movie_ids=(movie_id,))[0]


def explanations_for(
    look: Look, *, movie_ids: Sequence[int], most: int | None = None
) -> tuple[FilmExplanation, ...]:
    """The same for several films at once, in the order given, each with ``most`` parts and one of the kind ``rest``
    for the others. One query.

    Raises
    ------
    UnknownFilmError
    """
    artefact = look.artefact
    movie_ids = [artefact.kept_number(movie_id) for movie_id in movie_ids]
    for movie_id in movie_ids:
        if movie_id not in artefact.positions:
            raise UnknownFilmError(gettext("The model does not know film %(number)s.") % {"number": movie_id})
    rated = artefact.movie_ids[look.history.items].tolist()
    facts = films_by_id(movie_ids={*movie_ids, *rated})
    open_films = artefact.each_once.copy()
    open_films[look.excluded_rows] = False
    return tuple(_explained(look, facts, open_films, movie_id, most) for movie_id in movie_ids)


def _explained(
    look: Look, facts: dict[int, FilmFacts], open_films: NDArray[np.bool_], movie_id: int, most: int | None
) -> FilmExplanation:
    artefact, row = look.artefact, look.artefact.positions[movie_id]
    film = film_or_number(facts.get(movie_id), movie_id)
    better = look.scores > look.scores[row]
    parts = explain(artefact, look.taste, look.plan, row, most=most)
    return FilmExplanation(
        movie_id=movie_id,
        title=film.title,
        year=film.year,
        # The sum in double precision: both engines agree with it up to their float32 rounding.
        score=sum(part.value for part in parts),
        profile_weight=profile_share(artefact, look.taste, [row]),
        parts=tuple(_part(look, facts, part) for part in parts),
        place=1 + int(better[open_films].sum()),
        films=int(open_films.sum()) + int(not open_films[row]),
        own_stars=look.stars_of(row),
    )


def _part(look: Look, facts: dict[int, FilmFacts], part: Part) -> ExplainedPart:
    if part.kind == "rating" and part.index is not None:
        number = int(look.artefact.movie_ids[look.history.items[part.index]])
        film = film_or_number(facts.get(number), number)
        row = int(look.history.items[part.index])
        return ExplainedPart(
            part.kind, film.title, part.value, number, look.stars_of(row), look.marks.get(row)
        )
    if part.kind == "rest" and part.index is not None:
        label = ngettext("%(number)s smaller part", "%(number)s smaller parts together", part.index)
        return ExplainedPart(part.kind, label % {"number": part.index}, part.value)
    if part.kind == "profile" and not look.has_profile:
        return ExplainedPart(part.kind, gettext("What people like on average"), part.value)
    return ExplainedPart(part.kind, part.label(gettext), part.value)
