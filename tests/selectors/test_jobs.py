"""Reading jobs and their logs, from which every secret is taken out."""

import pytest
from django.utils.functional import SimpleLazyObject

from recommendations.models import Job
from recommendations.selectors.jobs import job_by_id, jobs_listed, log_lines, log_tail

pytestmark = pytest.mark.django_db
SECRETS = """\
connecting to redis://worker:hunter2-redis@redis:6379/0
password=correct-horse&x=1
{"api_key": "VnVhQ2ZHY0JDZGJrU", "user": "elastic"}
Authorization: Basic ZWxhc3RpYzpwYXNz
the key is only-for-tests, and it came from DJANGO_SOMETHING
environment says plain-value-of-a-variable
a setting says lazy-value-of-a-setting
"""
HIDDEN = (
    "hunter2-redis",
    "correct-horse",
    "VnVhQ2ZHY0JDZGJrU",
    "ZWxhc3RpYzpwYXNz",
    "only-for-tests",
    "plain-value",
)


@pytest.fixture
def job(settings, tmp_path) -> Job:
    settings.MOVIEREC_HOME = tmp_path
    (tmp_path / "logs").mkdir()
    return Job.objects.create(kind="ingest", log_path=str(tmp_path / "logs" / "job-1.log"))


def write(job: Job, text: str) -> None:
    with open(job.log_path, "w", encoding="utf-8") as log:
        log.write(text)


def log_text(job: Job) -> str:
    return "".join(log_lines(job))


def test_lists_and_one_of_them(job):
    older = Job.objects.create(kind="pipeline", state="failed")
    newer = Job.objects.create(kind="pipeline", state="running")
    assert list(jobs_listed()) == [newer, older, job]
    assert list(jobs_listed(kind="pipeline", state="running")) == [newer]
    assert job_by_id(older.pk) == older
    assert job_by_id(older.pk + 99) is None
    assert list(jobs_listed(kind="train")) == []


def test_secrets_do_not_leave(job, monkeypatch, settings):
    monkeypatch.setenv("SOME_SECRET", "plain-value-of-a-variable")
    settings.LAZY_PASSWORD = SimpleLazyObject(lambda: "lazy-value-of-a-setting")
    write(job, SECRETS)
    for text in (log_text(job), log_tail(job)):
        assert [secret for secret in HIDDEN if secret in text] == []
        assert "connecting to redis://worker:" in text
        assert len(text.splitlines()) == len(SECRETS.splitlines())


def test_the_tail_is_whole_lines(job):
    write(job, "".join(f"line {number} {'x' * 90}\n" for number in range(5000)))
    tail = log_tail(job, lines=3).splitlines()
    assert [line.split()[1] for line in tail] == ["4997", "4998", "4999"]
    assert len(log_tail(job, lines=10_000).splitlines()) == 5000


def test_only_logs_of_this_home_are_read(job, tmp_path):
    assert log_text(job) == ""
    (tmp_path / "secret_key").write_text("private")
    job.log_path = str(tmp_path / "logs" / ".." / "secret_key")
    assert log_text(job) == log_tail(job) == ""
