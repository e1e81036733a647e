"""Kinds of films: genres and decades of which the history holds more, or less, than everybody's do.

With the smoothed share q of a kind among the liked ratings and its share b among everybody's, the lift is log(q / b). It
counts as far as there is evidence for it: 2n · KL(q ‖ b), the likelihood ratio of a share (Dunning 1993, "Accurate
methods for the statistics of surprise and coincidence"). Five films that anybody may have rated give hardly any, five
westerns much; and it fades as the other blocks learn from more ratings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.blocks.base import Block, Floats, Folded, Person, Singles, Words, gettext_noop
from recommendations.ranking.content import FilmContent
from recommendations.ranking.genres import GENRES


@dataclass(frozen=True)
class KindsParameters:
    """``liked`` and ``disliked`` are what 1 to 5 stars count for and against a kind; ``dislike`` is how much the lift of
    disliked kinds is taken off. Genres and decades weigh ``genres`` and ``decades`` times their lift, set in between
    the two values of ``…_evidence``. ``prior`` ratings of everybody's are added to a history, a lift is at least ``floor``,
    and after n ratings fade / (fade + n) of all this is left."""

    genres: float = 0.0
    decades: float = 0.0
    liked: tuple[float, ...] = (0.0, 0.0, 0.3, 0.75, 1.0)
    disliked: tuple[float, ...] = (1.0, 0.5, 0.0, 0.0, 0.0)
    dislike: float = 0.1
    genres_evidence: tuple[float, float] = (8.0, 16.0)
    decades_evidence: tuple[float, float] = (14.0, 22.0)
    prior: float = 2.0
    floor: float = -0.5
    fade: float = 10.0


@dataclass(frozen=True, eq=False)
class Kinds(Block):
    """One dimension for each genre (in the order of the version's), then one for each of the ``years`` (w,), the first
    years of decades. A film of several genres has each by one through the root of their number."""

    name = "kinds"
    title = "genres and decades"
    parameters = KindsParameters
    by_weighting = {"likes": KindsParameters(genres=0.8, decades=0.6), "any": KindsParameters()}
    words = {
        "taste_genre": Words(
            gettext_noop("Kind of film: %(genre)s"), gettext_noop("You like this kind of film: %(genre)s.")
        ),
        "taste_decade": Words(
            gettext_noop("Films of the %(decade)ss"), gettext_noop("You like films of the %(decade)ss.")
        ),
    }

    items: Singles  # (n, g + w)
    shares: Floats  # (g + w,) of everybody's ratings
    years: NDArray[np.int16]  # (w,)

    @classmethod
    def empty(cls, films: int) -> Self:
        """The block of a catalogue without genres and years: no dimensions."""
        return cls(np.zeros((films, 0), np.float32), np.zeros(0), np.zeros(0, np.int16))

    @property
    def dimensions(self) -> tuple[tuple[str, int], ...]:
        """The kind of part and its index, for each dimension."""
        genres = [("taste_genre", place) for place in range(len(self.shares) - len(self.years))]
        return (*genres, *(("taste_decade", int(year)) for year in self.years)) if len(self.shares) else ()

    def appended(
        self, films: Sequence[FilmContent], genres: tuple[str, ...], predicted: Mapping[str, Singles]
    ) -> Self:
        """The kinds of a film are known: nothing is predicted."""
        if self.is_empty:
            return replace(self, items=np.zeros((len(self.items) + len(films), 0), np.float32))
        member = [[name in film.genres and name != "unknown" for name in genres] for film in films]
        decades = np.array([film.decade for film in films], np.int16)
        rows = _rows(np.array(member, np.float64).reshape(len(films), len(genres)), decades, self.years)
        return replace(self, items=np.concatenate([self.items, rows]))

    def fold_in(self, person: Person) -> Folded:
        """The lifts for which the history is evidence."""
        own, history = person.artefact.parameters.of(KindsParameters), person.history
        if not len(history) or not (own.genres or own.decades):
            return Folded()
        member = (self.items[history.items] > 0).astype(np.float64)
        widths = [len(self.shares) - len(self.years), len(self.years)]
        strengths = np.repeat([own.genres, own.decades], widths)
        first, full = np.repeat([own.genres_evidence, own.decades_evidence], widths, axis=0).T
        lifts = self._proven(member, person.by_stars(own.liked), own, first, full)
        against = self._proven(member, person.by_stars(own.disliked), own, first, full)
        lifts = lifts - own.dislike * np.maximum(against, 0.0)
        return Folded(dimensions=strengths * lifts * own.fade / (own.fade + len(history)))

    def _proven(
        self, member: Floats, weights: Floats, own: KindsParameters, first: Floats, full: Floats
    ) -> Floats:
        """Each kind's lift in the weighted ratings, times the share of it that is proven (g + w,)."""
        total = float(weights.sum())
        if total <= 0:
            return np.zeros_like(self.shares)
        usual = np.clip(self.shares, 1e-9, 1 - 1e-9)
        found = weights @ member
        evidence = 2 * (_surprise(found, total * usual) + _surprise(total - found, total * (1 - usual)))
        lift = np.log((found + own.prior * usual) / (total + own.prior) / usual)
        proven = np.clip((evidence - first) / (full - first), 0.0, 1.0)
        return np.where(self.shares > 0, proven * np.maximum(lift, own.floor), 0.0)


def _surprise(found: Floats, expected: Floats) -> Floats:
    """found · log(found / expected), 0 where nothing was found."""
    return np.where(found > 1e-9, found * np.log(np.maximum(found, 1e-9) / expected), 0.0)


def make_kinds(
    genres: Singles,
    decades: NDArray[np.int16],
    rating_count: NDArray[np.int32],
    names: Sequence[str] = GENRES,
) -> Kinds:
    """The block of films with these genres (n, g) of these ``names`` (g,), decades (n,; 0 is unknown) and numbers of ratings (n,).

    "unknown" is no kind that somebody likes: its dimension stays 0.
    """
    member = genres.astype(np.float64)
    if "unknown" in names:
        member[:, list(names).index("unknown")] = 0.0
    years = np.array([year for year in np.unique(decades) if year], np.int16)
    rows = _rows(member, decades, years)
    of_decade = rows[:, member.shape[1] :]
    total = max(float(rating_count.sum()), 1.0)
    shares = rating_count @ np.hstack([member, of_decade]) / total
    return Kinds(rows, shares, years)


def _rows(member: Floats, decades: NDArray[np.int16], years: NDArray[np.int16]) -> Singles:
    """The films' dimensions (n, g + w) from their genres (n, g) and decades (n,)."""
    normed = member / np.sqrt(np.maximum(member.sum(axis=1, keepdims=True), 1.0))
    of_decade = (decades[:, None] == years).astype(np.float64)
    return np.hstack([normed, of_decade]).astype(np.float32)
