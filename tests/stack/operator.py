"""A process with the stack's settings that does what an operator asks: one JSON request per line, one answer each.

Started once by the tests, since every Django process takes seconds to start; the tests themselves run on other settings.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django
from django.db import Error, connection, transaction
from django.utils import timezone

django.setup()

from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks  # noqa: E402

from accounts.models import User  # noqa: E402
from recommendations.models import Job, ModelVersion, Movie, Rating  # noqa: E402
from recommendations.selectors.jobs import log_lines  # noqa: E402
from recommendations.services.jobs import JobError, cancel_job, retry_job, submit_job  # noqa: E402
from recommendations.services.jobs.requests import send_job  # noqa: E402
from recommendations.services.registry.publishing import roll_back  # noqa: E402


def tell(job: Job) -> dict[str, Any]:
    told = {name: getattr(job, name) for name in ("kind", "state", "stage", "percent", "message", "worker")}
    told |= {"id": job.pk, "skipped": job.skipped_reason, "result": job.result, "log": job.log_path}
    times = {name: getattr(job, name) for name in ("created_at", "started_at", "ended_at", "heartbeat_at")}
    events = list(job.events.values_list("state", "stage", "message"))
    return {**told, **{name: at and at.timestamp() for name, at in times.items()}, "events": events}


def operator() -> User:
    return User.objects.get_or_create(username="operator")[0]


def submit(kind: str, **parameters: Any) -> dict[str, Any]:
    return tell(submit_job(kind=kind, by=operator(), parameters=parameters))


def cancel(job: int) -> dict[str, Any]:
    return tell(cancel_job(job=Job.objects.get(pk=job), by=operator()))


def retry(job: int) -> dict[str, Any]:
    return tell(retry_job(job=Job.objects.get(pk=job), by=operator()))


def look(job: int) -> dict[str, Any]:
    return tell(Job.objects.get(pk=job))


def newest(kind: str) -> dict[str, Any] | None:
    job = Job.objects.filter(kind=kind).first()
    return job and tell(job)


def deliver_again(job: int) -> bool:
    return send_job(job=Job.objects.get(pk=job))


def log(job: int) -> str:
    return "".join(log_lines(Job.objects.get(pk=job)))


def champion() -> str | None:
    return ModelVersion.objects.filter(state="champion").values_list("version", flat=True).first()


def versions() -> list[str]:
    return list(ModelVersion.objects.values_list("version", flat=True))


def rollback() -> str:
    return roll_back(by=operator(), reason="a test of the stack").version.version


def rate(name: str, films: list[int]) -> int:
    """Somebody of the site has rated these films; returns the account's number."""
    user = User.objects.get_or_create(username=name, defaults={"age": 30, "gender": "F"})[0]
    with transaction.atomic():
        for film in films:
            movie = Movie.objects.get(movielens_id=film)
            Rating.objects.update_or_create(
                user=user, movie=movie, defaults={"stars": 5, "rated_at": timezone.now()}
            )
    return user.pk


def schedule_every(seconds: int) -> None:
    """Let the nightly retraining come every few seconds; 0: as before, and off."""
    nightly = PeriodicTask.objects.get(name="Nightly retraining")
    if seconds:
        nightly.interval = IntervalSchedule.objects.get_or_create(every=seconds, period="seconds")[0]
        nightly.crontab = None
    nightly.enabled = bool(seconds)
    nightly.save()
    PeriodicTasks.update_changed()


REQUESTS = {
    each.__name__: each
    for each in (
        *(submit, cancel, retry, look, newest, deliver_again, log, champion, versions, rollback, rate),
        schedule_every,
    )
}


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer: dict[str, Any] = {"answer": REQUESTS[request.pop("do")](**request)}
        except JobError as error:
            answer = {"refused": str(error)}
        except Error as error:
            connection.close()
            answer = {"database": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
