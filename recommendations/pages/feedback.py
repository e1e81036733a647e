"""What a visitor said about films in this visit: plain values, changed without side effects.

Ratings are ordered oldest first, as the ranking wants them: what was rated last says most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from recommendations.selectors.people import RatedMovie

LEAST_STARS, MOST_STARS = 1, 5
# A session is read on every request; so many films are some kilobytes.
MOST_RATINGS = MOST_HIDDEN = 500


@dataclass(frozen=True)
class Feedback:
    """Ratings (oldest first) and hidden films (by MovieLens number, oldest first), each film once."""

    ratings: tuple[RatedMovie, ...] = ()
    hidden: tuple[int, ...] = ()

    def stars_of(self, movie_id: int) -> int | None:
        """The stars that the film got, or ``None``."""
        return next((rating.stars for rating in self.ratings if rating.movie_id == movie_id), None)

    def place_of(self, movie_id: int) -> int | None:
        """The place of the film among the ratings, 0 for the oldest, or ``None``."""
        numbers = [rating.movie_id for rating in self.ratings]
        return numbers.index(movie_id) if movie_id in numbers else None

    def rate(self, movie_id: int, stars: int, place: int | None = None) -> Feedback:
        """With this rating at the end, or at ``place`` where an undo puts it back.

        The same stars again change nothing, so that a form sent twice is harmless. Beyond
        :data:`MOST_RATINGS` the oldest rating is forgotten.
        """
        if place is None and self.stars_of(movie_id) == stars:
            return self
        others = [rating for rating in self.ratings if rating.movie_id != movie_id]
        others.insert(len(others) if place is None else place, RatedMovie(movie_id, stars))
        return replace(self, ratings=tuple(others[-MOST_RATINGS:]))

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

    def to_session(self) -> dict[str, Any]:
        """As plain data for the session."""
        return {
            "ratings": [[kept.movie_id, kept.stars] for kept in self.ratings],
            "hidden": list(self.hidden),
        }

    @classmethod
    def from_session(cls, kept: Any) -> Feedback:
        """Read what :meth:`to_session` wrote; anything unreadable in it is left out."""
        if not isinstance(kept, dict):
            return cls()
        ratings: dict[int, int] = {}
        for pair in _list(kept.get("ratings")):
            if isinstance(pair, list) and len(pair) == 2 and all(type(number) is int for number in pair):
                movie_id, stars = pair
                if LEAST_STARS <= stars <= MOST_STARS:
                    ratings[movie_id] = stars
        hidden = dict.fromkeys(number for number in _list(kept.get("hidden")) if type(number) is int)
        return cls(tuple(RatedMovie(*pair) for pair in ratings.items()), tuple(hidden))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
