"""Submitting, cancelling and retrying, and the table of transitions."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from recommendations.models import Job, JobEvent
from recommendations.services.jobs import (
    JobActiveError,
    JobError,
    JobParametersError,
    JobStateError,
    cancel_job,
    retry_job,
    submit_job,
)
from recommendations.services.jobs import requests as requests_module
from recommendations.services.jobs.states import ALLOWED, State, move_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> User:
    return User.objects.create_user("operator")


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """The numbers of the jobs that were sent to the workers."""
    numbers: list[int] = []
    monkeypatch.setattr(requests_module, "send_job", lambda *, job: numbers.append(job.pk))
    return numbers


def in_state(state: str, **values) -> Job:
    return Job.objects.create(kind="pipeline", state=state, parameters={"force": True}, **values)


def states_kept(job: Job) -> list[str]:
    return list(JobEvent.objects.filter(job=job).values_list("state", flat=True))


def test_a_job_is_queued_with_all_parameters_and_sent_after_the_commit(
    operator, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = submit_job(kind="pipeline", by=operator, parameters={"weighting": "any"})
        assert sent == []
    assert sent == [job.pk]
    assert (job.state, job.requested_by) == ("queued", operator)
    assert job.parameters == {"site_ratings": False, "weighting": "any", "force": False}
    assert states_kept(job) == ["queued"]


@pytest.mark.parametrize(
    ("kind", "parameters", "sentence"),
    [
        ("cooking", {}, "no kind of job “cooking”; expected one of: ingest, profile"),
        (
            "ingest",
            {"weighting": "any"},
            "kind ingest takes no parameter “weighting”; it takes: site_ratings",
        ),
        ("train", {"weighting": "most"}, "weighting is most; expected one of: any, likes"),
        ("pipeline", {"force": "yes"}, "force is yes; expected true or false"),
        ("pipeline", {"site_ratings": 1}, "site_ratings is 1; expected true or false"),
        ("publish", {"version": "nine"}, "no model version nine"),
    ],
)
def test_parameters_that_do_not_fit_are_named(operator, kind, parameters, sentence):
    with pytest.raises(JobParametersError, match=sentence):
        submit_job(kind=kind, by=operator, parameters=parameters)
    assert not Job.objects.exists()


def test_one_active_job_of_a_kind(operator):
    job = submit_job(kind="pipeline", by=operator)
    with pytest.raises(
        JobActiveError, match=f"full pipeline .job {job.pk}, queued.*wait for its end"
    ) as refused:
        submit_job(kind="pipeline", by=None)
    assert refused.value.job == job
    assert submit_job(kind="ingest", by=None).kind == "ingest"
    with pytest.raises(IntegrityError), transaction.atomic():
        in_state("cancelling")
    cancel_job(job=job, by=operator)
    assert submit_job(kind="pipeline", by=operator).pk != job.pk


def test_a_request_key_gives_the_same_job_to_the_same_person(operator):
    job = submit_job(kind="pipeline", by=operator, request_key="monday")
    assert submit_job(kind="pipeline", by=operator, request_key="monday") == job
    cancel_job(job=job, by=operator)
    assert submit_job(kind="pipeline", by=operator, request_key="monday") == job
    other = submit_job(kind="pipeline", by=User.objects.create_user("other"), request_key="monday")
    assert other != job
    with pytest.raises(JobError, match="longer than 100 characters"):
        submit_job(kind="ingest", by=operator, request_key="k" * 101)


def test_cancelling(operator):
    queued = in_state("queued")
    assert cancel_job(job=queued, by=operator).state == "cancelled"
    assert queued.ended_at is not None
    running = in_state("running")
    assert cancel_job(job=running, by=operator).state == "cancelling"
    assert cancel_job(job=running, by=operator).state == "cancelling"  # impatience changes nothing
    assert states_kept(running) == ["cancelling"]
    assert JobEvent.objects.get(job=running).by == operator
    assert running.message == "Cancelled by operator."


@pytest.mark.parametrize("state", ["succeeded", "failed", "cancelled", "lost"])
def test_what_is_over_cannot_be_cancelled(operator, state):
    job = in_state(state)
    with pytest.raises(JobStateError, match=f"Job {job.pk} is over"):
        cancel_job(job=job, by=operator)
    assert states_kept(job) == []


def test_a_stale_look_at_a_job_does_not_matter(operator):
    """Between reading and cancelling, a worker has taken the job."""
    job = in_state("queued")
    Job.objects.update(state="running")
    assert cancel_job(job=job, by=operator).state == "cancelling"


@pytest.mark.parametrize("state", ["failed", "cancelled", "lost"])
def test_retrying(operator, state):
    job = in_state(state)
    again = retry_job(job=job, by=operator)
    assert (again.parent, again.state, again.parameters["force"]) == (job, "queued", True)
    with pytest.raises(JobActiveError):
        retry_job(job=job, by=operator)


@pytest.mark.parametrize("state", ["queued", "running", "cancelling", "succeeded"])
def test_what_is_active_or_done_is_not_retried(operator, state):
    with pytest.raises(JobStateError, match="only a failed, cancelled or lost job"):
        retry_job(job=in_state(state), by=operator)


@pytest.mark.parametrize("source", State.values)
@pytest.mark.parametrize("target", State.values)
def test_only_allowed_transitions_change_a_job(source, target):
    job = in_state(source)
    moved = move_job(job=job, to=target, message="because")
    assert moved == (target in ALLOWED[source])
    assert job.state == (target if moved else source)
    assert states_kept(job) == ([target] if moved else [])
    assert (job.ended_at is not None) == (moved and not ALLOWED[target])


@pytest.mark.parametrize("state", State.values)
def test_what_a_job_says_of_itself_is_what_the_services_do(operator, state):
    job = in_state(state)
    cancellable, retryable = job.can_be_cancelled, job.can_be_retried
    assert (
        move_job(job=in_state_of_another_kind(state), to="cancelling") or state == "queued"
    ) == cancellable
    try:
        retry_job(job=job, by=operator)
    except JobStateError:
        assert not retryable
    else:
        assert retryable


def in_state_of_another_kind(state: str) -> Job:
    return Job.objects.create(kind="train", state=state)
