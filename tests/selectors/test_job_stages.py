"""One total for a job, from what earlier runs took."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.models import Job
from recommendations.selectors.job_stages import STAGE_LABELS, progress_of
from tests.job_rows import ran, running

pytestmark = pytest.mark.django_db


def test_stages_have_the_median_of_earlier_runs():
    for train in (20, 30, 100):
        ran(kind="train", start=10, train=train)
    progress = progress_of(running(kind="train", ago={"start": 15, "train": 5}))
    assert [(stage.name, stage.state, stage.usual) for stage in progress.stages] == [
        ("start", "done", 10),
        ("train", "running", 30),
    ]
    assert progress.stages[0].seconds == pytest.approx(10, abs=0.5)
    assert progress.percent == pytest.approx(100 * 15 / 40, abs=1)
    assert progress.seconds_left == pytest.approx(25, abs=0.5)


def test_the_total_never_falls_and_the_time_left_never_grows():
    ran(kind="pipeline", start=10, ingest=5, profiles=5, train=30, publish=10, evaluate=20, promote=2)
    # This run is slower in one stage and faster in another; it says of itself what it likes.
    took = {"start": 25, "ingest": 1, "profiles": 5, "train": 20, "publish": 10, "evaluate": 30, "promote": 1}
    seen, begun = [], 0.0
    starts = {}
    for stage, seconds in took.items():
        starts[stage] = begun
        begun += seconds
    for moment in range(1, int(begun)):
        so_far = {stage: moment - at for stage, at in starts.items() if at <= moment}
        job = running(kind="pipeline", ago=so_far, percent=(37 * moment) % 100, eta_seconds=900 / moment)
        progress = progress_of(job)
        seen.append((progress.percent, progress.seconds_left))
        job.delete()
    percents, left = zip(*seen, strict=True)
    assert list(percents) == sorted(percents)
    assert all(later <= earlier + 0.5 for earlier, later in zip(left, left[1:], strict=False))
    assert 0 < percents[0] < percents[-1] < 100


def test_a_first_run_names_all_its_stages_and_promises_nothing():
    progress = progress_of(running(kind="pipeline", ago={"start": 9, "ingest": 2}, percent=50))
    assert [stage.name for stage in progress.stages] == list(STAGE_LABELS)
    assert (progress.number, len(progress.stages)) == (2, 7)
    assert progress.seconds_left is None
    assert progress.percent == pytest.approx(100 * 1.5 / 7, abs=1)


def test_runs_that_did_nothing_or_failed_tell_nothing():
    ran(kind="train", start=10, train=30)
    skipped = ran(kind="train", start=1)
    Job.objects.filter(pk=skipped.pk).update(skipped_reason="Nothing has changed.")
    failed = ran(kind="train", start=1, train=1)
    Job.objects.filter(pk=failed.pk).update(state="failed")
    progress = progress_of(running(kind="train", ago={"start": 1}))
    assert [stage.usual for stage in progress.stages] == [10, 30]


def test_a_late_stage_is_called_late():
    ran(kind="train", start=10, train=30)
    assert not progress_of(running(kind="train", ago={"start": 45, "train": 35})).current.is_late
    Job.objects.filter(state="running").delete()
    late = progress_of(running(kind="train", ago={"start": 80, "train": 70}))
    assert late.current.is_late
    assert late.percent < 100


def test_a_job_that_is_over_has_its_own_times():
    job = ran(kind="train", ended=timezone.now() - timedelta(days=1), start=10, train=30)
    progress = progress_of(job)
    assert [(stage.state, stage.seconds) for stage in progress.stages] == [("done", 10), ("done", 30)]
    assert progress.percent == 100
