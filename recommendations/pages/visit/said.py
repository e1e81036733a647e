"""What just happened to a film, in one sentence, and the form that takes it back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.pages.labels import counted_stars

SESSION_KEY = "said"
RATED, REMOVED, HIDDEN, SHOWN, UNDONE = "rated", "removed", "hidden", "shown", "undone"
WATCHED, UNWATCHED = "watched", "unwatched"
SEEN, UNSEEN, PAUSED, RESUMED, LESS, AS_BEFORE = "seen", "unseen", "paused", "resumed", "less", "as-before"


@dataclass(frozen=True)
class Said:
    """One change. ``stars`` are the new ones; ``before``, ``place`` and ``moment`` what the film had until then."""

    what: str
    movie_id: int
    title: str
    stars: float | None = None
    before: float | None = None
    place: int | None = None
    moment: int | None = None

    @property
    def sentence(self) -> str:
        """What happened, in the active language."""
        details: dict[str, Any] = {"title": self.title}
        if self.what == RATED and self.stars is not None:
            sentence = ngettext(
                "You gave %(title)s %(stars)s star.",
                "You gave %(title)s %(stars)s stars.",
                counted_stars(self.stars),
            )
            return sentence % {**details, "stars": number_format(self.stars)}
        if self.what == REMOVED:
            return _("Your rating of %(title)s is removed.") % details
        if self.what == HIDDEN:
            return _("%(title)s is hidden and will not come back.") % details
        if self.what == SHOWN:
            return _("%(title)s may be shown again.") % details
        if self.what == WATCHED:
            return _("%(title)s is on your watchlist.") % details
        if self.what == UNWATCHED:
            return _("%(title)s is off your watchlist.") % details
        return _marked_sentence(self.what) % details

    @property
    def undo_address(self) -> str | None:
        """Where the form of the undo goes, or ``None`` if there is nothing to take back."""
        back = {
            RATED: "pages:unrate" if self.before is None else "pages:rate",
            REMOVED: "pages:rate",
            HIDDEN: "pages:unhide",
            SHOWN: "pages:hide",
            WATCHED: "pages:unwatch",
            UNWATCHED: "pages:watch",
            SEEN: "pages:unsee",
            UNSEEN: "pages:see",
            PAUSED: "pages:resume",
            RESUMED: "pages:pause",
            LESS: "pages:as_before",
            AS_BEFORE: "pages:less",
        }.get(self.what)
        return None if back is None else reverse(back, args=[self.movie_id])


def _marked_sentence(what: str) -> str:
    sentences = {
        SEEN: _("You have seen %(title)s; it will not come up again."),
        UNSEEN: _("%(title)s no longer counts as seen."),
        PAUSED: _("%(title)s will not come up tonight; tomorrow it may."),
        RESUMED: _("%(title)s may come up tonight."),
        LESS: _("%(title)s is gone, and films like it come later."),
        AS_BEFORE: _("%(title)s and films like it may come up as before."),
    }
    return sentences.get(what) or _("Taken back: %(title)s is as it was before.")


def keep_said(request: HttpRequest, said: Said) -> None:
    """Say it on the next page."""
    request.session[SESSION_KEY] = asdict(said)


def take_said(request: HttpRequest) -> Said | None:
    """What is to be said on this page; it is said once."""
    kept: Any = request.session.pop(SESSION_KEY, None) if SESSION_KEY in request.session else None
    try:
        return None if kept is None else Said(**kept)
    except TypeError:
        return None
