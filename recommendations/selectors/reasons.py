"""From the exact parts of a score to one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.explain import Part, other_parts, rating_contributions
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.history import History
from recommendations.ranking.score import ScorePlan

LOVED = 5
LIKED = 4


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


def reasons_for(artefact: Artefact, history: History, taste: Taste, plan: ScorePlan, movie_id: int) -> Reason:
    """Choose the part that speaks most for a film.

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
        rated = int(artefact.movie_ids[history.items[best.index]])
        return Reason("rating", rated, int(history.stars[best.index]))
    return Reason(best.kind)


def _telling(part: Part) -> tuple[bool, float]:
    common = part.kind in ("like_share", "intercept")
    return (not common, part.value)
