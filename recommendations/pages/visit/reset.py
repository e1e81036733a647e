"""Starting over with one's taste, and taking that back as long as the visit lasts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from recommendations.pages.visit.session import change_feedback
from recommendations.pages.visit.values import TIMED, Feedback
from recommendations.pages.visit.viewer import Account, Viewer
from recommendations.ranking.dials import Dials
from recommendations.services.feedback import forget_taste
from recommendations.services.merging import TimedRating, from_microseconds, merge_marks

SESSION_KEY = "forgotten"


def reset_taste(request: HttpRequest, viewer: Viewer) -> Feedback:
    """Forget ratings, hidden films and dials; returns what there was. The watchlist stays."""
    before = viewer.feedback
    kept = {"feedback": before.to_session(), "dials": viewer.dials.to_dict()}
    if isinstance(viewer, Account):
        forget_taste(user=viewer.user)
        viewer.forget_read()
    else:
        change_feedback(
            request,
            lambda now: replace(
                now, ratings=(), hidden=(), moments={}, seen={}, unwanted={}, paused={}, picked={}
            ),
        )
    viewer.turn_dials(Dials())
    request.session[SESSION_KEY] = kept
    return before


def can_take_back(request: HttpRequest) -> bool:
    """Whether this visit has a reset that can be taken back."""
    return SESSION_KEY in request.session


def take_back(request: HttpRequest, viewer: Viewer) -> bool:
    """Bring back what the last reset forgot; ratings given since then stay. False if there is nothing to bring back."""
    kept: Any = request.session.get(SESSION_KEY)
    if not isinstance(kept, dict):
        return False
    before = Feedback.from_session(kept.get("feedback"))
    if isinstance(viewer, Account):
        ratings = [
            TimedRating(
                rating.movie_id, rating.stars, from_microseconds(before.moments.get(rating.movie_id, 0))
            )
            for rating in before.ratings
        ]
        merge_marks(
            user=viewer.user,
            ratings=ratings,
            hidden=before.hidden,
            seen=tuple(before.seen),
            unwanted=tuple(before.unwanted),
            picked=tuple(before.picked),
            paused={number: from_microseconds(until) for number, until in before.paused.items()},
        )
        viewer.forget_read()
    else:
        change_feedback(request, lambda now: _together(before, now))
    viewer.turn_dials(Dials.from_dict(kept.get("dials")))
    # At the end: each change above takes the session anew from the database.
    request.session.pop(SESSION_KEY, None)
    return True


def _together(before: Feedback, now: Feedback) -> Feedback:
    newer = {rating.movie_id for rating in now.ratings}
    together = replace(
        now,
        ratings=(*(rating for rating in before.ratings if rating.movie_id not in newer), *now.ratings),
        hidden=tuple(dict.fromkeys((*before.hidden, *now.hidden))),
        moments={**before.moments, **now.moments},
    )
    return together.with_marks({kind: {**getattr(before, kind), **getattr(now, kind)} for kind in TIMED})
