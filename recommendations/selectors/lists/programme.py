"""Reads a whole programme for a person: the list and, from the same ranked pool, rows that differ from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recommendations.ranking.reasons import LOVED
from recommendations.ranking.rows import LEAST_FILMS, LIKED, ROW_FILMS, FilmRow, cut_rows
from recommendations.ranking.score import rank_films
from recommendations.selectors.catalogue import FilmFacts, film_or_number
from recommendations.selectors.film_details import films_of_favourites, known_facts
from recommendations.selectors.lists.engines import rank_whatever_happens
from recommendations.selectors.lists.house import house_state, in_this_house
from recommendations.selectors.lists.living_rows import LIVING, LivingRow, living_rows
from recommendations.selectors.lists.randomised import placed
from recommendations.selectors.lists.recommendations import RecommendationList, describe_list
from recommendations.selectors.lists.stars import Expected, expected_of
from recommendations.selectors.lists.world import Look

# Films that are ranked in one round; the rows are cut from what the list leaves of them.
POOL = 200
# Of so many films of somebody, liked by the person, their others make a row.
LIKED_OF_FAVOURITE = 3


@dataclass(frozen=True)
class ProgrammeRow:
    """Films under a heading in the active language; ``kind`` is one of :data:`.house.ROW_KINDS`.

    ``reasons`` says in the rows that live why each film (by number) is in it.
    """

    kind: str
    title: str
    films: tuple[FilmFacts, ...]
    reasons: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Programme:
    """The list, best first, and the rows below it; no film occurs twice.

    ``expected`` are the predicted stars of all of these films by number, empty if they are hidden; ``predicts`` says
    whether the version of the model makes any.
    """

    ranked: RecommendationList
    rows: tuple[ProgrammeRow, ...] = ()
    expected: Mapping[int, Expected] = field(default_factory=dict)
    predicts: bool = True


def programme_for(look: Look, *, k: int = 10) -> Programme:
    """Rank the ``k`` best unseen films and rows from the films after them, in one round of either engine, as the house
    wants them. Six queries at most, of which none but one in most seconds."""
    artefact, places = look.artefact, house_state().places
    look = in_this_house(look)
    pool, degraded = rank_whatever_happens(look, k=max(k, POOL))
    first, drawn = placed(look, pool, k=k)
    listed = {film.movie_id for film in first}
    buried = set(np.flatnonzero(look.house.buried).tolist())
    rest = [artefact.positions[film.movie_id] for film in pool if film.movie_id not in listed]
    rest = [film for film in rest if film not in buried and not artefact.is_new(film)]
    cut = cut_rows(
        artefact,
        look.demographics,
        look.history,
        look.taste,
        np.array(rest, np.intp),
        favoured_decade=look.dials.decade,
        audiences=look.champion.audiences,
        tracks=_unlisted(look, listed),
        silent=np.flatnonzero(np.isin(look.history.items, list(look.marks))).tolist(),
    )
    cut = [row for row in cut if row.kind in places]
    numbers = {int(artefact.movie_ids[film]) for row in cut for film in row.films}
    kinds = sorted((kind for kind in LIVING if kind in places), key=lambda kind: places[kind])
    living = list(living_rows(look, kinds=kinds, taken=listed | numbers))
    numbers |= {number for row in living for number in row.numbers}
    favourite = _with_favourite(look, listed | numbers)
    numbers |= set(favourite.numbers) if favourite else set()
    rated = {_rated(look, row) for row in cut if row.kind == "rating"}
    ranked, facts = describe_list(look, first, k=k, degraded=degraded, also=numbers | rated)
    rows = [_row(look, row, facts) for row in cut] + [_living(row, facts) for row in living]
    rows.sort(key=lambda row: places[row.kind])
    if favourite:
        films = tuple(facts[number] for number in favourite.numbers if number in facts)
        rows.append(ProgrammeRow("person", _("More with %(name)s") % {"name": favourite.name}, films))
    return Programme(
        ranked.with_order(drawn),
        tuple(row for row in rows if len(row.films) >= LEAST_FILMS),
        expected_of(look, movie_ids={number for number in listed | numbers if number in artefact.positions}),
        predicts=look.predicted is not None,
    )


def _living(row: LivingRow, facts: Mapping[int, FilmFacts]) -> ProgrammeRow:
    films = tuple(facts[number] for number in row.numbers if number in facts)
    return ProgrammeRow(row.kind, row.say(), films, {film.movie_id: row.why(film) for film in films})


@dataclass(frozen=True)
class _Favourite:
    """Somebody of whom the person likes several films, and the best of the others (MovieLens numbers)."""

    name: str
    numbers: tuple[int, ...]


def _with_favourite(look: Look, shown: Collection[int]) -> _Favourite | None:
    """The first director or actor of enough liked films who has enough others that are not shown yet."""
    artefact = look.artefact
    rated = look.history.items[look.rated]
    liked = artefact.movie_ids[rated[look.history.stars[look.rated] >= LIKED]].tolist()
    if len(liked) < LIKED_OF_FAVOURITE or not known_facts(look.champion.version).has_people:
        return None
    for name, films in films_of_favourites(liked, least=LIKED_OF_FAVOURITE):
        open_films = np.isin(artefact.movie_ids, list(films - set(shown)))
        open_films[look.kept_out] = False
        if int(open_films.sum()) >= LEAST_FILMS:
            gone = np.flatnonzero(~open_films).astype(np.int32)
            best = rank_films(look.scores, gone, ROW_FILMS)
            return _Favourite(name, tuple(artefact.movie_ids[best].tolist()))
    return None


def _unlisted(look: Look, listed: Collection[int]) -> NDArray[np.intp]:
    """Every film that may be shown and is not in the list (MovieLens numbers), best first. Those that came after training
    have their places in the list."""
    artefact = look.artefact
    new = range(len(artefact.movie_ids) - artefact.newcomers, len(artefact.movie_ids))
    gone = [*look.kept_out.tolist(), *(artefact.positions[number] for number in listed), *new]
    return rank_films(look.scores, np.array(gone, np.int32), look.scores.size)


def _rated(look: Look, row: FilmRow) -> int:
    return int(look.artefact.movie_ids[look.history.items[row.index or 0]])


def _row(look: Look, row: FilmRow, facts: dict[int, FilmFacts]) -> ProgrammeRow:
    numbers = [int(look.artefact.movie_ids[film]) for film in row.films]
    title = _title(look, row, facts)
    return ProgrammeRow(row.kind, title, tuple(facts[number] for number in numbers if number in facts))


def _title(look: Look, row: FilmRow, facts: dict[int, FilmFacts]) -> str:
    if row.kind == "rating":
        number = _rated(look, row)
        details = {"title": film_or_number(facts.get(number), number).title}
        if look.history.stars[row.index or 0] >= LOVED:
            return _("Because you loved %(title)s") % details
        return _("Because you liked %(title)s") % details
    if row.kind == "profile":
        return _("Popular with people like you")
    if row.kind == "decade":
        return _("From the %(decade)ss") % {"decade": row.index}
    return _("Off the beaten track")
