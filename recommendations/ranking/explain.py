"""Exact explanations: the parts of a film's score, which add up to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks import BLOCKS
from recommendations.ranking.blocks.base import Term, Words, gettext_noop
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.score import ScorePlan

_DIALS = gettext_noop("It fits the dials you have set.")
# The words of every kind of part but a rating, which is called by its film.
WORDS: Mapping[str, Words] = {
    "profile": Words(gettext_noop("Your profile"), gettext_noop("Popular with people like you.")),
    "like_share": Words(gettext_noop("Liked by many people"), gettext_noop("Widely loved."), everybody=True),
    "popularity": Words(gettext_noop("Your dial: well known or little known"), _DIALS),
    "genre": Words(gettext_noop("Your dial: %(genre)s"), _DIALS),
    "decade": Words(gettext_noop("Your dial: the %(decade)ss"), _DIALS),
    **{kind: words for block in BLOCKS for kind, words in block.words.items()},
}


@dataclass(frozen=True)
class Part:
    """One summand. ``kind`` is ``rating`` (``index`` is its place in the history), ``profile``, ``like_share``,
    ``popularity`` (the discovery dial), ``genre`` (named, and ``index`` among the version's), ``decade``, that of a block's term, or
    ``rest``: the sum of ``index`` smaller parts."""

    kind: str
    value: float
    index: int | None = None
    genre: str = ""

    def label(self, translate: Callable[[str], str] = str) -> str:
        """What it is called in a sum, for every kind but ``rating``."""
        return say(WORDS[self.kind].label, self.index, self.genre, translate)


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
        *(
            Part(term.kind, term.weight * term.value(artefact, film), *_about(artefact, term))
            for term in plan.terms
        ),
        *(
            Part(
                kind,
                float(named[dimension]),
                index,
                artefact.data.genres[index] if kind == "taste_genre" else "",
            )
            for dimension, (kind, index) in artefact.dimensions.items()
            if named[dimension]
        ),
    ]


def _about(artefact: Artefact, term: Term) -> tuple[int | None, str]:
    names = artefact.data.genres
    return (names.index(term.genre) if term.genre in names else term.index), term.genre


def say(words: str, index: int | None, genre: str, translate: Callable[[str], str]) -> str:
    """Translate words of :data:`WORDS` and put in the genre or decade that they are about."""
    if "%(genre)s" in words:
        return translate(words) % {"genre": translate(genre)}
    return translate(words) % {"decade": index}
