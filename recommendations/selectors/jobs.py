"""What there is to read about jobs. Logs are given out without secrets only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from recommendations.models import Job, WorkerSign
from recommendations.observability.secrets import secret_remover

TAIL_LINES = 200
# Lines of a Spark log are short; so many bytes hold the last lines that anybody asks for.
_BYTES_PER_LINE = 400


@dataclass(frozen=True)
class JobsState:
    """Whether jobs can run, and one sentence for an operator."""

    ok: bool
    detail: str


def jobs_can_run() -> JobsState:
    """Whether a worker has given a sign of life lately: by looking after the jobs, or in a job that it runs."""
    now = timezone.now()
    held = Job.objects.filter(state__in=Job.HELD).values_list("heartbeat_at", flat=True)
    signs = [at for at in (*WorkerSign.objects.values_list("seen_at", flat=True), *held) if at is not None]
    if not signs:
        return JobsState(False, "No worker for jobs has given a sign of life yet; jobs wait until one runs.")
    last, patience = max(signs), max(settings.JOBS_LOST_AFTER_SECONDS, 3 * settings.JOBS_TEND_SECONDS)
    if now - last > timedelta(seconds=patience):
        return JobsState(
            False,
            f"No worker for jobs has given a sign of life since {last:%Y-%m-%d %H:%M:%S} UTC; jobs wait until one runs "
            "again.",
        )
    return JobsState(True, "A worker looks after the jobs.")


def jobs_listed(*, kind: str = "", state: str = "") -> QuerySet[Job]:
    """All jobs or those of a kind and state, newest first, with the persons who requested them."""
    wanted = {name: value for name, value in (("kind", kind), ("state", state)) if value}
    return Job.objects.filter(**wanted).select_related("requested_by", "parent")


def job_by_id(job_id: int) -> Job | None:
    """The job with its events at hand, or None."""
    return jobs_listed().prefetch_related("events", "events__by").filter(pk=job_id).first()


def log_file(job: Job) -> Path | None:
    """Where the job's output lies, if there is any; only a file in the home's folder of logs counts."""
    if not job.log_path:
        return None
    path = Path(job.log_path)
    logs = (Path(settings.MOVIEREC_HOME) / "logs").resolve()
    return path if path.is_file() and path.resolve().is_relative_to(logs) else None


def log_lines(job: Job) -> Iterator[str]:
    """The lines of the job's log one after the other (with line ends), secrets taken out; for downloads."""
    path = log_file(job)
    if path is None:
        return
    clean = secret_remover()
    with path.open(encoding="utf-8", errors="replace") as log:
        for line in log:
            yield clean(line)


def log_tail(job: Job, *, lines: int = TAIL_LINES) -> str:
    """The last lines of the log, secrets taken out, without reading all of it."""
    path = log_file(job)
    if path is None or lines <= 0:
        return ""
    with path.open("rb") as log:
        size = log.seek(0, 2)
        start = max(0, size - lines * _BYTES_PER_LINE)
        log.seek(start)
        text = log.read().decode("utf-8", errors="replace")
    found = text.splitlines(keepends=True)
    # The first one is cut off where reading did not begin at the beginning; half a secret would not be recognised.
    whole = found[1:] if start else found
    return secret_remover()("".join(whole[-lines:]))
