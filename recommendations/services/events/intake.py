"""Takes events in: each line counts once or is refused by itself, however often and in whatever order it comes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.models import Event, MadeList, Movie
from recommendations.observability.metrics import events_taken
from recommendations.services.events.effects import apply_to_people
from recommendations.services.events.made_lists import MAIN_ROW
from recommendations.services.events.owners import Sender
from recommendations.services.other_sites.lines import (
    LARGEST_NUMBER,
    LENIENT,
    LineError,
    Report,
    checked_choice,
    checked_key,
    checked_moment,
    checked_number,
    checked_stars,
    read_lines,
    require_fields,
)
from recommendations.services.other_sites.people import ROWS_AT_ONCE, VALUES_AT_ONCE, in_parts, people_by_key

Kind = Event.Kind
KINDS = tuple(Kind.values)
#: What can only be done with a list.
NEEDS_LIST = (Kind.IMPRESSION, Kind.WHY, Kind.NOT_TONIGHT)
LONGEST_ID, MOST_PLACES = 64, 200
_FIELDS = frozenset({"id", "kind", "list", "row", "place", "movie_id", "at", "stars", "person"})
_NAMES = uuid.UUID("5e0f5d0e-0b1f-5c51-9d62-6a9c5e6b9a10")


@dataclass
class EventReport(Report):
    """The same, and how many of those accepted were known already."""

    known: int = 0


@dataclass(frozen=True)
class Sent:
    """A line that could be read."""

    name: str
    kind: str
    list_id: UUID | None
    row: str
    place: int | None
    movie_id: int | None
    at: datetime
    stars: float | None
    person: str


def take_lines(*, sender: Sender, body: bytes) -> EventReport:
    """Take in a body of one event per line.

    Raises
    ------
    recommendations.services.other_sites.lines.TooManyLinesError
    """
    report = EventReport()
    check = partial(_sent, sender=sender, now=timezone.now())
    return _take(sender, read_lines(body, check, report), report)


def take_events(*, sender: Sender, events: Iterable[Any]) -> EventReport:
    """The same for objects that have been read; they are counted from 1."""
    report, read, now = EventReport(), [], timezone.now()
    for number, event in enumerate(events, start=1):
        try:
            if not isinstance(event, Mapping):
                raise LineError(_("This is not a JSON object."))
            read.append((number, _sent(event, sender=sender, now=now)))
        except LineError as error:
            report.refuse(number, error)
    return _take(sender, read, report)


@transaction.atomic
def _take(sender: Sender, read: Sequence[tuple[int, Sent]], report: EventReport) -> EventReport:
    lists = _lists({sent.list_id for _number, sent in read if sent.list_id})
    people = _people(sender, {sent.person for _number, sent in read if sent.person})
    numbers = _known_films({sent.movie_id for _number, sent in read if sent.movie_id and not sent.list_id})
    now = timezone.now()
    rows: dict[UUID, Event] = {}
    for number, sent in read:
        try:
            row = _row(sender, sent, lists, people, numbers, now)
        except LineError as error:
            report.refuse(number, error)
            continue
        report.accepted += 1
        # The first of two in one body counts, as of two bodies.
        report.known += row.pk in rows
        rows.setdefault(row.pk, row)
    known = _present(rows)
    report.known += len(known)
    report.errors.sort(key=lambda error: int(error["line"]))
    fresh = [row for key, row in rows.items() if key not in known]
    Event.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=ROWS_AT_ONCE)
    if sender.service is not None:
        apply_to_people(fresh)
    events_taken.labels("accepted").inc(report.accepted - report.known)
    events_taken.labels("known").inc(report.known)
    events_taken.labels("refused").inc(report.refused)
    return report


def _row(
    sender: Sender,
    sent: Sent,
    lists: Mapping[UUID, MadeList],
    people: Mapping[str, int],
    films: set[int],
    now: datetime,
) -> Event:
    made, movie_id = None, sent.movie_id
    if sent.list_id is not None:
        made = lists.get(sent.list_id)
        if made is None or not _may_speak(sender, sent, made, people):
            # Of other people's lists nobody learns that they exist.
            raise LineError(_("There is no such list of yours, or it is older than thirty days."))
        if sent.at < made.made_at - LENIENT:
            raise LineError(_("at lies before the list was made."))
        movie_id = _film_at(made, sent)
    elif movie_id not in films:
        raise LineError(
            _("movie_id is %(value)s; no film of the catalogue has this number.") % {"value": movie_id}
        )
    return Event(
        id=uuid.uuid5(_NAMES, f"{sender.name}/{sent.name}"),
        day=_day(made.made_at if made else sent.at),
        kind=sent.kind,
        at=sent.at,
        received_at=now,
        list_id=sent.list_id,
        version=made.version if made else "",
        experiment=made.experiment if made else None,
        arm=made.arm if made else "",
        row=sent.row if made else "",
        place=sent.place,
        team=made.teams[sent.place - 1]
        if made and made.teams and sent.place and sent.row == MAIN_ROW
        else "",
        movie_id=movie_id,
        stars=sent.stars,
        user_id=sender.user_id,
        person_id=people.get(sent.person),
        visitor=sender.visitor,
    )


def _may_speak(sender: Sender, sent: Sent, made: MadeList, people: Mapping[str, int]) -> bool:
    if sender.service is not None:
        return made.person_id is not None and made.person_id == people.get(sent.person)
    if made.person_id is not None:
        return False
    owner = (made.user_id, made.visitor)
    # A list of nobody was given to whoever knows its id.
    return owner in ((None, None), (sender.user_id, None), (None, sender.visitor))


def _film_at(made: MadeList, sent: Sent) -> int | None:
    places = made.places.get(sent.row)
    if places is None:
        raise LineError(_("row is %(value)s; the list has no such row.") % {"value": sent.row})
    if sent.place is None:
        if sent.movie_id is None or sent.movie_id in places:
            return sent.movie_id
    elif sent.place <= len(places) and sent.movie_id in (None, places[sent.place - 1]):
        return int(places[sent.place - 1])
    raise LineError(_("place and movie_id name no film of the list."))


def _day(moment: datetime) -> date:
    return moment.date()


def _lists(wanted: set[UUID]) -> dict[UUID, MadeList]:
    found: dict[UUID, MadeList] = {}
    for part in in_parts(sorted(wanted)):
        found |= MadeList.objects.defer("scores").in_bulk(part)
    return found


def _people(sender: Sender, keys: set[str]) -> dict[str, int]:
    return people_by_key(service=sender.service, keys=keys, make=False) if sender.service and keys else {}


def _known_films(numbers: set[int]) -> set[int]:
    rows = Movie.objects.values_list("movielens_id", flat=True)
    return (
        set(rows.filter(movielens_id__in=numbers)) if len(numbers) <= VALUES_AT_ONCE else set(rows) & numbers
    )


def _present(rows: Mapping[UUID, Event]) -> set[UUID]:
    present: set[UUID] = set()
    for part in in_parts(list(rows)):
        days = {rows[key].day for key in part}
        present |= set(Event.objects.filter(day__in=days, pk__in=part).values_list("pk", flat=True))
    return present


def _sent(event: Mapping[str, Any], *, sender: Sender, now: datetime) -> Sent:
    require_fields(event, needed=frozenset({"id", "kind", "at"}), known=_FIELDS)
    kind, name, place = checked_choice(event["kind"], "kind", KINDS), event["id"], event.get("place")
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_ID or not name.isprintable():
        raise LineError(
            _("id: expected text of 1 to %(most)s characters, such as a UUID.") % {"most": LONGEST_ID}
        )
    movie_id, stars = event.get("movie_id"), event.get("stars")
    if (stars is None) != (kind != Kind.RATING):
        raise LineError(_("stars: expected with the kind rating, and with no other."))
    list_id = _list_id(event.get("list"))
    if list_id is None and (kind in NEEDS_LIST or movie_id is None or place is not None):
        raise LineError(
            _("list is missing. Without it only movie_id can be told, and only of what needs no list.")
        )
    if ("person" in event) != (sender.service is not None):
        raise LineError(_("person: expected with a token for another site’s people, and with no other."))
    return Sent(
        name=name,
        kind=kind,
        list_id=list_id,
        row=checked_key(event.get("row", MAIN_ROW), "row"),
        place=None if place is None else checked_number(place, "place", 1, MOST_PLACES),
        movie_id=None if movie_id is None else checked_number(movie_id, "movie_id", 1, LARGEST_NUMBER),
        at=checked_moment(event["at"], "at", now=now),
        stars=None if stars is None else checked_stars(stars),
        person=checked_key(event["person"], "person") if "person" in event else "",
    )


def _list_id(value: Any) -> UUID | None:
    if value is None:
        return None
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise LineError(_("list: expected the id of a list.")) from error
