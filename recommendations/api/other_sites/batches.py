"""Lists for many people: asked for once, made in the background, read line by line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.base import NoQuery, ServiceView, checked_body, checked_query
from recommendations.api.other_sites import examples
from recommendations.api.other_sites.serializers import (
    BatchBody,
    KeyedListSerializer,
    LinesQuery,
    ListBatchSerializer,
)
from recommendations.api.permissions import Scope
from recommendations.api.schema import described, header
from recommendations.api.throttles import BulkThrottle
from recommendations.models import ListBatch
from recommendations.selectors.other_sites import batch_of
from recommendations.services.other_sites.batches import read_lines_of, remove_batch, submit_batch

_REFERENCE = OpenApiParameter(
    "reference", UUID, OpenApiParameter.PATH, description="The `reference` of the batch."
)
_LOCATION = header("Location", "Where the batch can be looked at.", answers=(202,))


class LinesRenderer(JSONRenderer):
    """Lets a client ask for lines; they are streamed."""

    media_type = examples.LINES


class BatchesView(ServiceView):
    """Orders lists for many people, as a job."""

    http_method_names = ["post"]
    scope = Scope.PEOPLE_READ
    throttles = (BulkThrottle,)

    @described(
        operation_id="list_batches_submit",
        summary="Lists for many people",
        description=(
            "Made in the background, for the people named or for everybody of the site; `lines` of the batch gives what "
            "there is so far. A batch is kept for a day. 409 if five are under way."
        ),
        tags=["Other sites"],
        parameters=[_LOCATION],
        request=BatchBody,
        answers={202: ListBatchSerializer},
        problems=(409,),
        examples=[examples.BATCH_BODY, examples.MADE_BATCH],
    )
    def post(self, request: Request) -> Response:
        values = checked_body(request, BatchBody).validated_data
        wanted = {
            "k": values["k"],
            "filter": list(values["filter"].terms) if "filter" in values else [],
            "exclude": values.get("exclude", []),
            "include": values.get("include"),
            "language": get_language() or "en",
        }
        batch = submit_batch(service=self.service, wanted=wanted, keys=values.get("people"))
        where = reverse("api:list_batch", args=[batch.reference])
        return Response(ListBatchSerializer(batch).data, status=202, headers={"Location": where})


class ListBatchView(ServiceView):
    """One batch."""

    http_method_names = ["get", "head", "delete"]

    @described(
        operation_id="list_batches_read",
        summary="How far a batch is",
        description="Ask every few seconds.",
        tags=["Other sites"],
        parameters=[_REFERENCE],
        answers={200: ListBatchSerializer},
        problems=(404,),
        examples=[examples.BATCH],
    )
    def get(self, request: Request, reference: UUID) -> Response:
        checked_query(request, NoQuery)
        return Response(ListBatchSerializer(self.batch(reference)).data)

    @described(
        operation_id="list_batches_delete",
        summary="Stop and delete a batch",
        description="Its lines go as well.",
        tags=["Other sites"],
        parameters=[_REFERENCE],
        answers={204: None},
        problems=(404,),
        examples=[],
    )
    def delete(self, request: Request, reference: UUID) -> Response:
        checked_query(request, NoQuery)
        if not remove_batch(service=self.service, reference=reference):
            raise Http404
        return Response(status=204)

    def batch(self, reference: UUID) -> ListBatch:
        """The batch, if it is this site's."""
        found = batch_of(service=self.service, reference=reference)
        if found is None:
            raise Http404
        return found


class BatchLinesView(ListBatchView):
    """What a batch has come to."""

    http_method_names = ["get", "head"]
    renderer_classes = (LinesRenderer, JSONRenderer)

    @described(
        operation_id="list_batches_lines",
        summary="The lists of a batch",
        description=(
            "A list per line, in no promised order, as far as they are made: read again with `skip` for the rest. Who was "
            "deleted meanwhile has no line."
        ),
        tags=["Other sites"],
        parameters=[_REFERENCE, LinesQuery],
        answers={(200, examples.LINES): KeyedListSerializer},
        problems=(404,),
        examples=[examples.BATCH_LINE],
    )
    def get(self, request: Request, reference: UUID) -> Any:
        query = checked_query(request, LinesQuery)
        lines = read_lines_of(self.batch(reference), skip=query.validated_data["skip"])
        return StreamingHttpResponse(lines, content_type=examples.LINES)
