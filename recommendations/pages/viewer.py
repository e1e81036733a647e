"""Who is looking: somebody signed in, whose marks are rows of the database, or a visitor, whose session keeps them.

Pages ask :func:`viewer_of` and need not know which of the two it is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import cast

from django.http import HttpRequest

from accounts.models import User
from recommendations.pages import remembered
from recommendations.pages.feedback import Feedback, now_or_before
from recommendations.ranking.dials import Dials
from recommendations.selectors.errors import UnknownFilmError
from recommendations.selectors.people import Person
from recommendations.selectors.viewers import demographics_of_user, marks_of_user
from recommendations.services import feedback as services
from recommendations.services.merging import (
    MergedRatings,
    TimedRating,
    from_microseconds,
    merge_marks,
    to_microseconds,
)

_KEPT = "_movierec_viewer"


class Viewer(ABC):
    """Whoever looks at the page. Each change returns the feedback before it, for the undo."""

    is_account = False

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    @abstractmethod
    def person(self) -> Person | None:
        """As the ranking sees them; ``None`` for a visitor who has not said how to start."""

    @property
    @abstractmethod
    def feedback(self) -> Feedback:
        """Ratings, hidden films and watchlist, oldest first."""

    @property
    def is_guest_view(self) -> bool:
        """True if somebody signed in looks at the list of a MovieLens number instead of their own."""
        return False

    @property
    @abstractmethod
    def dials(self) -> Dials:
        """How the list is tuned; neutral as long as nobody has turned a dial."""

    @abstractmethod
    def turn_dials(self, dials: Dials) -> None:
        """Keep the dials: with the account, or for the rest of the visit."""

    @abstractmethod
    def describe(self) -> str:
        """Whom the list is for, in a few words of the current language; only where there is a person."""

    @abstractmethod
    def rate(
        self, movie_id: int, stars: int, *, place: int | None = None, moment: int | None = None
    ) -> Feedback:
        """Give 1 to 5 stars; an undo tells the ``place`` and ``moment`` that the rating had."""

    @abstractmethod
    def unrate(self, movie_id: int) -> Feedback:
        """Take a rating back."""

    @abstractmethod
    def hide(self, movie_id: int) -> Feedback:
        """Never show the film again."""

    @abstractmethod
    def unhide(self, movie_id: int) -> Feedback:
        """Show the film again."""

    @abstractmethod
    def watch(self, movie_id: int) -> Feedback:
        """Put the film on the watchlist."""

    @abstractmethod
    def unwatch(self, movie_id: int) -> Feedback:
        """Take the film off the watchlist."""


class Visitor(Viewer):
    """Somebody whose marks live as long as the session; ``guest_of`` is the account that looks as somebody else."""

    def __init__(self, request: HttpRequest, guest_of: User | None = None) -> None:
        super().__init__(request)
        self._guest_of = guest_of

    @property
    def person(self) -> Person | None:
        return remembered.recall(self.request)

    @property
    def feedback(self) -> Feedback:
        return remembered.recall_feedback(self.request)

    @property
    def is_guest_view(self) -> bool:
        return self._guest_of is not None

    @property
    def dials(self) -> Dials:
        return remembered.recall_dials(self.request)

    def turn_dials(self, dials: Dials) -> None:
        remembered.remember_dials(self.request, dials)

    def describe(self) -> str:
        person = self.person
        return "" if person is None else remembered.describe(person)

    def rate(
        self, movie_id: int, stars: int, *, place: int | None = None, moment: int | None = None
    ) -> Feedback:
        return self._change(lambda kept: kept.rate(movie_id, stars, place, moment))

    def unrate(self, movie_id: int) -> Feedback:
        return self._change(lambda kept: kept.unrate(movie_id))

    def hide(self, movie_id: int) -> Feedback:
        return self._change(lambda kept: kept.hide(movie_id))

    def unhide(self, movie_id: int) -> Feedback:
        return self._change(lambda kept: kept.unhide(movie_id))

    def watch(self, movie_id: int) -> Feedback:
        return self._change(lambda kept: kept.watch(movie_id))

    def unwatch(self, movie_id: int) -> Feedback:
        return self._change(lambda kept: kept.unwatch(movie_id))

    def _change(self, change: Callable[[Feedback], Feedback]) -> Feedback:
        before, _after = remembered.change_feedback(self.request, change)
        return before


class Account(Viewer):
    """Somebody signed in."""

    is_account = True

    def __init__(self, request: HttpRequest, user: User) -> None:
        super().__init__(request)
        self.user = user

    @property
    def person(self) -> Person:
        feedback = self.feedback
        return Person(
            demographics=demographics_of_user(user=self.user),
            ratings=feedback.ratings,
            hidden=frozenset(feedback.hidden),
        )

    @property
    def feedback(self) -> Feedback:
        return self._feedback

    @cached_property
    def _feedback(self) -> Feedback:
        marks = marks_of_user(user=self.user)
        numbers = (rating.movie_id for rating in marks.ratings)
        moments = dict(zip(numbers, map(to_microseconds, marks.rated_at), strict=True))
        return Feedback(marks.ratings, marks.hidden, marks.watchlist, moments)

    @property
    def dials(self) -> Dials:
        return Dials.from_dict(self.user.dials)

    def turn_dials(self, dials: Dials) -> None:
        services.keep_dials(user=self.user, dials=dials)

    def describe(self) -> str:
        return self.user.get_username()

    def rate(
        self, movie_id: int, stars: int, *, place: int | None = None, moment: int | None = None
    ) -> Feedback:
        # The moment alone puts a rating back to its place.
        rated_at = None if moment is None else from_microseconds(now_or_before(moment))
        return self._change(
            lambda: services.rate_movie(user=self.user, movie_id=movie_id, stars=stars, rated_at=rated_at)
        )

    def unrate(self, movie_id: int) -> Feedback:
        return self._change(lambda: services.remove_rating(user=self.user, movie_id=movie_id))

    def hide(self, movie_id: int) -> Feedback:
        return self._change(lambda: services.hide_movie(user=self.user, movie_id=movie_id))

    def unhide(self, movie_id: int) -> Feedback:
        return self._change(lambda: services.unhide_movie(user=self.user, movie_id=movie_id))

    def watch(self, movie_id: int) -> Feedback:
        return self._change(lambda: services.add_to_watchlist(user=self.user, movie_id=movie_id))

    def unwatch(self, movie_id: int) -> Feedback:
        return self._change(lambda: services.remove_from_watchlist(user=self.user, movie_id=movie_id))

    def _change(self, write: Callable[[], object]) -> Feedback:
        before = self.feedback
        # A film that has left the catalogue took its marks along: there is nothing to take back.
        with suppress(UnknownFilmError):
            write()
        self.forget_read()
        return before

    def forget_read(self) -> None:
        """Read the marks again the next time: they have changed."""
        self.__dict__.pop("_feedback", None)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking at this request; the same object for the whole of it."""
    if not hasattr(request, _KEPT):
        user = signed_in(request)
        if user is None:
            viewer: Viewer = Visitor(request)
        elif (kept := remembered.recall(request)) is not None and kept.movielens_user is not None:
            viewer = Visitor(request, guest_of=user)
        else:
            viewer = Account(request, user)
        setattr(request, _KEPT, viewer)
    return cast(Viewer, getattr(request, _KEPT))


def signed_in(request: HttpRequest) -> User | None:
    """The account of this request, or ``None``."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def look_as(request: HttpRequest, person: Person) -> None:
    """Show the list of ``person`` from now on.

    Somebody signed in looks at a MovieLens number as a guest; as a newcomer they are themselves, and what they tell
    goes into their profile where that is still empty.
    """
    user = signed_in(request)
    if user is None or person.movielens_user is not None:
        remembered.remember(request, person)
    else:
        remembered.forget(request)
        merge_marks(user=user, demographics=person.demographics)
    _forget_viewer(request)


def look_as_oneself(request: HttpRequest) -> None:
    """End a guest view; what was said in it goes with it. Only for somebody signed in."""
    if signed_in(request) is not None:
        remembered.forget(request)
        _forget_viewer(request)


def bring_visit_into_account(request: HttpRequest, user: User) -> MergedRatings:
    """Move what the visit has gathered into the account: ratings (the newer one wins), hidden films, watchlist,
    what the visitor told about themselves, and the dials if the account has none turned. Afterwards the session
    keeps none of it."""
    person, feedback = remembered.recall(request), remembered.recall_feedback(request)
    # A MovieLens number is somebody else, with a profile and a taste of their own.
    is_guest = person is not None and person.movielens_user is not None
    merged = merge_marks(
        user=user,
        ratings=[
            TimedRating(
                rating.movie_id, rating.stars, from_microseconds(feedback.moments.get(rating.movie_id, 0))
            )
            for rating in feedback.ratings
        ],
        hidden=feedback.hidden,
        watchlist=feedback.watchlist,
        demographics=None if person is None or is_guest else person.demographics,
    )
    turned = remembered.recall_dials(request)
    if not is_guest and not turned.is_neutral and Dials.from_dict(user.dials).is_neutral:
        services.keep_dials(user=user, dials=turned)
    remembered.forget(request)
    _forget_viewer(request)
    return merged


def _forget_viewer(request: HttpRequest) -> None:
    if hasattr(request, _KEPT):
        delattr(request, _KEPT)
