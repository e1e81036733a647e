"""Films that operators put into the catalogue, change and withdraw. They are found and recommended without training."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.errors import ConflictError, InvalidError
from recommendations.models import Credit, Genre, ModelVersion, Movie
from recommendations.models.catalogue import FIRST_ASIDE
from recommendations.models.new_films import SOURCE, NewFilm, NewFilmsState
from recommendations.ranking.storage import ArtefactError
from recommendations.ranking.titles import fold_title
from recommendations.search.breaker import CircuitOpenError, profile_breaker
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.documents import movie_document, unit_item_vectors
from recommendations.search.index_lifecycle import IndexNames
from recommendations.search.new_films import write_new_films
from recommendations.selectors.lists.champion import Champion, current_champion
from recommendations.selectors.new_films import new_film
from recommendations.services.audit import record_act
from recommendations.services.moving_marks import without_feedback
from recommendations.services.stored_sentences import (
    EXPOSURE_SET,
    FILM_CHANGED,
    FILM_PUT,
    FILM_WITHDRAWN,
    in_english,
)

LONGEST_TITLE, LONGEST_NAME, LONGEST_OVERVIEW, MOST_NAMES = 200, 120, 5_000, 100
EARLIEST_YEAR, LATEST_YEAR = 1870, 2100
logger = logging.getLogger(__name__)


class FilmConflictError(ConflictError):
    """The catalogue has the film already; nothing was put."""


class ShareError(InvalidError):
    """The share is not between 0 and 1."""

    field = "share"


@dataclass(frozen=True)
class NewFilmFacts:
    """What is told of a film; what is left out is unknown. ``genres`` are names of the data."""

    title: str
    year: int | None = None
    genres: tuple[str, ...] = ()
    overview: str = ""
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    imdb_id: str = ""
    tmdb_id: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


@transaction.atomic
def put_films(*, films: Sequence[tuple[str, NewFilmFacts]], by: User) -> list[tuple[NewFilm, bool]]:
    """Put films by key, or change those that are there; returns each, and whether it was new. All of them or none.

    A film that was withdrawn comes back with its number and what people said of it.

    Raises
    ------
    FilmConflictError
        If the data have the key or the film, or another new film is the same.
    """
    _touch()
    done = [_put(key, facts, by) for key, facts in films]
    transaction.on_commit(update_index)
    return done


@transaction.atomic
def withdraw_film(*, key: str, by: User) -> None:
    """Take a film out of the catalogue, of searches and lists. What people said of it is kept for its return.

    Raises
    ------
    recommendations.selectors.new_films.UnknownNewFilmError
    """
    _touch()
    film = new_film(key=key)
    movie = film.movie
    film.withdrawn_at, film.indexed_in, film.by = timezone.now(), "", by
    film.save(update_fields=["withdrawn_at", "indexed_in", "by", "changed_at"])
    if movie is not None and not without_feedback(Movie.objects.filter(pk=movie.pk)).delete()[0]:
        Movie.objects.filter(pk=movie.pk).update(movielens_id=FIRST_ASIDE + movie.pk)
    record_act(by=by, on=film, message=in_english(FILM_WITHDRAWN, film=str(film)))
    transaction.on_commit(update_index)


def set_exposure(*, share: float, by: User) -> NewFilmsState:
    """Say how much of a list new films may have.

    Raises
    ------
    ShareError
    """
    if not 0 <= share <= 1:
        raise ShareError(_("share is %(value)s; expected 0 to 1.") % {"value": share})
    with transaction.atomic():
        _touch()
        NewFilmsState.objects.filter(pk=1).update(share=share)
        state = NewFilmsState.now()
        record_act(by=by, on=state, message=in_english(EXPOSURE_SET, share=f"{share:g}"))
    return state


def _touch() -> None:
    """Tell every process that something has changed; whoever changes new films at the same time waits here."""
    NewFilmsState.objects.get_or_create(pk=1)
    NewFilmsState.objects.filter(pk=1).update(revision=F("revision") + 1)


def _put(key: str, facts: NewFilmFacts, by: User) -> tuple[NewFilm, bool]:
    film = NewFilm.objects.filter(key=key).select_related("movie").first() or NewFilm(key=key)
    is_new = film.pk is None or film.withdrawn_at is not None
    refuse_what_is_there(key, facts)
    unchanged = not is_new and film.facts == facts.as_dict()
    if unchanged:
        return film, False
    film.facts, film.indexed_in, film.by, film.withdrawn_at = facts.as_dict(), "", by, None
    film.save()
    movie = film.movie or Movie(source=SOURCE, key=key)
    movie.movielens_id, movie.title, movie.year = film.number, facts.title, facts.year
    movie.original_title = facts.title
    movie.imdb_id, movie.tmdb_id = facts.imdb_id, facts.tmdb_id
    movie.overview, movie.tags = facts.overview, list(facts.tags)
    movie.save()
    movie.credits.all().delete()
    Credit.objects.bulk_create(
        Credit(movie=movie, role=role, place=place, name=name, folded=fold_title(name)[:LONGEST_NAME])
        for role, names in ((Credit.Role.DIRECTOR, facts.directors), (Credit.Role.ACTOR, facts.cast))
        for place, name in enumerate(dict.fromkeys(names))
    )
    movie.genres.set([Genre.objects.get_or_create(name=name)[0] for name in facts.genres])
    if film.movie_id != movie.pk:
        film.movie = movie
        film.save(update_fields=["movie"])
    sentence = FILM_PUT if is_new else FILM_CHANGED
    record_act(by=by, on=film, message=in_english(sentence, film=str(film)))
    return film, is_new


def refuse_what_is_there(key: str, facts: NewFilmFacts) -> None:
    """Refuse a key that the data have, and a film that the catalogue has already: by number, or by title and year.

    Raises
    ------
    FilmConflictError
    """
    others = Movie.objects.each_once().exclude(source=SOURCE, key=key)
    if there := others.exclude(source=SOURCE).filter(key=key).first():
        raise FilmConflictError(
            _("The data have a film with the key %(key)s: %(film)s. Choose another key.")
            % {"key": key, "film": there}
        )
    same = Q()
    if facts.imdb_id:
        same |= Q(imdb_id=facts.imdb_id)
    if facts.tmdb_id:
        same |= Q(tmdb_id=facts.tmdb_id)
    found = others.filter(same).first() if same else None
    if found is None and facts.year is not None:
        folded = fold_title(facts.title)
        of_year = others.filter(year=facts.year)
        found = next((movie for movie in of_year if fold_title(movie.title) == folded), None)
    if found is not None:
        raise FilmConflictError(
            _("The catalogue has this film already, as number %(number)s: %(film)s.")
            % {"number": found.movielens_id, "film": found}
        )


def update_index() -> int:
    """Bring the champion's index in line with the new films that were put, changed or withdrawn; returns how many.

    Called after each change, and by the worker every few seconds, for other indices that have become live and for changes
    that found Elasticsearch away. Never raises because of Elasticsearch or a missing model.
    """
    label = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).values_list(
        "index_label", flat=True
    )
    live = label.first()
    if not live or not NewFilm.objects.exclude(indexed_in=live).exists():
        return 0
    try:
        champion = current_champion()
        if champion is None:
            return 0
        waiting = list(NewFilm.objects.exclude(indexed_in=champion.index_label))
        documents, gone = (
            _documents(champion, waiting),
            [str(film.number) for film in waiting if film.withdrawn_at is not None],
        )
        index = IndexNames.of(champion.index_label).movies
        profile_breaker().call(partial(write_new_films, get_client(), index, documents, gone))
    except CircuitOpenError:
        return 0  # its reason is in the log already
    except (SearchError, ArtefactError) as error:
        logger.warning("New films are not up to date in Elasticsearch: %s", error)
        return 0
    for film in waiting:
        # One that has been changed meanwhile is written again.
        NewFilm.objects.filter(pk=film.pk, changed_at=film.changed_at).update(indexed_in=champion.index_label)
    return len(waiting)


def _documents(champion: Champion, films: Sequence[NewFilm]) -> dict[str, dict[str, Any]]:
    artefact = champion.artefact
    there = [film for film in films if film.withdrawn_at is None and film.number in artefact.positions]
    if not there:
        return {}
    rows = [artefact.positions[film.number] for film in there]
    vectors = dict(zip(rows, unit_item_vectors(artefact, rows), strict=True))
    return {
        str(film.number): movie_document(artefact, vectors, row, {**film.facts, "mean_stars": None})
        for film, row in zip(there, rows, strict=True)
    }
