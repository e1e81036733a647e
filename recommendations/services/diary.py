"""When a film was seen: entries of the diary, made and removed."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.errors import ConflictError, InvalidError
from recommendations.models import Movie, Rating, Viewing
from recommendations.selectors.catalogue import unknown_film
from recommendations.services.feedback import mark_seen

# The first films were shown to people who paid for them on this day.
FIRST_DAY = date(1895, 12, 28)


class ViewingError(InvalidError):
    """The day is none on which a film can have been seen."""

    field = "seen_on"


class ViewingExistsError(ConflictError):
    """The diary has this film on this day already."""


def add_viewing(*, user: User, movie_id: int, seen_on: date | None = None) -> Viewing:
    """Write into the diary that a film (MovieLens number) was seen, today if no day is given.

    It counts as seen again if the diary has it on an earlier day. A film without stars is marked as seen besides.

    Raises
    ------
    UnknownFilmError, ViewingError, ViewingExistsError
    """
    day = seen_on or timezone.localdate()
    # Somewhere it is tomorrow already.
    if not FIRST_DAY <= day <= timezone.localdate() + timedelta(days=1):
        raise ViewingError(
            _("%(day)s is no day on which a film can have been seen; expected one from 1895 to today.")
            % {"day": day.isoformat()}
        )
    movie = Movie.objects.numbered(movie_id).first()
    if movie is None:
        raise unknown_film(movie_id)
    stars = Rating.objects.filter(user=user, movie=movie).values_list("stars", flat=True).first()
    earlier = Viewing.objects.filter(user=user, movie=movie, seen_on__lt=day)
    try:
        with transaction.atomic():
            if stars is None:
                mark_seen(user=user, movie_id=movie.movielens_id)
            return Viewing.objects.create(
                user=user, movie=movie, seen_on=day, again=earlier.exists(), stars=stars
            )
    except IntegrityError:
        raise ViewingExistsError(
            _("Your diary has %(film)s on this day already.") % {"film": movie.title}
        ) from None


def remove_viewing(*, user: User, number: int) -> bool:
    """Take an entry out of the diary; returns whether there was one."""
    return bool(Viewing.objects.filter(user=user, pk=number).delete()[0])
