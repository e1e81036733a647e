"""What somebody said about films: plain values, changed without side effects.

Ratings are ordered oldest first, as the ranking wants them: what was rated last says most.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from recommendations.selectors.lists.person import Mark, RatedMovie, history_of
from recommendations.stars import FEWEST_STARS, HALF, MOST_STARS, plain_stars

# A session is read on every request; so many films are some kilobytes.
MOST_RATINGS = MOST_HIDDEN = MOST_WATCHLIST = 500

# Marks that are kept with a moment.
SEEN, UNWANTED, PAUSED = MARKS = ("seen", "unwanted", "paused")
PICKED = "picked"
TIMED = (*MARKS, PICKED)


@dataclass(frozen=True)
class Before:
    """What a film had before a change, for the undo: its stars, when they were given (microseconds since 1970), and
    for a visitor its place among the ratings. All ``None`` for a film that was not rated."""

    stars: float | None = None
    moment: int | None = None
    place: int | None = None


@dataclass(frozen=True)
class Feedback:
    """Ratings, hidden films and the watchlist (by MovieLens number), all oldest first, each film once.

    ``moments`` tells by MovieLens number when a film was rated, in microseconds since 1970; ``seen`` and ``unwanted``
    ("less like this") when it was marked, ``picked`` when it came with a taste, and ``paused`` ("not tonight") until when it is not shown.
    """

    ratings: tuple[RatedMovie, ...] = ()
    hidden: tuple[int, ...] = ()
    watchlist: tuple[int, ...] = ()
    moments: Mapping[int, int] = field(default_factory=dict, compare=False)
    seen: Mapping[int, int] = field(default_factory=dict)
    unwanted: Mapping[int, int] = field(default_factory=dict)
    paused: Mapping[int, int] = field(default_factory=dict)
    picked: Mapping[int, int] = field(default_factory=dict)

    def stars_of(self, movie_id: int) -> float | None:
        """The stars that the film got, or ``None``."""
        return next((rating.stars for rating in self.ratings if rating.movie_id == movie_id), None)

    def before(self, movie_id: int) -> Before:
        """The film's rating, to be put back once it has changed."""
        for place, rating in enumerate(self.ratings):
            if rating.movie_id == movie_id:
                return Before(rating.stars, self.moments.get(movie_id), place)
        return Before()

    def rate(
        self, movie_id: int, stars: float, place: int | None = None, moment: int | None = None
    ) -> Feedback:
        """With this rating at the end, or at ``place`` and ``moment`` where an undo puts it back.

        The same stars again change nothing, so that a form sent twice is harmless. Beyond
        :data:`MOST_RATINGS` the oldest rating is forgotten.
        """
        if place is None and self.stars_of(movie_id) == stars:
            return self
        others = [rating for rating in self.ratings if rating.movie_id != movie_id]
        others.insert(len(others) if place is None else place, RatedMovie(movie_id, stars))
        kept = tuple(others[-MOST_RATINGS:])
        moments = {**self.moments, movie_id: now_or_before(moment)}
        known = {rating.movie_id: moments.get(rating.movie_id, 0) for rating in kept}
        return replace(self, ratings=kept, moments=known)

    def unrate(self, movie_id: int) -> Feedback:
        """Without a rating of this film."""
        return replace(self, ratings=tuple(kept for kept in self.ratings if kept.movie_id != movie_id))

    def hide(self, movie_id: int) -> Feedback:
        """With this film hidden."""
        if movie_id in self.hidden:
            return self
        return replace(self, hidden=(*self.hidden, movie_id)[-MOST_HIDDEN:])

    def unhide(self, movie_id: int) -> Feedback:
        """With this film shown again."""
        return replace(self, hidden=tuple(number for number in self.hidden if number != movie_id))

    def watch(self, movie_id: int) -> Feedback:
        """With this film on the watchlist."""
        if movie_id in self.watchlist:
            return self
        return replace(self, watchlist=(*self.watchlist, movie_id)[-MOST_WATCHLIST:])

    def unwatch(self, movie_id: int) -> Feedback:
        """Without this film on the watchlist."""
        return replace(self, watchlist=tuple(number for number in self.watchlist if number != movie_id))

    def mark(self, kind: str, movie_id: int, moment: int) -> Feedback:
        """With this film in one of :data:`TIMED`; what it was marked before stays, but for the end of a pause."""
        before: Mapping[int, int] = getattr(self, kind)
        if movie_id in before and kind != PAUSED:
            return self
        newest = list({**before, movie_id: moment}.items())[-MOST_HIDDEN:]
        return self.with_marks({kind: dict(newest)})

    def unmark(self, kind: str, movie_id: int) -> Feedback:
        """Without that mark."""
        before: Mapping[int, int] = getattr(self, kind)
        return self.with_marks({kind: {film: at for film, at in before.items() if film != movie_id}})

    def with_marks(self, changed: Mapping[str, Mapping[int, int]]) -> Feedback:
        """With these films of some of :data:`TIMED`."""
        kept: dict[str, Any] = dict(changed)
        return replace(self, **kept)

    def mark_of(self, movie_id: int) -> str:
        """Which of :data:`MARKS` the film has now, or an empty text; the one that holds longest."""
        kinds = [kind for kind in (UNWANTED, SEEN) if movie_id in getattr(self, kind)]
        paused = PAUSED if movie_id in self.not_shown and movie_id in self.paused else ""
        return kinds[0] if kinds else paused

    @property
    def history(self) -> tuple[RatedMovie, ...]:
        """Ratings and marks as the ranking wants them, oldest first."""
        marks = [
            *(RatedMovie.marked(number, Mark.TASTE) for number in self.picked),
            *(RatedMovie.marked(number, Mark.SEEN) for number in self.seen),
            *(RatedMovie.marked(number, Mark.LESS) for number in self.unwanted),
        ]
        return history_of(self.ratings, marks, {**self.picked, **self.seen, **self.unwanted, **self.moments})

    @property
    def not_shown(self) -> frozenset[int]:
        """Films that are hidden, for good or for tonight."""
        return frozenset((*self.hidden, *(number for number, until in self.paused.items() if until > _now())))

    def to_session(self) -> dict[str, Any]:
        """As plain data for the session."""
        return {
            "ratings": [[kept.movie_id, kept.stars] for kept in self.ratings],
            "hidden": list(self.hidden),
            "watchlist": list(self.watchlist),
            "moments": [self.moments.get(kept.movie_id, 0) for kept in self.ratings],
            **{kind: [list(pair) for pair in getattr(self, kind).items()] for kind in TIMED},
        }

    @classmethod
    def from_session(cls, kept: Any) -> Feedback:
        """Read what :meth:`to_session` wrote; anything unreadable in it is left out."""
        if not isinstance(kept, dict):
            return cls()
        ratings: dict[int, float] = {}
        moments: dict[int, int] = {}
        for pair, moment in zip_longest(_list(kept.get("ratings")), _list(kept.get("moments"))):
            if isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is int:
                movie_id, stars = pair
                if type(stars) in (int, float) and FEWEST_STARS <= stars <= MOST_STARS and not stars % HALF:
                    ratings[movie_id] = plain_stars(stars)
                    moments[movie_id] = moment if type(moment) is int else 0
        return cls(
            tuple(RatedMovie(*pair) for pair in ratings.items()),
            _numbers(kept.get("hidden")),
            _numbers(kept.get("watchlist")),
            moments,
            **{kind: _pairs(kept.get(kind)) for kind in (SEEN, UNWANTED, PICKED)},
            paused={film: until for film, until in _pairs(kept.get(PAUSED)).items() if until > _now()},
        )


def now_or_before(moment: int | None) -> int:
    """``moment`` (microseconds since 1970) unless it lies in the future or is not told: then now."""
    now = _now()
    return now if moment is None else min(moment, now)


def _now() -> int:
    return time.time_ns() // 1_000


def _numbers(value: Any) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for number in _list(value) if type(number) is int))


def _pairs(value: Any) -> dict[int, int]:
    pairs = (pair for pair in _list(value) if isinstance(pair, list) and len(pair) == 2)
    return {film: at for film, at in pairs if type(film) is int and type(at) is int}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
