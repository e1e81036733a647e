"""How far a job is: all its stages with what each usually takes, and one total for the whole job."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.models import Job, JobEvent

STAGE_LABELS = {
    "start": gettext_noop("start of Spark"),
    "ingest": gettext_noop("reading the data"),
    "profiles": gettext_noop("profiles of people and films"),
    "train": gettext_noop("training the model"),
    "publish": gettext_noop("building the indices"),
    "evaluate": gettext_noop("measuring"),
    "promote": gettext_noop("checks and promotion"),
}
#: What a job of each kind does where no earlier run says it; a run leaves out what is there already.
_OF_KIND: Mapping[str, tuple[str, ...]] = {
    Job.Kind.INGEST: ("start", "ingest"),
    Job.Kind.PROFILE: ("start", "profiles"),
    Job.Kind.TRAIN: ("start", "train"),
    Job.Kind.EVALUATE: ("start", "evaluate"),
    Job.Kind.PUBLISH: ("start", "publish"),
    Job.Kind.PIPELINE: tuple(STAGE_LABELS),
}
EARLIER_RUNS = 10
#: A stage that takes longer than usual stays at this share of itself until it ends.
_ALMOST = 0.98


@dataclass(frozen=True)
class Stage:
    """``state`` is ``done``, ``running`` or ``waiting``; ``seconds`` is what it took, ``usual`` the median of earlier runs."""

    name: str
    state: str
    seconds: float | None = None
    usual: float | None = None

    @property
    def label(self) -> str:
        """What it is called, in the active language."""
        return stage_label(self.name)

    @property
    def is_late(self) -> bool:
        """Whether it takes longer than it usually does."""
        return (
            self.state == "running" and self.usual is not None and (self.seconds or 0) > 1.5 * self.usual + 5
        )


@dataclass(frozen=True)
class Progress:
    """``percent`` of the whole job, and the ``seconds_left`` where earlier runs tell what is usual."""

    stages: tuple[Stage, ...] = ()
    percent: float = 0.0
    seconds_left: float | None = None

    @property
    def number(self) -> int:
        """The place of the running stage, counted from 1; 0 if none runs."""
        places = [place for place, stage in enumerate(self.stages, 1) if stage.state == "running"]
        return places[0] if places else 0

    @property
    def current(self) -> Stage | None:
        """The running stage."""
        return self.stages[self.number - 1] if self.number else None


def stage_label(name: str) -> str:
    """What a stage is called, in the active language; an unknown one by its own name."""
    return _(STAGE_LABELS[name]) if name in STAGE_LABELS else name


def stage_seconds(events: Iterable[JobEvent]) -> dict[str, float]:
    """How long each stage of one job ran, from its events in their order; the last one ends with the job's end."""
    took: dict[str, float] = defaultdict(float)
    stage, begun = "", None
    for event in events:
        if stage and begun is not None:
            took[stage] += (event.created_at - begun).total_seconds()
        stage, begun = (event.stage if event.state in Job.HELD else ""), event.created_at
    return dict(took)


def finished_runs(*, kind: str, number: int = EARLIER_RUNS) -> list[Job]:
    """The last jobs of the kind that did their work to the end, newest first, with their events. Two queries."""
    runs = Job.objects.filter(kind=kind, state=Job.State.SUCCEEDED, skipped_reason="")
    return list(runs.prefetch_related("events")[:number])


def progress_of(job: Job) -> Progress:
    """All stages of the job and one total. Three queries."""
    runs = [stage_seconds(run.events.all()) for run in finished_runs(kind=job.kind)]
    gathered: dict[str, list[float]] = defaultdict(list)
    for run in runs:
        for name, seconds in run.items():
            gathered[name].append(seconds)
    usual = {name: median(seconds) for name, seconds in gathered.items()}
    events = list(job.events.all())
    took = stage_seconds(events)
    running = job.stage if job.state in Job.HELD else ""
    if running:
        begun = next((event.created_at for event in events if event.stage == running), job.started_at)
        took[running] = (timezone.now() - begun).total_seconds() if begun else 0.0
    expected = list(runs[0]) if runs else list(_OF_KIND[job.kind])
    names = _in_order({*expected, *took})
    stages = tuple(
        Stage(
            name,
            "running"
            if name == running
            else "done"
            if name in took or job.state == Job.State.SUCCEEDED
            else "waiting",
            took.get(name),
            usual.get(name),
        )
        for name in names
    )
    if not job.is_active:
        return Progress(stages, 100.0 if job.state == Job.State.SUCCEEDED else _percent(stages, usual, None))
    left = _seconds_left(stages) if runs else None
    return Progress(stages, _percent(stages, usual, job.percent), left)


def _in_order(names: set[str]) -> list[str]:
    known = list(STAGE_LABELS)
    return sorted(names, key=lambda name: (known.index(name) if name in known else len(known), name))


def _percent(stages: tuple[Stage, ...], usual: Mapping[str, float], within: float | None) -> float:
    """The share of the usual time that is over; of a stage without one, what it says itself."""
    plain = median(usual.values()) if usual else 1.0
    done = total = 0.0
    for stage in stages:
        weight = max(stage.usual or plain, 0.1)
        total += weight
        if stage.state == "done":
            done += weight
        elif stage.state == "running":
            by_time = (stage.seconds or 0.0) / stage.usual if stage.usual else (within or 0.0) / 100
            done += weight * min(by_time, _ALMOST)
    return round(100 * done / total, 1) if total else 0.0


def _seconds_left(stages: tuple[Stage, ...]) -> float:
    """It only falls: a stage that takes longer than usual has nothing left, and is shown as late."""
    return sum(
        max(0.0, (stage.usual or 0.0) - (stage.seconds or 0.0)) for stage in stages if stage.state != "done"
    )
