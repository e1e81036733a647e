"""What people said about films stays theirs when the catalogue changes: doubles, and films of another data set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Model, OuterRef, QuerySet
from django.utils import timezone

from recommendations.models import Credit, NewFilm, NewFilmsState, Rating
from recommendations.models.catalogue import FIRST_ASIDE, Movie
from recommendations.models.new_films import SOURCE as NEW_FILMS
from recommendations.ranking.titles import fold_title


class Film(Protocol):
    """What tells a film: its key in a data set."""

    @property
    def movielens_id(self) -> int: ...

    @property
    def key(self) -> str: ...

    @property
    def source(self) -> str: ...


def move_marks_of_twins(twins: dict[int, int]) -> None:
    """What people said about a film under its second number they said about the film; of two ratings the newer counts."""
    films = dict(Movie.objects.filter(movielens_id__in=twins.values()).values_list("movielens_id", "pk"))
    seconds = dict(Movie.objects.filter(movielens_id__in=twins).values_list("movielens_id", "pk"))
    _move({primary_key: films[twins[number]] for number, primary_key in seconds.items()})


def _move(films: Mapping[int, int]) -> None:
    """Move every mark from one film to another, both by primary key."""
    for model in _models_of_marks():
        for mark in model._default_manager.filter(movie__in=films):
            kept = films[getattr(mark, "movie_id")]  # noqa: B009  (which model it is, the database says)
            if isinstance(mark, Rating):
                older = Rating.objects.filter(user=mark.user_id, movie=kept, rated_at__lt=mark.rated_at)
                older.delete()
            try:
                with transaction.atomic():
                    model._default_manager.filter(pk=mark.pk).update(movie=kept)
            except IntegrityError:
                mark.delete()  # they have said so of the other film already


def _models_of_marks() -> Iterator[type[Model]]:
    """Everything that people say about films: what points to one by a field ``movie``."""
    for relation in Movie._meta.related_objects:
        if relation.one_to_many and relation.field.name == "movie" and relation.related_model is not Credit:
            yield relation.related_model


def without_feedback(films: QuerySet[Movie]) -> QuerySet[Movie]:
    """Those of them that nobody has marked."""
    for model in _models_of_marks():
        films = films.exclude(Exists(model._default_manager.filter(movie=OuterRef("pk"))))
    return films


def set_strangers_aside(wanted: Mapping[int, Film]) -> set[int]:
    """Make room for the films of a data set: those of others lose their numbers, and those of its own that were set aside
    get theirs back. Returns the primary keys of the others that somebody has marked; the rest of them goes.
    """
    sources = {film.source for film in wanted.values()}
    others = Movie.objects.exclude(source__in={*sources, NEW_FILMS})
    if not others.exists():
        return set()
    without_feedback(others).delete()
    strangers = set(others.values_list("pk", flat=True))
    _renumber({primary_key: FIRST_ASIDE + primary_key for primary_key in strangers})
    numbers = {(film.source, film.key): film.movielens_id for film in wanted.values()}
    back = Movie.objects.filter(source__in=sources, movielens_id__gte=FIRST_ASIDE)
    _renumber(
        {
            primary_key: numbers[source, key]
            for primary_key, source, key in back.values_list("pk", "source", "key")
            if (source, key) in numbers
        }
    )
    return strangers


def _renumber(numbers: Mapping[int, int]) -> None:
    for primary_key, number in numbers.items():
        Movie.objects.filter(pk=primary_key).exclude(movielens_id=number).update(
            movielens_id=number, twin_of=None
        )


def move_marks_to_the_same_films(strangers: set[int]) -> int:
    """Move what people said about films that were set aside to the same films of the catalogue; returns how many of those
    have none. By IMDb's number, else TMDB's, else folded title and year."""
    if not strangers:
        return 0
    there = Movie.objects.each_once().exclude(source=NEW_FILMS)
    films: dict[tuple[object, ...], int] = {}
    for movie in there.order_by("rating_count"):
        films |= dict.fromkeys(_telling(movie), movie.pk)
    moved = {}
    for movie in Movie.objects.filter(pk__in=strangers):
        found = next((films[tell] for tell in _telling(movie) if tell in films), None)
        if found is not None:
            moved[movie.pk] = found
    _move(moved)
    without_feedback(Movie.objects.filter(pk__in=moved)).delete()
    return len(strangers) - len(moved)


def give_up_new_films_that_the_data_have() -> int:
    """Films that were put after training and that the data have by now are those of the data, with what people said about
    them; returns how many."""
    put = set(
        NewFilm.objects.filter(withdrawn_at=None).exclude(movie=None).values_list("movie_id", flat=True)
    )
    if not put:
        return 0
    move_marks_to_the_same_films(put)
    now = timezone.now()
    given_up = NewFilm.objects.filter(withdrawn_at=None, movie=None).update(
        withdrawn_at=now, indexed_in="", changed_at=now
    )
    if given_up:
        NewFilmsState.objects.filter(pk=1).update(revision=F("revision") + 1)
    return given_up


def _telling(movie: Movie) -> list[tuple[object, ...]]:
    """What is the same for the same film in every data set, the surest first."""
    found: list[tuple[object, ...]] = []
    if movie.imdb_id:
        found.append(("imdb", movie.imdb_id))
    if movie.tmdb_id:
        found.append(("tmdb", movie.tmdb_id))
    if movie.year and (folded := fold_title(movie.title)):
        found.append(("title", folded, movie.year))
    return found
