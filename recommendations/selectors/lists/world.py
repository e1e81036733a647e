"""One look at the world: the champion, a person and their dials, taken together once per request and handed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.stars import PredictedStars, Stars
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import LIKE, NEXT, Dials
from recommendations.ranking.filters import Bounds, Filters
from recommendations.ranking.fold_in import Taste, fold_in
from recommendations.ranking.house import House
from recommendations.ranking.people import History
from recommendations.ranking.score import ScorePlan, make_plan, order_by_stars, rank_films, score_films
from recommendations.ranking.storage import ArtefactError
from recommendations.selectors.film_details import films_that_fit
from recommendations.selectors.lists.champion import Champion, current_champion
from recommendations.selectors.lists.person import (
    DamagedModelError,
    Mark,
    NoModelError,
    Person,
    UnknownPersonError,
)
from recommendations.selectors.registry import NO_MODEL
from recommendations.stars import plain_stars

# What is said of the person as a whole (my taste, how much rests on ratings) is read off so many of their best films.
BEST_FILMS = 50


@dataclass(frozen=True)
class Shuffle:
    """That the order of a list is drawn: by which ``seed``, and for which share of lists."""

    seed: str
    share: float


@dataclass(frozen=True)
class Look:
    """What an answer is made from. Everything that is made from the same look speaks of one version and one person.

    ``taste`` is the person folded in, ``plan`` the query that it makes with the ``dials``, which are turned as the
    ``kind`` of list turns them; ``excluded`` are the films never to show (MovieLens numbers), ``filters`` what this list is
    narrowed to, and ``only`` the films that it may have at all, or ``None`` for all. ``marks`` are the positions of films in
    the history that were marked and not rated. ``house`` are the rules of the house that hold for this list. With ``shuffle`` its order is drawn.
    """

    champion: Champion
    person: Person
    dials: Dials
    demographics: Demographics
    history: History
    taste: Taste
    plan: ScorePlan
    excluded: frozenset[int]
    kind: str = NEXT
    filters: Filters = Filters()
    marks: Mapping[int, Mark] = field(default_factory=dict)
    only: frozenset[int] | None = None
    house: House = House()
    shuffle: Shuffle | None = None

    @property
    def artefact(self) -> Artefact:
        """The arrays of the champion that this look holds on to."""
        return self.champion.artefact

    @property
    def excluded_rows(self) -> NDArray[np.int32]:
        """The positions of the excluded films that the model knows."""
        positions = self.artefact.positions
        return np.array([positions[number] for number in self.excluded if number in positions], np.int32)

    @cached_property
    def predicted(self) -> PredictedStars | None:
        """What the person would give every film; ``None`` if the version was trained before there were predictions."""
        block = self.artefact.block(Stars)
        return None if block.is_empty else block.predict(self.rated_history)

    def stars_of(self, film: int) -> float | None:
        """The stars that the person gave the film at this position, here or in the data."""
        if film in self.marks:
            return None
        found = self.history.stars[self.history.items == film]
        return plain_stars(float(found[-1])) if found.size else None

    @cached_property
    def bounds(self) -> Bounds:
        """What a film of the list must fit: the filters, and what the dial of discovery asks for."""
        return self.filters.bounds(self.artefact, discovery=self.dials.discovery)

    @cached_property
    def kept_out(self) -> NDArray[np.int32]:
        """The positions of the films that the list cannot have: excluded ones, those outside of the bounds, those that are
        not among the only ones, and those that the house hides."""
        if self.bounds.is_open and self.only is None:
            if not self.house.hidden.size:
                return self.excluded_rows
            return np.union1d(self.excluded_rows, self.house.hidden).astype(np.int32)
        fits = self.bounds.mask(self.artefact)
        if self.only is not None:
            fits &= np.isin(self.artefact.movie_ids, list(self.only))
        fits[self.house.hidden] = False
        return np.union1d(self.excluded_rows, np.flatnonzero(~fits)).astype(np.int32)

    @property
    def withheld(self) -> frozenset[int]:
        """The films (their numbers) that the house hides."""
        return frozenset(self.artefact.movie_ids[self.house.hidden].tolist())

    @cached_property
    def rated(self) -> NDArray[np.intp]:
        """The places in the history that have stars of the person's own, oldest first."""
        return np.flatnonzero(~np.isin(self.history.items, list(self.marks)))

    @cached_property
    def rated_history(self) -> History:
        """The history without marks."""
        return History(self.history.items[self.rated], self.history.stars[self.rated])

    @cached_property
    def picked(self) -> frozenset[int]:
        """The films (MovieLens numbers) of tastes that were picked."""
        rows = [row for row, mark in self.marks.items() if mark is Mark.TASTE]
        return frozenset(self.artefact.movie_ids[rows].tolist())

    @property
    def has_profile(self) -> bool:
        """Whether anything is known of the person but what they rated: only then is there somebody "like them"."""
        return not self.demographics.is_empty

    @cached_property
    def scores(self) -> NDArray[np.float32]:
        """The score of every film (n,), as the NumPy engine has it."""
        return score_films(self.artefact, self.plan)

    @cached_property
    def order(self) -> NDArray[np.float32]:
        """What the list is sorted by (n,): the predicted stars of a list of what the person will like, else the scores."""
        if self.kind == LIKE and self.predicted is not None:
            return order_by_stars(self.artefact, self.predicted.raw, self.dials)
        return self.scores

    @cached_property
    def best_films(self) -> NDArray[np.intp]:
        """The positions of the best films that may be shown, at most :data:`BEST_FILMS`, best first."""
        return rank_films(self.scores, self.excluded_rows, BEST_FILMS)

    @cached_property
    def profile_weight(self) -> float:
        """How much of the scores of the best films rests on demographics and on what everybody likes, 0 to 1.

        Every page and answer takes it from here; 0 without films.
        """
        return profile_share(self.artefact, self.taste, self.best_films.tolist())


def look_at(
    person: Person,
    dials: Dials | None = None,
    *,
    kind: str = NEXT,
    champion: Champion | None = None,
    filters: Filters | None = None,
    only: frozenset[int] | None = None,
) -> Look:
    """Take the champion, unless one is given, and fold the person in. One query at most.

    Films that the model does not know cannot say anything about taste and are left out. A version that predicts no stars
    has no list of what the person will like: the kind is then the usual one. With ``only`` the lists have none but these
    films (MovieLens numbers, of which a second one means the film that is shown).

    Raises
    ------
    UnknownPersonError, NoModelError, DamagedModelError
    """
    champion = champion or require_champion()
    dials = (dials or Dials()).of_kind(kind)
    demographics, history = _history(champion, person)
    taste = fold_in(champion.artefact, demographics, history)
    if kind == LIKE and champion.artefact.block(Stars).is_empty:
        kind = NEXT
    marks = _marks(champion.artefact, person)
    fitting = films_that_fit(filters) if filters else None
    if fitting is not None:
        only = fitting if only is None else only & fitting
    seen = {
        int(champion.artefact.movie_ids[row])
        for row in history.items.tolist()
        if marks.get(row) is not Mark.TASTE
    }
    return Look(
        champion=champion,
        person=person,
        dials=dials,
        demographics=demographics,
        history=history,
        taste=taste,
        plan=make_plan(taste, dials),
        excluded=champion.artefact.never_shown(
            person.hidden.union(
                seen, (rating.movie_id for rating in person.ratings if rating.mark is not Mark.TASTE)
            )
        ),
        kind=kind,
        filters=filters or Filters(),
        marks=marks,
        only=None if only is None else frozenset(map(champion.artefact.kept_number, only)),
    )


def _marks(artefact: Artefact, person: Person) -> dict[int, Mark]:
    numbers = {artefact.kept_number(said.movie_id): said.mark for said in person.ratings}
    return {
        artefact.positions[number]: mark
        for number, mark in numbers.items()
        if mark is not None and number in artefact.positions
    }


def profile_share(artefact: Artefact, taste: Taste, rows: Sequence[int]) -> float:
    """How much of the scores of the films at these positions rests on demographics, 0..1; 0 without films."""
    if not rows:
        return 0.0
    items = artefact.item_vectors[list(rows)].astype(np.float64)
    liked = taste.fact_weights.get("like_share", 0.0) * artefact.like_share[list(rows)]
    profile = np.abs(items @ taste.profile_vector) + liked
    ratings = np.abs(items @ taste.rating_vector)
    total = float((profile + ratings).sum())
    return float(profile.sum()) / total if total > 0 else 1.0


def require_champion() -> Champion:
    """Return the loaded champion.

    Raises
    ------
    NoModelError
        Before anything was published.
    DamagedModelError
    """
    try:
        champion = current_champion()
    except ArtefactError as error:
        raise DamagedModelError(str(error)) from error
    if champion is None:
        raise NoModelError(NO_MODEL)
    return champion


def require_known(champion: Champion, movielens_user: int) -> None:
    """Refuse the number of a person whom the data do not have; asks only the list of numbers.

    Raises
    ------
    UnknownPersonError
    """
    if movielens_user not in champion.people:
        numbers = champion.people.user_ids
        raise UnknownPersonError(
            f"There is no person with number {movielens_user}; numbers go from {numbers[0]} to {numbers[-1]}."
        )


def _history(champion: Champion, person: Person) -> tuple[Demographics, History]:
    """Whom to fold in: what the data say of the person, then what was rated since, which replaces older stars."""
    artefact = champion.artefact
    demographics, items = person.demographics, np.zeros(0, np.int32)
    stars: NDArray[np.float32] = np.zeros(0, np.float32)
    if person.movielens_user is not None:
        require_known(champion, person.movielens_user)
        demographics, known = champion.people.person(person.movielens_user)
        items, stars = known.items, known.stars.astype(np.float32)
    rated = ((artefact.kept_number(rating.movie_id), rating.stars) for rating in person.ratings)
    newer = {movie_id: stars for movie_id, stars in rated if movie_id in artefact.positions}
    if newer:
        new_items = np.array([artefact.positions[movie_id] for movie_id in newer], np.int32)
        kept = ~np.isin(items, new_items)
        items = np.concatenate([items[kept], new_items])
        stars = np.concatenate([stars[kept], np.array(list(newer.values()), np.float32)])
    # What a visitor told of an earlier version may be nothing that this one knows.
    return artefact.data.known_of(demographics), History(items, stars)
