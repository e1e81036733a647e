"""What the operations on jobs and schedules take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from recommendations.api.fields import (
    NamedChoiceField,
    StrictSerializer,
    TextField,
    TruthField,
    WholeNumberField,
)
from recommendations.api.paging import PageQuery, PageSerializer
from recommendations.api.schema import answer_example, request_example
from recommendations.models import Job
from recommendations.selectors.jobs import TAIL_LINES
from recommendations.services.jobs.parameters import PARAMETERS, Parameter
from recommendations.services.jobs.schedules import LONGEST_CRONTAB

MOST_LINES = 5_000
KINDS, STATES = Job.Kind.values, Job.State.values


class JobParametersBody(StrictSerializer):
    """Each kind of job takes some of them; others are refused."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {parameter.name: _field(parameter) for parameter in PARAMETERS}


def _field(parameter: Parameter) -> serializers.Field:
    kinds = ", ".join(f"`{kind}`" for kind in parameter.kinds)
    given: dict[str, Any] = {"required": False, "help_text": f"{parameter.help} For: {kinds}."}
    if parameter.is_flag:
        return TruthField(**given)
    if parameter.choices is not None:
        return NamedChoiceField(choices=sorted(parameter.choices), **given)
    return TextField(allow_blank=True, max_length=40, **given)


class NewJobBody(StrictSerializer):
    """A job to be run."""

    kind = NamedChoiceField(
        choices=KINDS,
        help_text=(
            "`ingest` reads the files, `profile` sums up people and films, `train` makes a candidate, `evaluate` "
            "measures, `publish` builds indices, `pipeline` does all of it and promotes what is good enough."
        ),
    )
    parameters = JobParametersBody(required=False, help_text="What is left out has its default.")


class JobsQuery(PageQuery):
    """Which jobs."""

    kind = NamedChoiceField(required=False, choices=KINDS, help_text="Jobs of this kind only.")
    state = NamedChoiceField(required=False, choices=STATES, help_text="Jobs in this state only.")


class LogQuery(StrictSerializer):
    """How much of the log."""

    lines = WholeNumberField(
        text=True,
        required=False,
        default=TAIL_LINES,
        min_value=1,
        max_value=MOST_LINES,
        help_text="The last ones.",
    )


class JobSerializer(serializers.Serializer):
    """A job as it stands."""

    id = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(choices=KINDS)
    state = serializers.ChoiceField(choices=STATES)
    active = serializers.BooleanField(
        source="is_active", help_text="True while it may still change by itself."
    )
    parameters = serializers.DictField()
    requested_by = serializers.CharField(
        source="requested_by.username", default=None, allow_null=True, help_text="Null: by the schedule."
    )
    parent = serializers.IntegerField(  # type: ignore[assignment]  # a name in JSON
        source="parent_id", allow_null=True, help_text="The job that this one repeats."
    )
    stage = serializers.CharField(allow_blank=True, help_text="What it is doing.")
    percent = serializers.FloatField(allow_null=True, help_text="Within the stage.")
    rows = serializers.IntegerField(allow_null=True, help_text="That the stage has worked on.")
    eta_seconds = serializers.FloatField(allow_null=True, help_text="Left in the stage.")
    message = serializers.CharField(allow_blank=True, help_text="Why it failed, or what it waits for.")
    skipped_reason = serializers.CharField(allow_blank=True, help_text="Why there was nothing to do.")
    result = serializers.DictField(help_text="What came out; of a training its `version`.")
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class JobEventSerializer(serializers.Serializer):
    """A step in the life of a job."""

    state = serializers.ChoiceField(choices=STATES)
    stage = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    by = serializers.CharField(source="by.username", default=None, allow_null=True)
    created_at = serializers.DateTimeField()


class JobDetailSerializer(JobSerializer):
    """A job and everything that happened to it, oldest first."""

    events = JobEventSerializer(source="events.all", many=True)


class JobPageSerializer(PageSerializer):
    """A page of jobs, newest first."""

    items = JobSerializer(many=True)


class LogSerializer(serializers.Serializer):
    """The end of a job's log, without secrets."""

    text = serializers.CharField(allow_blank=True)


class ScheduleBody(StrictSerializer):
    """What to change about a schedule."""

    enabled = TruthField(required=False, help_text="Whether it submits its job.")
    crontab = TextField(
        required=False,
        max_length=LONGEST_CRONTAB,
        help_text="Minute, hour, day of month, month, day of week (UTC): `30 3 * * *`.",
    )


class ScheduleSerializer(serializers.Serializer):
    """When which job is submitted."""

    id = serializers.IntegerField(min_value=1)
    name = serializers.CharField()
    enabled = serializers.BooleanField()
    crontab = serializers.CharField()
    job = serializers.DictField(help_text="Kind and parameters.")
    last_run_at = serializers.DateTimeField(allow_null=True)


class ScheduleListSerializer(serializers.Serializer):
    """All schedules, by name."""

    items = ScheduleSerializer(many=True)


_JOB: dict[str, Any] = {
    "id": 12,
    "kind": "pipeline",
    "state": "running",
    "active": True,
    "parameters": {"weighting": "likes", "site_ratings": True, "force": False},
    "requested_by": "olga",
    "parent": None,
    "stage": "train",
    "percent": 40.0,
    "rows": None,
    "eta_seconds": 21.0,
    "message": "",
    "skipped_reason": "",
    "result": {},
    "created_at": "2026-01-01T12:00:00Z",
    "started_at": "2026-01-01T12:00:01Z",
    "ended_at": None,
}
_EVENT = {"state": "queued", "stage": "", "message": "", "by": "olga", "created_at": "2026-01-01T12:00:00Z"}
NEW_JOB = request_example(
    "Train with everybody's ratings", {"kind": "pipeline", "parameters": {"site_ratings": True}}
)
JOBS = answer_example("One job", {"items": [_JOB], "total": 1, "next": None})
JOB = answer_example("A running job", {**_JOB, "events": [_EVENT]})
SUBMITTED = answer_example("A new job", {**_JOB, "state": "queued", "events": [_EVENT]}, 201)
LOG = answer_example("The end of a log", {"text": "12:00:05 Parsing u.data\n12:00:09 100000 ratings\n"})
_SCHEDULE = {
    "id": 1,
    "name": "Nightly retraining",
    "enabled": True,
    "crontab": "30 3 * * *",
    "job": {"kind": "pipeline", "site_ratings": True},
    "last_run_at": "2026-01-01T03:30:00Z",
}
SCHEDULES = answer_example("One schedule", {"items": [_SCHEDULE]})
SCHEDULE = answer_example("A schedule", _SCHEDULE)
CHANGED_SCHEDULE = request_example("An hour later", {"enabled": True, "crontab": "30 4 * * *"})
