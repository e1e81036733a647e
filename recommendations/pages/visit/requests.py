"""Who looks at a request, and how that changes: a guest view, one's own list again, a visit that becomes an account's."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from accounts.models import User
from recommendations.pages.visit import session
from recommendations.pages.visit.viewer import Account, Viewer, Visitor
from recommendations.ranking.dials import NEXT, Dials
from recommendations.selectors.lists.person import Person
from recommendations.services.feedback import hide_predicted_stars, keep_dials, keep_list_kind
from recommendations.services.merging import MergedRatings, TimedRating, from_microseconds, merge_marks

_KEPT = "_movierec_viewer"


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking at this request; the same object for the whole of it."""
    if not hasattr(request, _KEPT):
        user = signed_in(request)
        if user is None:
            viewer: Viewer = Visitor(request)
        elif (kept := session.recall(request)) is not None and kept.movielens_user is not None:
            viewer = Visitor(request, guest_of=user)
        else:
            viewer = Account(request, user)
        setattr(request, _KEPT, viewer)
    return cast(Viewer, getattr(request, _KEPT))


def signed_in(request: HttpRequest) -> User | None:
    """The account of this request, or ``None``."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def look_as(request: HttpRequest, person: Person) -> None:
    """Show the list of ``person`` from now on.

    Somebody signed in looks at a MovieLens number as a guest; as a newcomer they are themselves, and what they tell
    goes into their profile where that is still empty.
    """
    user = signed_in(request)
    if user is None or person.movielens_user is not None:
        session.remember(request, person)
    else:
        session.forget(request)
        merge_marks(user=user, demographics=person.demographics)
    _forget_viewer(request)


def look_as_oneself(request: HttpRequest) -> None:
    """End a guest view; what was said in it goes with it. Only for somebody signed in."""
    if signed_in(request) is not None:
        session.forget(request)
        _forget_viewer(request)


def bring_visit_into_account(request: HttpRequest, user: User) -> MergedRatings:
    """Move what the visit has gathered into the account: ratings (the newer one wins), hidden films, watchlist,
    what the visitor told about themselves, the dials if the account has none turned, the
    kind of list if the account has the usual one, and that predicted stars are hidden. Afterwards the session
    keeps none of it."""
    person, feedback = session.recall(request), session.recall_feedback(request)
    # A MovieLens number is somebody else, with a profile and a taste of their own.
    is_guest = person is not None and person.movielens_user is not None
    merged = merge_marks(
        user=user,
        ratings=[
            TimedRating(
                rating.movie_id, rating.stars, from_microseconds(feedback.moments.get(rating.movie_id, 0))
            )
            for rating in feedback.ratings
        ],
        hidden=feedback.hidden,
        watchlist=feedback.watchlist,
        seen=tuple(feedback.seen),
        unwanted=tuple(feedback.unwanted),
        picked=tuple(feedback.picked),
        paused={number: from_microseconds(until) for number, until in feedback.paused.items()},
        demographics=None if person is None or is_guest else person.demographics,
    )
    turned = session.recall_dials(request)
    if not is_guest and not turned.is_neutral and Dials.from_dict(user.dials).is_neutral:
        keep_dials(user=user, dials=turned)
    kind = session.recall_list_kind(request)
    if kind != NEXT and user.list_kind == NEXT:
        keep_list_kind(user=user, kind=kind)
    if session.recall_hides_stars(request) and not user.hides_predicted_stars:
        hide_predicted_stars(user=user, hidden=True)
    session.forget(request)
    _forget_viewer(request)
    return merged


def _forget_viewer(request: HttpRequest) -> None:
    if hasattr(request, _KEPT):
        delattr(request, _KEPT)
