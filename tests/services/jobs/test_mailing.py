"""Operators get a letter about what went wrong, once, and only where mail is set."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core import mail

from accounts.models import User
from recommendations.models import Job
from recommendations.services.jobs.mailing import mail_about
from recommendations.services.jobs.states import move_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people(settings):
    settings.MAIL_IS_SET, settings.SITE_URL = True, "https://films.example/"
    for name, role, email in (
        ("olga", "operator", "olga@films.example"),
        ("ada", "admin", "ada@films.example"),
        ("vera", "viewer", "vera@films.example"),
        ("otto", "operator", ""),
    ):
        user = User.objects.create_user(name, email=email)
        user.groups.add(Group.objects.get(name=role))
    User.objects.create_user("ann", email="ann@films.example")


@pytest.mark.parametrize("state", ["failed", "lost"])
def test_a_job_that_fails_or_is_lost_is_mailed_once(state, django_capture_on_commit_callbacks):
    job = Job.objects.create(kind="pipeline", state="running")
    with django_capture_on_commit_callbacks(execute=True):
        assert move_job(job=job, to=state, message="The disk is full.")
        assert not move_job(job=job, to=state, message="The disk is full.")
    assert sorted(letter.to[0] for letter in mail.outbox) == ["ada@films.example", "olga@films.example"]
    letter = mail.outbox[0]
    assert str(job).lower() in letter.subject.lower()
    assert "The disk is full." in letter.body
    assert f"https://films.example/admin/recommendations/job/{job.pk}/change/" in letter.body


def test_a_refused_version_is_mailed_with_the_reason(django_capture_on_commit_callbacks):
    job = Job.objects.create(kind="pipeline", state="running")
    result = {"trained": True, "promoted": False, "reason": "It does not beat the most popular films."}
    with django_capture_on_commit_callbacks(execute=True):
        move_job(job=job, to="succeeded", result=result)
    assert len(mail.outbox) == 2
    assert "was not promoted" in mail.outbox[0].subject
    assert "It does not beat the most popular films." in mail.outbox[0].body


@pytest.mark.parametrize(
    ("state", "values"),
    [
        ("succeeded", {"result": {"trained": True, "promoted": True}}),
        ("succeeded", {"result": {}}),
        ("cancelling", {}),
    ],
)
def test_what_went_well_or_was_cancelled_is_not_mailed(state, values, django_capture_on_commit_callbacks):
    job = Job.objects.create(kind="pipeline", state="running")
    with django_capture_on_commit_callbacks(execute=True):
        assert move_job(job=job, to=state, **values)
    assert mail.outbox == []


def test_without_mail_nothing_is_sent(settings):
    settings.MAIL_IS_SET = False
    assert mail_about(Job.objects.create(kind="train", state="failed")) == 0
    assert mail.outbox == []


def test_a_mail_server_that_is_away_changes_nothing_about_the_job(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert mail_about(Job.objects.create(kind="train", state="failed")) == 0
    assert "could not be told" in caplog.text
