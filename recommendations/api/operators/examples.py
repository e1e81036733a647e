"""Examples of the operations for those who run the site."""

from typing import Any

from recommendations.api.schema import answer_example, request_example

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
