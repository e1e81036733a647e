"""Many people and ratings at once, one JSON object per line."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.base import NoQuery, ServiceView, checked_query
from recommendations.api.other_sites import examples
from recommendations.api.other_sites.serializers import PersonLine, RatingLine, ReportSerializer
from recommendations.api.parsers import JsonLinesParser, LinesParser
from recommendations.api.schema import described
from recommendations.api.throttles import BulkThrottle
from recommendations.services.other_sites.lines import MOST_LINES
from recommendations.services.other_sites.people import put_people, put_ratings

_EACH_LINE = (
    f"The body is one JSON object per line, at most {MOST_LINES} of them. Lines that do not fit are refused one by one; "
    "the others count."
)


class LinesView(ServiceView):
    """Takes lines."""

    http_method_names = ["post"]
    parser_classes = (LinesParser, JsonLinesParser)
    throttles = (BulkThrottle,)

    def lines(self, request: Request) -> bytes:
        """The body; an empty one has no lines."""
        checked_query(request, NoQuery)
        return request.data if isinstance(request.data, bytes) else b""


class BulkPeopleView(LinesView):
    """Many people."""

    @described(
        operation_id="bulk_people",
        summary="Make or change many people",
        description=f"As `PUT /api/v1/people/{{key}}/`. {_EACH_LINE}",
        tags=["Other sites"],
        request={examples.LINES: PersonLine},
        answers={200: ReportSerializer},
        examples=[examples.PERSON_LINE, examples.REPORT],
    )
    def post(self, request: Request) -> Response:
        report = put_people(service=self.service, body=self.lines(request))
        return Response(ReportSerializer(report).data)


class BulkRatingsView(LinesView):
    """Many ratings."""

    @described(
        operation_id="bulk_ratings",
        summary="Many ratings of many people",
        description=(
            f"A rating replaces an earlier one of the same film; sent again, it changes nothing. {_EACH_LINE}"
        ),
        tags=["Other sites"],
        request={examples.LINES: RatingLine},
        answers={200: ReportSerializer},
        examples=[examples.RATING_LINE, examples.REPORT],
    )
    def post(self, request: Request) -> Response:
        report = put_ratings(service=self.service, body=self.lines(request))
        return Response(ReportSerializer(report).data)
