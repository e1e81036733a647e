"""From claim to final state in the worker; the work itself is a stand-in."""

from __future__ import annotations

import errno
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from recommendations.models import Job, JobEvent
from recommendations.services.jobs import requests, running, tending
from recommendations.services.jobs.running import run_job
from recommendations.services.jobs.work import Outcome
from spark_jobs.submit import SparkJobError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch, settings, tmp_path):
    settings.MOVIEREC_HOME = tmp_path
    monkeypatch.setattr(running, "BEAT_SECONDS", 0.0)
    monkeypatch.setattr(running, "PAUSE_SECONDS", 0.0)
    yield
    running.worker_is_ending.clear()


@pytest.fixture
def pass_seconds(monkeypatch):
    """A clock that stands still unless the test lets seconds pass."""
    clock = [time.monotonic()]
    monkeypatch.setattr(running, "time", SimpleNamespace(monotonic=lambda: clock[0], sleep=time.sleep))

    def seconds_pass(seconds: float) -> None:
        clock[0] += seconds

    return seconds_pass


@pytest.fixture
def job() -> Job:
    return Job.objects.create(kind="pipeline", parameters={"weighting": "likes"})


@pytest.fixture
def work(monkeypatch):
    """Let the job do this."""

    def use(function):
        monkeypatch.setattr(running, "do_work", function)

    return use


def states(job: Job) -> list[tuple[str, str]]:
    return list(JobEvent.objects.filter(job=job).values_list("state", "stage"))


def test_progress_reaches_the_job_while_it_runs(job, work, pass_seconds):
    seen = {}

    def train(job, observer):
        observer.notify({"stage": "ingest", "percent": 0})
        observer.notify({"stage": "ingest", "percent": 40, "rows": 7, "eta_seconds": 9.5, "detail": "u.data"})
        seen.update(Job.objects.values().get(pk=job.pk))
        observer.notify({"stage": "train", "percent": 10})
        observer.watch()
        return Outcome({"version": "v1"})

    work(train)
    done = run_job(job_id=job.pk, worker="w")
    assert (seen["state"], seen["stage"], seen["percent"], seen["rows"]) == ("running", "ingest", 40, 7)
    assert (seen["message"], seen["worker"]) == ("u.data", "w")
    assert 9 < seen["eta_seconds"] <= 9.5
    assert seen["heartbeat_at"] >= seen["started_at"]
    assert (done.state, done.result, done.percent, done.eta_seconds) == (
        "succeeded",
        {"version": "v1"},
        100,
        None,
    )
    assert done.started_at <= done.ended_at
    assert states(job) == [
        ("running", "start"),
        ("running", "ingest"),
        ("running", "train"),
        ("succeeded", "train"),
    ]


def test_the_remaining_time_goes_down_between_two_events(job, work, pass_seconds):
    def wait(job, observer):
        observer.notify({"stage": "train", "percent": 50, "eta_seconds": 10})
        pass_seconds(0.3)
        observer.watch()
        return Outcome({"eta": Job.objects.get(pk=job.pk).eta_seconds})

    work(wait)
    assert 9 < run_job(job_id=job.pk).result["eta"] <= 9.8


def test_nothing_to_do_is_recorded(job, work):
    work(lambda job, observer: Outcome({}, "Nothing has changed since v1."))
    done = run_job(job_id=job.pk)
    assert (done.state, done.skipped_reason) == ("succeeded", "Nothing has changed since v1.")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (SparkJobError("u.data is empty"), "u.data is empty"),
        (OSError(errno.ENOSPC, "No space left on device", "/models/x"), "No space left on device: /models/x"),
        (OperationalError("gone"), "The database went away in the middle of the job; run the job again."),
    ],
)
def test_a_failure_is_one_sentence(job, work, error, message):
    def fail(job, observer):
        raise error

    work(fail)
    failed = run_job(job_id=job.pk)
    assert (failed.state, failed.message) == ("failed", message)


def test_a_mistake_in_the_program_ends_the_job_too(job, work):
    def fail(job, observer):
        raise KeyError("nonsense")

    work(fail)
    with pytest.raises(KeyError):
        run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "unexpected error (KeyError: 'nonsense')" in job.message


@pytest.mark.parametrize(
    ("becomes", "ends"), [("cancelling", "cancelled"), ("lost", "lost")], ids=["cancelled", "given up"]
)
def test_a_job_that_was_stopped_meanwhile_ends_as_such(job, work, becomes, ends):
    def overtaken(job, observer):
        Job.objects.update(state=becomes)
        observer.watch()
        raise AssertionError("it went on")

    work(overtaken)
    assert run_job(job_id=job.pk).state == ends


def test_what_was_through_before_it_could_be_stopped_has_succeeded(job, work):
    def too_late(job, observer):
        Job.objects.update(state="cancelling")
        return Outcome({})

    work(too_late)
    assert run_job(job_id=job.pk).state == "succeeded"


def test_a_worker_that_ends_ends_its_job(job, work):
    def ending(job, observer):
        running.worker_is_ending.set()
        observer.watch()

    work(ending)
    ended = run_job(job_id=job.pk)
    assert ended.state == "failed"
    assert "worker was shut down" in ended.message


def test_a_message_that_comes_twice_runs_nothing_twice(job, work):
    runs = []

    def once(job, observer):
        runs.append(job.pk)
        assert run_job(job_id=job.pk) is None  # delivered again while it runs
        return Outcome({})

    work(once)
    run_job(job_id=job.pk)
    assert run_job(job_id=job.pk) is None
    assert run_job(job_id=job.pk + 99) is None
    assert runs == [job.pk]


def test_another_kind_waits_until_the_running_job_has_ended(job, work, monkeypatch):
    sent = []
    monkeypatch.setattr(tending, "send_job", lambda *, job: sent.append(job.pk))
    waiting = Job.objects.create(kind="train")

    def busy(job, observer):
        assert run_job(job_id=waiting.pk) is None
        assert tending.wake_waiting_job() is None
        return Outcome({})

    work(busy)
    run_job(job_id=job.pk)
    assert Job.objects.get(pk=waiting.pk).state == "queued"
    assert tending.wake_waiting_job() == waiting
    assert sent == [waiting.pk]


def test_a_short_absence_of_the_database_is_survived(job, work, monkeypatch):
    refusals = [OperationalError("gone"), OperationalError("gone")]
    write = running.record_event

    def sometimes(**values):
        if refusals:
            raise refusals.pop()
        return write(**values)

    monkeypatch.setattr(running, "record_event", sometimes)
    monkeypatch.setattr(running.connection, "close", lambda: None)

    def three_stages(job, observer):
        for stage in ("ingest", "profiles", "train"):
            observer.notify({"stage": stage, "percent": 0})
        return Outcome({})

    work(three_stages)
    assert run_job(job_id=job.pk).state == "succeeded"
    assert states(job) == [("running", "start"), ("running", "train"), ("succeeded", "train")]


def test_the_reaper_gives_up_silent_workers_alone(settings):
    settings.JOBS_LOST_AFTER_SECONDS = 60
    now = timezone.now()
    silent = Job.objects.create(
        kind="train", state="running", worker="host:1", heartbeat_at=now - timedelta(seconds=61)
    )
    alive = Job.objects.create(kind="ingest", state="running", heartbeat_at=now - timedelta(seconds=30))
    queued = Job.objects.create(kind="publish")
    assert tending.reap_lost_jobs() == [silent]
    silent.refresh_from_db()
    assert silent.state == "lost"
    assert "Worker host:1 has given no sign of life since" in silent.message
    assert {alive.pk, queued.pk} == set(Job.objects.filter(state__in=Job.ACTIVE).values_list("pk", flat=True))


@pytest.mark.parametrize("error", [requests.OperationalError, RedisConnectionError, ConnectionRefusedError])
def test_a_broker_that_is_away_loses_no_job(job, monkeypatch, error):
    def refuse(*args, **kwargs):
        raise error("connection refused")

    monkeypatch.setattr(requests.app, "send_task", refuse)
    assert requests.send_job(job=job) is False
    job.refresh_from_db()
    assert (job.state, job.message) == ("queued", requests.UNSENT)
    monkeypatch.undo()
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    tending.tend_jobs()
    job.refresh_from_db()
    assert (job.message, len(job.task_id)) == ("", 36)
