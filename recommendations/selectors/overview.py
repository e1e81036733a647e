"""What an operator wants to know first: who answers, what runs and what comes next, and what nobody has looked at yet."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from recommendations.evaluation.names import MODEL, POPULARITY
from recommendations.models import Job, ModelVersion, PromotionEvent
from recommendations.observability.metrics import sum_of
from recommendations.selectors.health import Readiness, readiness
from recommendations.selectors.job_stages import finished_runs, stage_seconds
from recommendations.selectors.registry import champion_row

FAILED = (Job.State.FAILED, Job.State.LOST)
#: Below this share of free room the disk is shown as a problem; Elasticsearch stops writing at 5 %.
LITTLE_ROOM = 0.1
CHARTED_VERSIONS, CHARTED_RUNS = 20, 12


@dataclass(frozen=True)
class Disk:
    """The disk of the home, in bytes."""

    total: int
    free: int

    @property
    def percent_used(self) -> float:
        """As ``df`` shows it."""
        return 100 * (1 - self.free / self.total) if self.total else 0.0

    @property
    def is_almost_full(self) -> bool:
        """True if something should be done."""
        return self.free < LITTLE_ROOM * self.total


@dataclass(frozen=True)
class Unseen:
    """What went wrong and nobody has ticked off: jobs that failed or were lost, versions that the gate refused."""

    jobs: Sequence[Job]
    versions: Sequence[ModelVersion]

    def __len__(self) -> int:
        return len(self.jobs) + len(self.versions)


@dataclass(frozen=True)
class Overview:
    """``champion_since`` is when it was last switched to; ``last_run`` is the newest job that has ended."""

    champion: ModelVersion | None
    champion_since: datetime | None
    last_run: Job | None
    active: Sequence[Job]
    unseen: Unseen
    readiness: Readiness
    open_breakers: int
    degraded_answers: int
    disk: Disk


def overview() -> Overview:
    """Everything of the start page that needs no look into the future; asks Elasticsearch within its time limit."""
    champion = champion_row()
    last = PromotionEvent.objects.exclude(kind=PromotionEvent.Kind.REBUILD).filter(version=champion).first()
    return Overview(
        champion=champion,
        champion_since=last.created_at if champion and last else None,
        last_run=Job.objects.exclude(ended_at=None).order_by("-ended_at").first(),
        active=list(Job.objects.filter(state__in=Job.ACTIVE).order_by("created_at")),
        unseen=unseen_failures(),
        readiness=readiness(),
        open_breakers=int(sum_of("movierec_breaker_open")),
        degraded_answers=int(sum_of("movierec_degraded_answers_total")),
        disk=disk_of_home(),
    )


def unseen_failures() -> Unseen:
    """Newest first. Two queries."""
    jobs = Job.objects.filter(state__in=FAILED, seen_at=None).select_related("requested_by")
    versions = ModelVersion.objects.filter(
        state=ModelVersion.State.CANDIDATE, gate__outcome="refused", seen_at=None, pruned_at=None
    )
    return Unseen(list(jobs[:20]), list(versions[:20]))


def disk_of_home() -> Disk:
    """The file system of ``MOVIEREC_HOME``."""
    usage = shutil.disk_usage(Path(settings.MOVIEREC_HOME))
    return Disk(usage.total, usage.free)


def quality_over_versions() -> dict[str, list[tuple[str, float | None]]]:
    """nDCG@10 of the model and of the most popular films by version, oldest first."""
    rows = list(ModelVersion.objects.only("version", "metrics", "created_at")[:CHARTED_VERSIONS])[::-1]
    measured = [(row.version, row.metrics.get("temporal") or {}) for row in rows]
    return {
        system: [(version, found.get(system, {}).get("ndcg")) for version, found in measured if found]
        for system in (MODEL, POPULARITY)
    }


def durations_over_runs() -> list[tuple[Job, dict[str, float]]]:
    """The stages of the last full runs with their seconds, oldest first."""
    runs = finished_runs(kind=Job.Kind.PIPELINE, number=CHARTED_RUNS)[::-1]
    return [(run, stage_seconds(run.events.all())) for run in runs]
