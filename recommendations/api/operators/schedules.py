"""When jobs are submitted by themselves."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django_celery_beat.models import PeriodicTask
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.base import NoQuery, OperatorView, checked_body, checked_query
from recommendations.api.operators import job_serializers
from recommendations.api.operators.job_serializers import (
    ScheduleBody,
    ScheduleListSerializer,
    ScheduleSerializer,
)
from recommendations.api.schema import described
from recommendations.api.serializers import LARGEST_NUMBER
from recommendations.services.audit import record_act
from recommendations.services.jobs.schedules import (
    change_schedule,
    crontab_text,
    schedule_by_id,
    schedules_listed,
    wanted_job,
)
from recommendations.services.stored_sentences import API_SCHEDULE, in_english

SCHEDULE_ID = OpenApiParameter(
    "schedule_id",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER},
    OpenApiParameter.PATH,
    description="The `id` of the schedule.",
)


def _as_dict(schedule: PeriodicTask) -> dict[str, Any]:
    return {
        "id": schedule.pk,
        "name": schedule.name,
        "enabled": schedule.enabled,
        "crontab": crontab_text(schedule),
        "job": wanted_job(schedule),
        "last_run_at": schedule.last_run_at,
    }


class SchedulesView(OperatorView):
    """Every schedule with its times and its job."""

    http_method_names = ["get", "head"]
    rights = {"GET": "django_celery_beat.view_periodictask"}

    @described(
        operation_id="schedules_list",
        summary="Schedules",
        description="Which job is submitted when, by name.",
        tags=["Operation"],
        answers={200: ScheduleListSerializer},
        examples=[job_serializers.SCHEDULES],
    )
    def get(self, request: Request) -> Response:
        checked_query(request, NoQuery)
        return Response(
            ScheduleListSerializer({"items": [_as_dict(schedule) for schedule in schedules_listed()]}).data
        )


class ScheduleView(OperatorView):
    """One schedule: read, switched or given other times."""

    http_method_names = ["get", "head", "patch"]
    rights = {
        "GET": "django_celery_beat.view_periodictask",
        "PATCH": "django_celery_beat.change_periodictask",
    }

    def _schedule(self, schedule_id: int) -> PeriodicTask:
        schedule = schedule_by_id(schedule_id)
        if schedule is None:
            raise Http404
        return schedule

    @described(
        operation_id="schedules_read",
        summary="A schedule",
        description="When it submits which job.",
        tags=["Operation"],
        parameters=[SCHEDULE_ID],
        answers={200: ScheduleSerializer},
        problems=(404,),
        examples=[job_serializers.SCHEDULE],
    )
    def get(self, request: Request, schedule_id: int) -> Response:
        checked_query(request, NoQuery)
        return Response(ScheduleSerializer(_as_dict(self._schedule(schedule_id))).data)

    @described(
        operation_id="schedules_change",
        summary="Change a schedule",
        description="Switch it on or off, or give it other times (UTC). What is left out stays.",
        tags=["Operation"],
        parameters=[SCHEDULE_ID],
        request=ScheduleBody,
        answers={200: ScheduleSerializer},
        problems=(404,),
        examples=[job_serializers.CHANGED_SCHEDULE, job_serializers.SCHEDULE],
    )
    def patch(self, request: Request, schedule_id: int) -> Response:
        values = checked_body(request, ScheduleBody).validated_data
        changed = change_schedule(schedule=self._schedule(schedule_id), **values)
        record_act(by=user_of(request), on=changed, message=in_english(API_SCHEDULE, what=values))
        return Response(ScheduleSerializer(_as_dict(changed)).data)
