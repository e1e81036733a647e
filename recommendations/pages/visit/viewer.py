"""Who is looking: somebody signed in, whose marks are rows of the database, or a visitor, whose session keeps them.

Pages ask :func:`recommendations.pages.visit.requests.viewer_of` and need not know which of the two it is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from recommendations.pages.visit import session
from recommendations.pages.visit.values import PAUSED, PICKED, SEEN, UNWANTED, Before, Feedback, now_or_before
from recommendations.ranking.dials import LIST_KINDS, NEXT, Dials
from recommendations.selectors.lists.person import Person, UnknownFilmError
from recommendations.selectors.viewers import demographics_of_user, marks_of_user, rating_before
from recommendations.services import feedback as services
from recommendations.services.merging import from_microseconds, to_microseconds

_MARKING: dict[str, tuple[Callable[..., object], Callable[..., object]]] = {
    SEEN: (services.mark_seen, services.unmark_seen),
    UNWANTED: (services.want_less_like, services.want_like_before),
    PAUSED: (services.pause_movie, services.resume_movie),
    PICKED: (services.pick_movie, services.unpick_movie),
}


class Viewer(ABC):
    """Whoever looks at the page. Each change returns what the film had before it, for the undo."""

    is_account = False

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    @abstractmethod
    def person(self) -> Person | None:
        """As the ranking sees them; ``None`` for a visitor who has not said how to start."""

    @property
    @abstractmethod
    def has_person(self) -> bool:
        """Whether there is a person, without reading what they said about films."""

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

    @property
    @abstractmethod
    def list_kind(self) -> str:
        """Which of :data:`LIST_KINDS` they look at."""

    @abstractmethod
    def choose_list_kind(self, kind: str) -> None:
        """Keep the kind: with the account, or for the rest of the visit."""

    @property
    @abstractmethod
    def hides_stars(self) -> bool:
        """Whether they want to see no predicted stars."""

    @abstractmethod
    def hide_stars(self, hidden: bool) -> None:
        """Keep that: with the account, or for the rest of the visit."""

    @abstractmethod
    def describe(self) -> str:
        """Whom the list is for, in a few words of the current language; only where there is a person."""

    @abstractmethod
    def rate(
        self, movie_id: int, stars: float, *, place: int | None = None, moment: int | None = None
    ) -> Before:
        """Give 1 to 5 stars; an undo tells the ``place`` and ``moment`` that the rating had."""

    @abstractmethod
    def unrate(self, movie_id: int) -> Before:
        """Take the rating of this film back."""

    @abstractmethod
    def hide(self, movie_id: int) -> Before:
        """Never show the film again."""

    @abstractmethod
    def unhide(self, movie_id: int) -> Before:
        """Let lists show this film again."""

    @abstractmethod
    def watch(self, movie_id: int) -> Before:
        """Put the film on the watchlist."""

    @abstractmethod
    def unwatch(self, movie_id: int) -> Before:
        """Take the film off the watchlist."""

    @abstractmethod
    def mark(self, kind: str, movie_id: int) -> Before:
        """Mark the film as one of :data:`recommendations.pages.visit.values.TIMED`."""

    @abstractmethod
    def unmark(self, kind: str, movie_id: int) -> Before:
        """Remove a mark of this kind from the film."""


class Visitor(Viewer):
    """Somebody whose marks live as long as the session; ``guest_of`` is the account that looks as somebody else."""

    def __init__(self, request: HttpRequest, guest_of: User | None = None) -> None:
        super().__init__(request)
        self._guest_of = guest_of

    @property
    def person(self) -> Person | None:
        person = session.recall(self.request)
        return None if person is None else replace(person, hides_stars=self.hides_stars)

    @property
    def has_person(self) -> bool:
        return self.person is not None

    @property
    def feedback(self) -> Feedback:
        return session.recall_feedback(self.request)

    @property
    def is_guest_view(self) -> bool:
        return self._guest_of is not None

    @property
    def dials(self) -> Dials:
        return session.recall_dials(self.request)

    def turn_dials(self, dials: Dials) -> None:
        session.remember_dials(self.request, dials)

    @property
    def list_kind(self) -> str:
        return session.recall_list_kind(self.request)

    def choose_list_kind(self, kind: str) -> None:
        session.remember_list_kind(self.request, kind)

    @property
    def hides_stars(self) -> bool:
        # Who looks as somebody else still sees with their own eyes.
        guest = self._guest_of
        return session.recall_hides_stars(self.request) if guest is None else guest.hides_predicted_stars

    def hide_stars(self, hidden: bool) -> None:
        if self._guest_of is not None:
            services.hide_predicted_stars(user=self._guest_of, hidden=hidden)
        else:
            session.remember_hides_stars(self.request, hidden)

    def describe(self) -> str:
        person = self.person
        return "" if person is None else session.describe(person)

    def rate(
        self, movie_id: int, stars: float, *, place: int | None = None, moment: int | None = None
    ) -> Before:
        return self._change(movie_id, lambda kept: kept.rate(movie_id, stars, place, moment))

    def unrate(self, movie_id: int) -> Before:
        return self._change(movie_id, lambda kept: kept.unrate(movie_id))

    def hide(self, movie_id: int) -> Before:
        return self._change(movie_id, lambda kept: kept.hide(movie_id))

    def unhide(self, movie_id: int) -> Before:
        return self._change(movie_id, lambda kept: kept.unhide(movie_id))

    def watch(self, movie_id: int) -> Before:
        return self._change(movie_id, lambda kept: kept.watch(movie_id))

    def unwatch(self, movie_id: int) -> Before:
        return self._change(movie_id, lambda kept: kept.unwatch(movie_id))

    def mark(self, kind: str, movie_id: int) -> Before:
        now = timezone.now()
        moment = to_microseconds(services.end_of_tonight(now) if kind == PAUSED else now)
        return self._change(movie_id, lambda kept: kept.mark(kind, movie_id, moment))

    def unmark(self, kind: str, movie_id: int) -> Before:
        return self._change(movie_id, lambda kept: kept.unmark(kind, movie_id))

    def _change(self, movie_id: int, change: Callable[[Feedback], Feedback]) -> Before:
        before, _after = session.change_feedback(self.request, change)
        return before.before(movie_id)


class Account(Viewer):
    """Somebody signed in: what they do is kept in the database."""

    is_account = True

    def __init__(self, request: HttpRequest, user: User) -> None:
        super().__init__(request)
        self.user = user

    @property
    def person(self) -> Person:
        feedback = self.feedback
        return Person(
            demographics=demographics_of_user(user=self.user),
            ratings=feedback.history,
            hidden=feedback.not_shown,
            hides_stars=self.hides_stars,
        )

    @property
    def has_person(self) -> bool:
        return True

    @property
    def feedback(self) -> Feedback:
        return self._feedback

    @cached_property
    def _feedback(self) -> Feedback:
        marks = marks_of_user(user=self.user)
        numbers = (rating.movie_id for rating in marks.ratings)
        moments = dict(zip(numbers, map(to_microseconds, marks.rated_at), strict=True))
        timed = {SEEN: marks.seen, UNWANTED: marks.unwanted, PAUSED: marks.paused, PICKED: marks.picked}
        return Feedback(
            marks.ratings,
            marks.hidden,
            marks.watchlist,
            moments,
            **{
                kind: {number: to_microseconds(at) for number, at in films.items()}
                for kind, films in timed.items()
            },
        )

    @property
    def dials(self) -> Dials:
        return Dials.from_dict(self.user.dials)

    def turn_dials(self, dials: Dials) -> None:
        services.keep_dials(user=self.user, dials=dials)

    @property
    def list_kind(self) -> str:
        kept = self.user.list_kind
        return kept if kept in LIST_KINDS else NEXT

    def choose_list_kind(self, kind: str) -> None:
        services.keep_list_kind(user=self.user, kind=kind)

    @property
    def hides_stars(self) -> bool:
        return self.user.hides_predicted_stars

    def hide_stars(self, hidden: bool) -> None:
        services.hide_predicted_stars(user=self.user, hidden=hidden)

    def describe(self) -> str:
        return self.user.get_username()

    def rate(
        self, movie_id: int, stars: float, *, place: int | None = None, moment: int | None = None
    ) -> Before:
        # The moment alone puts a rating back to its place.
        rated_at = None if moment is None else from_microseconds(now_or_before(moment))
        return self._change(
            movie_id,
            lambda: services.rate_movie(user=self.user, movie_id=movie_id, stars=stars, rated_at=rated_at),
        )

    def unrate(self, movie_id: int) -> Before:
        return self._change(movie_id, lambda: services.remove_rating(user=self.user, movie_id=movie_id))

    def hide(self, movie_id: int) -> Before:
        return self._change(movie_id, lambda: services.hide_movie(user=self.user, movie_id=movie_id))

    def unhide(self, movie_id: int) -> Before:
        return self._change(movie_id, lambda: services.unhide_movie(user=self.user, movie_id=movie_id))

    def watch(self, movie_id: int) -> Before:
        return self._change(movie_id, lambda: services.add_to_watchlist(user=self.user, movie_id=movie_id))

    def unwatch(self, movie_id: int) -> Before:
        return self._change(
            movie_id, lambda: services.remove_from_watchlist(user=self.user, movie_id=movie_id)
        )

    def mark(self, kind: str, movie_id: int) -> Before:
        return self._change(movie_id, lambda: _MARKING[kind][0](user=self.user, movie_id=movie_id))

    def unmark(self, kind: str, movie_id: int) -> Before:
        return self._change(movie_id, lambda: _MARKING[kind][1](user=self.user, movie_id=movie_id))

    def _change(self, movie_id: int, write: Callable[[], object]) -> Before:
        stars, rated_at = rating_before(user=self.user, movie_id=movie_id)
        # A film that has left the catalogue took its marks along: there is nothing to take back.
        with suppress(UnknownFilmError):
            write()
        self.forget_read()
        return Before(stars, None if rated_at is None else to_microseconds(rated_at))

    def forget_read(self) -> None:
        """Read the marks again the next time: they have changed."""
        self.__dict__.pop("_feedback", None)
