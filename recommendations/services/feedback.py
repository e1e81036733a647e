"""What people say about films. The database is the source of truth; the person's document follows within seconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.errors import InvalidError
from recommendations.models import (
    HiddenMovie,
    Movie,
    PausedMovie,
    PickedMovie,
    Rating,
    SeenMovie,
    UnwantedMovie,
    WatchlistItem,
)
from recommendations.models.feedback import MovieMark
from recommendations.ranking.dials import LIST_KINDS, Dials
from recommendations.selectors.catalogue import unknown_film
from recommendations.selectors.lists.champion import champion_data
from recommendations.services.profiles import mark_profile_stale
from recommendations.stars import FEWEST_STARS, HALF, MOST_STARS, STARS

# "Not tonight" holds at least so long.
SHORTEST_NIGHT = timedelta(hours=6)


Mark = TypeVar("Mark", bound=MovieMark)


class InvalidStarsError(InvalidError):
    """Stars are not a whole number from 1 to 5."""


@transaction.atomic
def rate_movie(*, user: User, movie_id: int, stars: float, rated_at: datetime | None = None) -> Rating:
    """Give a film (MovieLens number) 1 to 5 stars; other stars than before replace them and count as of now.

    The same stars again change nothing. ``rated_at`` is for an undo, which puts a rating back to its place. Of two tabs at the same moment the later one wins.

    Raises
    ------
    UnknownFilmError, InvalidStarsError
    """
    if type(stars) is not int or stars not in STARS:
        # Only now the version is asked whether it has half stars.
        is_half = type(stars) in (int, float) and FEWEST_STARS <= stars <= MOST_STARS and not stars % HALF
        has_halves = champion_data().has_halves
        if not (is_half and has_halves):
            sentence = (
                _("stars is %(value)s; expected half or whole stars from 0.5 to 5.")
                if has_halves
                else _("stars is %(value)s; expected a whole number from 1 to 5.")
            )
            raise InvalidStarsError(sentence % {"value": stars})
    movie = _film(movie_id)
    unchanged = Rating.objects.filter(user=user, movie=movie, stars=stars).first()
    if unchanged is not None and rated_at is None:
        return unchanged
    # One statement, so that two tabs cannot come between looking and writing.
    Rating.objects.bulk_create(
        [Rating(user=user, movie=movie, stars=stars, rated_at=rated_at or timezone.now())],
        update_conflicts=True,
        unique_fields=["user", "movie"],
        update_fields=["stars", "rated_at"],
    )
    mark_profile_stale(user_id=user.pk)
    return Rating.objects.get(user=user, movie=movie)


def keep_dials(*, user: User, dials: Dials) -> None:
    """Keep how somebody tunes their list; it changes no document, since dials only act on a query."""
    user.dials = dials.to_dict()
    user.save(update_fields=["dials"])


def keep_list_kind(*, user: User, kind: str) -> None:
    """Keep which kind of list somebody looks at, one of :data:`recommendations.ranking.dials.LIST_KINDS`.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if kind not in LIST_KINDS:
        raise ValueError(f"{kind!r} is no kind of list; expected one of {', '.join(LIST_KINDS)}")
    user.list_kind = kind
    user.save(update_fields=["list_kind"])


def hide_predicted_stars(*, user: User, hidden: bool) -> None:
    """Keep whether somebody wants to see what they would probably give a film; seen, it pulls their own stars."""
    user.hides_predicted_stars = hidden
    user.save(update_fields=["hides_predicted_stars"])


@transaction.atomic
def remove_rating(*, user: User, movie_id: int) -> bool:
    """Take a rating back; returns whether there was one.

    Raises
    ------
    UnknownFilmError
    """
    removed = _remove(Rating, user, movie_id)
    if removed:
        mark_profile_stale(user_id=user.pk)
    return removed


def hide_movie(*, user: User, movie_id: int) -> HiddenMovie:
    """Never show this film to the person again, until :func:`unhide_movie`. Raises ``UnknownFilmError``."""
    return _put(HiddenMovie, user, movie_id)


def unhide_movie(*, user: User, movie_id: int) -> bool:
    """Show a hidden film again; returns whether it was hidden. Raises ``UnknownFilmError``."""
    return _remove(HiddenMovie, user, movie_id)


@transaction.atomic
def mark_seen(*, user: User, movie_id: int) -> SeenMovie:
    """Say that the film was seen, without stars: it is not shown, and counts as a little interest.

    Raises
    ------
    UnknownFilmError
    """
    mark_profile_stale(user_id=user.pk)
    return _put(SeenMovie, user, movie_id)


@transaction.atomic
def unmark_seen(*, user: User, movie_id: int) -> bool:
    """Take that back; returns whether it was marked. Raises ``UnknownFilmError``."""
    mark_profile_stale(user_id=user.pk)
    return _remove(SeenMovie, user, movie_id)


@transaction.atomic
def want_less_like(*, user: User, movie_id: int) -> UnwantedMovie:
    """Hide the film and lower those like it. Raises ``UnknownFilmError``."""
    mark_profile_stale(user_id=user.pk)
    return _put(UnwantedMovie, user, movie_id)


@transaction.atomic
def want_like_before(*, user: User, movie_id: int) -> bool:
    """Take that back; returns whether there was something to take back. Raises ``UnknownFilmError``."""
    mark_profile_stale(user_id=user.pk)
    return _remove(UnwantedMovie, user, movie_id)


@transaction.atomic
def pick_movie(*, user: User, movie_id: int) -> PickedMovie:
    """Let the film stand for a taste that the person picked. Raises ``UnknownFilmError``."""
    mark_profile_stale(user_id=user.pk)
    return _put(PickedMovie, user, movie_id)


@transaction.atomic
def unpick_movie(*, user: User, movie_id: int) -> bool:
    """Take that back; returns whether it was picked. Raises ``UnknownFilmError``."""
    mark_profile_stale(user_id=user.pk)
    return _remove(PickedMovie, user, movie_id)


def pause_movie(*, user: User, movie_id: int) -> PausedMovie:
    """Do not show the film tonight; again tomorrow. Raises ``UnknownFilmError``."""
    until = end_of_tonight(timezone.now())
    paused = PausedMovie.objects.update_or_create(user=user, movie=_film(movie_id), defaults={"until": until})
    return paused[0]


def resume_movie(*, user: User, movie_id: int) -> bool:
    """Show the film tonight after all; returns whether it was put off. Raises ``UnknownFilmError``."""
    return _remove(PausedMovie, user, movie_id)


def end_of_tonight(now: datetime) -> datetime:
    """Midnight of the site's time zone, but not within :data:`SHORTEST_NIGHT`: late in the evening the night is longer."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return max(midnight, now + SHORTEST_NIGHT)


def add_to_watchlist(*, user: User, movie_id: int) -> WatchlistItem:
    """Remember a film to be seen. Raises ``UnknownFilmError``."""
    return _put(WatchlistItem, user, movie_id)


def remove_from_watchlist(*, user: User, movie_id: int) -> bool:
    """Take a film off the list; returns whether it was on it. Raises ``UnknownFilmError``."""
    return _remove(WatchlistItem, user, movie_id)


def _put(model: type[Mark], user: User, movie_id: int) -> Mark:
    """The person's mark of this kind on the film, made if there is none.

    One statement, so that another tab cannot come between looking and writing; if it takes the mark back at once, the mark
    that was made is returned all the same.
    """
    mark = model(user=user, movie=_film(movie_id))
    rows = model._default_manager
    rows.bulk_create([mark], ignore_conflicts=True)
    return rows.filter(user=user, movie=mark.movie).first() or mark


@transaction.atomic
def forget_taste(*, user: User) -> int:
    """Remove every rating and mark of the account but the watchlist. Returns how many ratings there were."""
    removed, _by_model = Rating.objects.filter(user=user).delete()
    for model in (HiddenMovie, SeenMovie, UnwantedMovie, PausedMovie, PickedMovie):
        model._default_manager.filter(user=user).delete()
    mark_profile_stale(user_id=user.pk)
    return removed


def _film(movie_id: int) -> Movie:
    movie = Movie.objects.numbered(movie_id).first()
    if movie is None:
        raise unknown_film(movie_id)
    return movie


def _remove(mark: type[models.Model], user: User, movie_id: int) -> bool:
    deleted, _by_model = mark._default_manager.filter(user=user, movie=_film(movie_id)).delete()
    return deleted > 0
