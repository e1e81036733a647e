"""The tastes to start from, as tiles: each is a group of well-known films that is picked with one click."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from recommendations.pages.visit.values import PICKED, Feedback
from recommendations.pages.visit.viewer import Viewer
from recommendations.ranking.reasons import GENRE_FILMS
from recommendations.ranking.tastes import TasteGroup
from recommendations.selectors.catalogue import FilmFacts, films_by_id
from recommendations.selectors.lists.champion import Champion

COVERS_ON_TILE = 3


@dataclass(frozen=True)
class Tile:
    """A group by its name; ``films`` (MovieLens numbers, with commas) is what a click sends, ``covers`` are shown."""

    name: str
    films: str
    covers: tuple[FilmFacts, ...]
    is_on: bool


def name_of(group: TasteGroup) -> str:
    """What the group is called in the language of the page: its genres and its decade."""
    genres = [_(GENRE_FILMS[genre]) for genre in group.genres if genre in GENRE_FILMS]
    kinds = (
        _("%(one)s and %(other)s") % dict(zip(("one", "other"), genres, strict=True))
        if len(genres) > 1
        else ""
    )
    kinds = kinds or (genres[0] if genres else _("films"))
    if group.decade is None:
        return capfirst(kinds)
    return capfirst(_("%(films)s of the %(decade)ss") % {"films": kinds, "decade": group.decade})


def tiles_for(champion: Champion, feedback: Feedback) -> tuple[Tile, ...]:
    """A tile for each group of the model. One query."""
    numbers = [_numbers(champion, group) for group in champion.groups]
    facts = films_by_id(movie_ids={number for films in numbers for number in films})
    return tuple(
        Tile(
            name=name_of(group),
            films=",".join(map(str, films)),
            covers=tuple(facts[number] for number in films if number in facts)[:COVERS_ON_TILE],
            is_on=all(number in feedback.picked for number in films),
        )
        for group, films in zip(champion.groups, numbers, strict=True)
    )


def pick(champion: Champion, viewer: Viewer, sent: str) -> bool:
    """Pick the group of these ``films`` of a tile, or let it go if it is picked; False if there is no such group."""
    numbers = {",".join(map(str, films)): films for films in (_numbers(champion, g) for g in champion.groups)}
    films = numbers.get(sent)
    if films is None:
        return False
    is_on = all(number in viewer.feedback.picked for number in films)
    for number in films:
        (viewer.unmark if is_on else viewer.mark)(PICKED, number)
    return True


def _numbers(champion: Champion, group: TasteGroup) -> list[int]:
    return [int(champion.artefact.movie_ids[film]) for film in group.films]
