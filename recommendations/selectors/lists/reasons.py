"""From the exact parts of a score to one plain sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.explain import Part, other_parts, rating_contributions
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.history import History
from recommendations.ranking.score import ScorePlan

LOVED = 5
LIKED = 4
NAMED_AT_MOST = 2
CLOSE = 0.5


@dataclass(frozen=True)
class Reason:
    """The main reason for a film: ``kind`` as in :class:`Part`; ``movie_id`` and ``stars`` if it is a rating."""

    kind: str
    movie_id: int | None = None
    stars: int | None = None

    def sentence(self, title: str) -> str:
        """Say it in the active language; ``title`` is that of the rated film."""
        if self.kind == "rating" and self.stars is not None:
            if self.stars >= LOVED:
                return _("Because you loved %(title)s.") % {"title": title}
            if self.stars >= LIKED:
                return _("Because you liked %(title)s.") % {"title": title}
            return _("Because you have seen %(title)s.") % {"title": title}
        if self.kind == "profile":
            return _("Popular with people like you.")
        if self.kind in ("genre", "decade", "popularity"):
            return _("It fits the dials you have set.")
        return _("Liked by many people.")


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
        contributions = rating_contributions(artefact, taste, film)
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
    return Reason(best.kind)


def _telling(part: Part) -> tuple[bool, float]:
    common = part.kind in ("like_share", "intercept")
    return (not common, part.value)
