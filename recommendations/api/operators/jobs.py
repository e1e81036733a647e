"""Jobs: submitted once per key, followed, cancelled, run again, and their logs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.base import NoBody, NoQuery, OperatorView, checked_body, checked_query
from recommendations.api.operators import job_serializers
from recommendations.api.operators.job_serializers import (
    JobDetailSerializer,
    JobPageSerializer,
    JobsQuery,
    LogQuery,
    LogSerializer,
    NewJobBody,
)
from recommendations.api.schema import described, header
from recommendations.api.serializers import LARGEST_NUMBER
from recommendations.api.throttles import ExpensiveThrottle
from recommendations.models import Job
from recommendations.selectors.jobs import job_by_id, jobs_listed, log_tail
from recommendations.services.audit import record_act
from recommendations.services.jobs import cancel_job, retry_job, submit_job
from recommendations.services.jobs.parameters import check_parameters
from recommendations.services.stored_sentences import (
    API_CANCELLED,
    API_RUN_AGAIN,
    API_SUBMITTED,
    in_english,
)
from recommendations.web.problems import KeyReusedError

_KEY = re.compile(r"[!-~]{1,100}")
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": r"^[!-~]{1,100}$", "minLength": 1, "maxLength": 100},
    OpenApiParameter.HEADER,
    description="The same key by the same person means the same job, however often it is sent.",
)
JOB_ID = OpenApiParameter(
    "job_id",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER},
    OpenApiParameter.PATH,
    description="The `id` of the job.",
)
LOCATION = header("Location", "The address of the job.", answers=(201,))


def _job(job_id: int) -> Job:
    job = job_by_id(job_id)
    if job is None:
        raise Http404
    return job


def _answer(job: Job, status: int = 200) -> Response:
    response = Response(JobDetailSerializer(_job(job.pk)).data, status=status)
    if status == 201:
        response["Location"] = reverse("api:job", args=[job.pk])
    return response


class JobsView(OperatorView):
    """The jobs, newest first, and the way to ask for another."""

    http_method_names = ["get", "head", "post"]
    rights = {"GET": "recommendations.view_job", "POST": "recommendations.add_job"}

    def get_throttles(self) -> list[Any]:
        more = [ExpensiveThrottle()] if self.request.method == "POST" else []
        return [*super().get_throttles(), *more]

    @described(
        operation_id="jobs_list",
        summary="Jobs",
        description="Newest first, in pages.",
        tags=["Operation"],
        parameters=[JobsQuery],
        answers={200: JobPageSerializer},
        examples=[job_serializers.JOBS],
    )
    def get(self, request: Request) -> Response:
        query = checked_query(request, JobsQuery)
        values, offset = query.validated_data, query.offset()
        rows = jobs_listed(kind=values.get("kind", ""), state=values.get("state", ""))
        page, total = rows[offset : offset + values["limit"]], rows.count()
        following = query.next_cursor(offset=offset, found=len(page), total=total)
        return Response(JobPageSerializer({"items": page, "total": total, "next": following}).data)

    @described(
        operation_id="jobs_submit",
        summary="Submit a job",
        description=(
            "Queues a job on the cluster; there is at most one of a kind at a time (409 otherwise). With the "
            "header `Idempotency-Key` a repeated request answers 200 with the job of the first one. Follow the "
            "job at its address until `active` is false."
        ),
        tags=["Operation"],
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        request=NewJobBody,
        answers={201: JobDetailSerializer, 200: JobDetailSerializer},
        problems=(409, 422),
        examples=[job_serializers.NEW_JOB, job_serializers.SUBMITTED, job_serializers.JOB],
    )
    def post(self, request: Request) -> Response:
        values = checked_body(request, NewJobBody).validated_data
        kind, parameters = values["kind"], values.get("parameters", {})
        key = request.headers.get("Idempotency-Key", "")
        if "Idempotency-Key" in request.headers and not _KEY.fullmatch(key):
            sentence = _("Idempotency-Key: expected 1 to 100 visible ASCII characters.")
            raise ValidationError({"Idempotency-Key": [sentence]})
        begin = timezone.now()
        wanted = check_parameters(kind, parameters)
        job = submit_job(kind=kind, by=request.user, parameters=parameters, request_key=key)
        if (job.kind, job.parameters) != (kind, wanted):
            raise KeyReusedError(_("The Idempotency-Key stands for another request. Send a new key."))
        if job.created_at < begin:
            return _answer(job)
        record_act(by=user_of(request), on=job, message=in_english(API_SUBMITTED))
        return _answer(job, 201)


class JobView(OperatorView):
    """One job as it stands, with its events."""

    http_method_names = ["get", "head"]
    rights = {"GET": "recommendations.view_job"}

    @described(
        operation_id="jobs_read",
        summary="A job",
        description="As it stands, and everything that happened to it.",
        tags=["Operation"],
        parameters=[JOB_ID],
        answers={200: JobDetailSerializer},
        problems=(404,),
        examples=[job_serializers.JOB],
    )
    def get(self, request: Request, job_id: int) -> Response:
        checked_query(request, NoQuery)
        return Response(JobDetailSerializer(_job(job_id)).data)


class JobLogView(OperatorView):
    """The last lines of what a job has printed."""

    http_method_names = ["get", "head"]
    rights = {"GET": "recommendations.view_job"}

    @described(
        operation_id="jobs_log",
        summary="A job's log",
        description="Its last lines; passwords and keys are taken out.",
        tags=["Operation"],
        parameters=[JOB_ID, LogQuery],
        answers={200: LogSerializer},
        problems=(404,),
        examples=[job_serializers.LOG],
    )
    def get(self, request: Request, job_id: int) -> Response:
        values = checked_query(request, LogQuery).validated_data
        return Response(LogSerializer({"text": log_tail(_job(job_id), lines=values["lines"])}).data)


class _ActView(OperatorView):
    http_method_names = ["post"]

    def _act(self, request: Request, job_id: int, act: Callable[..., Job], sentence: str) -> Job:
        checked_body(request, NoBody)
        job = act(job=_job(job_id), by=request.user)
        record_act(by=user_of(request), on=job, message=in_english(sentence))
        return job


class CancelJobView(_ActView):
    """Asks a queued or running job to end."""

    rights = {"POST": "recommendations.change_job"}

    @described(
        operation_id="jobs_cancel",
        summary="Cancel a job",
        description="A queued one at once, a running one within seconds; 409 if it has ended.",
        tags=["Operation"],
        parameters=[JOB_ID],
        request=None,
        answers={200: JobDetailSerializer},
        problems=(404, 409, 413, 415),
        examples=[job_serializers.JOB],
    )
    def post(self, request: Request, job_id: int) -> Response:
        return _answer(self._act(request, job_id, cancel_job, API_CANCELLED))


class RetryJobView(_ActView):
    """Asks for an ended job again, with the same parameters."""

    rights = {"POST": "recommendations.add_job"}

    @described(
        operation_id="jobs_retry",
        summary="Run a job again",
        description="A new job like one that failed, was cancelled or lost; 409 for any other.",
        tags=["Operation"],
        parameters=[JOB_ID, LOCATION],
        request=None,
        answers={201: JobDetailSerializer},
        problems=(404, 409, 413, 415),
        examples=[job_serializers.SUBMITTED],
    )
    def post(self, request: Request, job_id: int) -> Response:
        return _answer(self._act(request, job_id, retry_job, API_RUN_AGAIN), 201)
