"""What people do with their lists, as programs tell it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiToken
from recommendations.api.base import NoQuery, OpenView, checked_query
from recommendations.api.fields import NamedChoiceField, StrictSerializer, TextField, WholeNumberField
from recommendations.api.other_sites.examples import LINES, line_example
from recommendations.api.other_sites.serializers import ReportSerializer
from recommendations.api.parsers import JsonLinesParser, LinesParser, StrictJSONParser
from recommendations.api.permissions import MayTell
from recommendations.api.schema import answer_example, described, request_example
from recommendations.api.serializers import LARGEST_NUMBER
from recommendations.api.throttles import AnyThrottle, ServiceThrottle
from recommendations.models.other_sites import LONGEST_KEY
from recommendations.services.events.intake import (
    KINDS,
    LONGEST_ID,
    MOST_PLACES,
    take_events,
    take_lines,
)
from recommendations.services.events.owners import Sender

MOST_EVENTS = 5_000


class EventLine(StrictSerializer):
    """Something that somebody did with a film of a list."""

    id = TextField(
        max_length=LONGEST_ID,
        help_text="Your own name for the event, such as a UUID: sent twice it counts once.",
    )
    kind = NamedChoiceField(choices=KINDS, help_text="What was done.")
    at = TextField(
        max_length=40, help_text="When: ISO 8601 with its offset, or seconds since 1970; not in the future."
    )
    list = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="The `list_id`, needed for `impression`, `why` and `not_tonight`; it is known for thirty days.",
    )
    row = TextField(
        required=False, max_length=20, help_text="Of a page with several rows; by default `list`."
    )
    place = WholeNumberField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=MOST_PLACES,
        help_text="In the row, counted from 1.",
    )
    movie_id = WholeNumberField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=LARGEST_NUMBER,
        help_text="The film, where no place tells it.",
    )
    stars = serializers.FloatField(required=False, allow_null=True, help_text="Of a `rating`, 1 to 5.")
    person = TextField(
        required=False,
        max_length=LONGEST_KEY,
        help_text="With a token for another site's people: whose event it is.",
    )


class EventsBody(StrictSerializer):
    """Several events; each is checked by itself."""

    events = serializers.ListField(
        child=serializers.DictField(),
        allow_empty=False,
        max_length=MOST_EVENTS,
        help_text="Lines as of NDJSON.",
    )


class EventReportSerializer(ReportSerializer):
    """What became of the events."""

    known = serializers.IntegerField(min_value=0, help_text="So many of those accepted had come before.")


_EVENT = {
    "id": "2f6b0b8e-9a55-4a37-8f0f-5d5c2b0c9a11",
    "kind": "open",
    "list": "0b1e0f5e-77ab-4f0c-9d8e-3d5f0a6b7c21",
    "place": 3,
    "at": "2026-01-01T12:00:00Z",
}
_REPORT = answer_example(
    "One of two",
    {
        "accepted": 1,
        "refused": 1,
        "known": 0,
        "errors": [
            {"line": 2, "message": "There is no such list of yours, or it is older than thirty days."}
        ],
    },
)
_EXAMPLES: list[OpenApiExample] = [
    request_example("One event", {"events": [_EVENT]}),
    line_example("A line about an event", _EVENT),
    _REPORT,
]


class EventsView(OpenView):
    """Takes events of an account, of another site's people, or of lists that were nobody's."""

    http_method_names = ["post"]
    permission_classes = (MayTell,)
    parser_classes = (StrictJSONParser, LinesParser, JsonLinesParser)

    def get_throttles(self) -> list[BaseThrottle]:
        token = self.request.auth
        of_service = isinstance(token, ApiToken) and token.service_id is not None
        return [ServiceThrottle() if of_service else AnyThrottle()]

    @described(
        operation_id="events_add",
        summary="Tell what people did with lists",
        description=(
            "A batch of events, as JSON or one per line. Each counts once, however often it is sent, or is refused by itself: "
            "if its list is unknown, older than thirty days or somebody else's, if it lies in the future or before its list, "
            "or if the list has no such place. What a token for another site's people tells of ratings, films seen, hidden "
            "or to be watched also changes their lists. Without a token: events of lists that were made for nobody in "
            "particular."
        ),
        tags=["Events"],
        request={"application/json": EventsBody, LINES: EventLine},
        answers={200: EventReportSerializer},
        problems=(403,),
        signed_in=False,
        examples=_EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        checked_query(request, NoQuery)
        sender = _sender(request)
        if isinstance(request.data, bytes):
            report = take_lines(sender=sender, body=request.data)
        else:
            body = EventsBody(data=request.data)
            body.is_valid(raise_exception=True)
            events: Any = body.validated_data["events"]
            report = take_events(sender=sender, events=events)
        return Response(EventReportSerializer(report).data)


def _sender(request: Request) -> Sender:
    token = request.auth
    if not isinstance(token, ApiToken):
        return Sender()
    return Sender(service=token.service) if token.service is not None else Sender(user_id=token.user_id)
