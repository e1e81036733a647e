"""Exact explanations: the parts of a film's score, which add up to it, and the one that is its main reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks import BLOCKS
from recommendations.ranking.blocks.base import Words, gettext_noop
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.genres import GENRES
from recommendations.ranking.people import History
from recommendations.ranking.score import ScorePlan

LOVED, LIKED, SEEN = 5, 4, 3
# A rating that was named so often in a list gives way to another one that adds at least CLOSE times as much.
NAMED_AT_MOST, CLOSE = 2, 0.5

_DIALS = gettext_noop("It fits the dials you have set.")
# The words of every kind of part but a rating, which is called by its film.
WORDS: Mapping[str, Words] = {
    "profile": Words(gettext_noop("Your profile"), gettext_noop("Popular with people like you.")),
    "like_share": Words(
        gettext_noop("Liked by many people"), gettext_noop("Liked by many people."), everybody=True
    ),
    "popularity": Words(gettext_noop("Your dial: well known or little known"), _DIALS),
    "genre": Words(gettext_noop("Your dial: %(genre)s"), _DIALS),
    "decade": Words(gettext_noop("Your dial: the %(decade)ss"), _DIALS),
    **{kind: words for block in BLOCKS for kind, words in block.words.items()},
}


@dataclass(frozen=True)
class Part:
    """One summand. ``kind`` is ``rating`` (``index`` is its place in the history), ``profile``, ``like_share``,
    ``popularity`` (the discovery dial), ``genre`` (``index`` in :data:`GENRES`), ``decade``, that of a block's term, or
    ``rest``: the sum of ``index`` smaller parts."""

    kind: str
    value: float
    index: int | None = None

    def label(self, translate: Callable[[str], str] = str) -> str:
        """What it is called in a sum, for every kind but ``rating``."""
        return _say(WORDS[self.kind].label, self.index, translate)


def explain(
    artefact: Artefact, taste: Taste, plan: ScorePlan, film: int, *, most: int | None = None
) -> list[Part]:
    """Return the parts of the score of the film at this position, greatest magnitude first.

    The values sum to ``score_films(artefact, plan)[film]`` up to float32 rounding: of more than ``most`` parts, the
    smaller ones come last as one of the kind ``rest``.
    """
    ratings = rating_contributions(artefact, taste, film)
    others = [part for part in other_parts(artefact, taste, plan, film) if part.value]
    strongest = np.argsort(-np.abs(ratings), kind="stable")[:most]
    parts = [Part("rating", float(ratings[place]), int(place)) for place in strongest if ratings[place]]
    parts = sorted([*parts, *others], key=lambda part: -abs(part.value))
    left_out = np.count_nonzero(ratings) + len(others) - (len(parts) if most is None else most)
    if most is None or left_out <= 0:
        return parts
    total = float(ratings.sum()) + sum(part.value for part in others)
    kept = parts[:most]
    return [*kept, Part("rest", total - sum(part.value for part in kept), int(left_out))]


def rating_contributions(artefact: Artefact, taste: Taste, film: int) -> NDArray[np.float64]:
    """What each rating of the history adds to the film's score (r,)."""
    item = artefact.item_vectors[film].astype(np.float64)
    contributions: NDArray[np.float64] = taste.rating_vectors @ item
    return contributions


def other_parts(artefact: Artefact, taste: Taste, plan: ScorePlan, film: int) -> list[Part]:
    """Everything in the film's score that is no rating; parts may be 0."""
    item = artefact.item_vectors[film].astype(np.float64)
    named = taste.dimension_vector * item
    return [
        Part("profile", float(taste.profile_vector @ item)),
        *(Part(term.kind, term.weight * term.value(artefact, film), term.index) for term in plan.terms),
        *(
            Part(kind, float(named[dimension]), index)
            for dimension, (kind, index) in artefact.dimensions.items()
            if named[dimension]
        ),
    ]


@dataclass(frozen=True)
class Reason:
    """The main reason for a film: ``kind`` and ``index`` as in :class:`Part`; ``movie_id`` and ``stars`` if it is a
    rating."""

    kind: str
    movie_id: int | None = None
    stars: int | None = None
    index: int | None = None

    def sentence(self, title: str, translate: Callable[[str], str] = str) -> str:
        """Say it in English, or as ``translate`` makes of English sentences; ``title`` is that of the rated film."""
        if self.stars is None:
            return _say(WORDS[self.kind].reason, self.index, translate)
        if self.stars >= LOVED:
            sentence = gettext_noop("Because you loved %(title)s.")
        elif self.stars >= LIKED:
            sentence = gettext_noop("Because you liked %(title)s.")
        else:
            sentence = gettext_noop("Because you have seen %(title)s.")
        return translate(sentence) % {"title": title}


def _say(words: str, index: int | None, translate: Callable[[str], str]) -> str:
    if "%(genre)s" in words:
        return translate(words) % {"genre": translate(GENRES[index or 0])}
    return translate(words) % {"decade": index}


def reasons_of_list(
    artefact: Artefact, history: History, taste: Taste, plan: ScorePlan, movie_ids: Iterable[int]
) -> list[Reason]:
    """The main reason for each film of a list.

    A rating that was named :data:`NAMED_AT_MOST` times gives way to another one that adds at least
    :data:`CLOSE` times as much: ten films "because of" the same one tell little.
    """
    named: Counter[int | None] = Counter()
    reasons = []
    for movie_id in movie_ids:
        tired = {number for number, times in named.items() if number is not None and times >= NAMED_AT_MOST}
        reason = reason_for(artefact, history, taste, plan, movie_id, tired)
        named[reason.movie_id] += 1
        reasons.append(reason)
    return reasons


def reason_for(
    artefact: Artefact,
    history: History,
    taste: Taste,
    plan: ScorePlan,
    movie_id: int,
    tired: Collection[int] = (),
) -> Reason:
    """Choose the part that speaks most for a film; the rated films ``tired`` are named only if none comes close.

    A rated film is named before popularity: it is what sets this person apart, and the whole sum is one click away.
    """
    film = artefact.positions[movie_id]
    parts = other_parts(artefact, taste, plan, film)
    if len(history):
        # A film that somebody disliked is no reason to watch another one, even where it adds to the sum.
        contributions = np.where(history.stars < SEEN, 0.0, rating_contributions(artefact, taste, film))
        strongest = int(contributions.argmax())
        parts.append(Part("rating", float(contributions[strongest]), strongest))
    best = max((part for part in parts if part.value > 0), key=_telling, default=None)
    if best is None:
        return Reason("like_share")
    if best.kind == "rating" and best.index is not None:
        rated = artefact.movie_ids[history.items]
        fresh = np.where(np.isin(rated, list(tired)), 0.0, contributions)
        told = int(fresh.argmax()) if fresh.max() >= CLOSE * best.value else best.index
        return Reason("rating", int(rated[told]), int(history.stars[told]))
    return Reason(best.kind, index=best.index)


def _telling(part: Part) -> tuple[bool, float]:
    return (part.kind == "rating" or not WORDS[part.kind].everybody, part.value)
