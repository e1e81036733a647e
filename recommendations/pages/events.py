"""What people do with their lists: told by each request that knows of a list, and by the browser for what it alone sees."""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from recommendations.models import Event
from recommendations.pages.problems import invalid, problem_page
from recommendations.pages.visit.requests import viewer_of
from recommendations.pages.visit.viewer import Account, Viewer
from recommendations.services.events.intake import take_events
from recommendations.services.events.owners import Owner, Sender

LONGEST_BODY, MOST_EVENTS = 100_000, 200
#: The parameter and field that say where a film was shown: the list's id, its row and the place there, with dots between.
SHOWN = "from"
logger = logging.getLogger(__name__)


def owner_of(request: HttpRequest, viewer: Viewer) -> Owner:
    """Whose a list is that this viewer gets."""
    if isinstance(viewer, Account):
        return Owner(user_id=viewer.user.pk)
    return Owner(visitor=_visit(request))


def _visit(request: HttpRequest) -> UUID | None:
    key = request.session.session_key
    # Not the key itself: whoever reads the events shall not be able to step into the visit.
    return UUID(bytes=hashlib.sha256(f"visit/{key}".encode()).digest()[:16]) if key else None


def note_event(
    request: HttpRequest, viewer: Viewer, kind: str, *, movie_id: int, stars: float | None = None
) -> None:
    """Write down what this request does, with the list that the film was taken from if the request names one.

    Loading a page again counts once. A trouble with it is none of the person's: it goes to the log.
    """
    sent = request.POST if request.method == "POST" else request.GET
    named = sent.get(SHOWN, "")[:100].split(".")
    event = {"kind": kind, "movie_id": movie_id, "at": timezone.now().isoformat()}
    if len(named) == 3 and named[2].isascii() and named[2].isdigit():
        event |= {"list": named[0], "row": named[1], "place": int(named[2][:4])}
    elif kind in (Event.Kind.OPEN, Event.Kind.WHY):
        return
    once = kind in (Event.Kind.OPEN, Event.Kind.WHY)
    event["id"] = f"{kind}/{named[0]}/{movie_id}"[:64] if once else str(uuid.uuid4())
    if stars is not None:
        event["stars"] = stars
    owner = owner_of(request, viewer)
    try:
        take_events(sender=Sender(owner.user_id, visitor=owner.visitor), events=[event])
    except DatabaseError as error:
        logger.warning("An event was not written down: %s", error)


@require_POST
@never_cache
def events(request: HttpRequest) -> HttpResponse:
    """``events``: a JSON list of what the browser has seen, each with an id so that it may come twice."""
    body = request.POST.get("events", "")
    try:
        sent = json.loads(body) if len(body) <= LONGEST_BODY else None
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, list) or len(sent) > MOST_EVENTS:
        return problem_page(request, invalid(_("The events cannot be read.")))
    owner = owner_of(request, viewer_of(request))
    take_events(sender=Sender(owner.user_id, visitor=owner.visitor), events=sent)
    return HttpResponse(status=204)
