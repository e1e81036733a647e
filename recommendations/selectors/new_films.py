"""Reads films that were put into the catalogue after training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from recommendations.errors import MovierecError
from recommendations.models.new_films import FIRST_NEW, NewFilm
from recommendations.ranking.content import FilmContent


class UnknownNewFilmError(MovierecError):
    """No new film has this key, or it was withdrawn."""

    kind, status, field = "unknown-film", 404, "key"


def new_films() -> QuerySet[NewFilm]:
    """Those that are in the catalogue, the newest first."""
    return NewFilm.objects.filter(withdrawn_at=None)


def new_film(*, key: str) -> NewFilm:
    """The new film with this key.

    Raises
    ------
    UnknownNewFilmError
    """
    found = new_films().filter(key=key).first()
    if found is None:
        raise UnknownNewFilmError(_("There is no new film with the key %(key)s.") % {"key": key})
    return found


def contents_of_new_films() -> dict[int, FilmContent]:
    """What is known of each of them, by number. One query."""
    rows = new_films().values_list("pk", "facts")
    return {FIRST_NEW + primary_key: content_of(facts) for primary_key, facts in rows}


def content_of(facts: Mapping[str, Any]) -> FilmContent:
    """What the content tower looks at."""
    return FilmContent(
        genres=tuple(facts.get("genres", ())),
        year=facts.get("year"),
        tags=tuple(facts.get("tags", ())),
        people=(*facts.get("directors", ()), *facts.get("cast", ())),
        overview=facts.get("overview") or "",
    )
