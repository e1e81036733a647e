"""The nightly retraining: there from the beginning, editable, and never two at a time."""

import json

import pytest
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from accounts.models import User
from recommendations import tasks
from recommendations.models import Job
from recommendations.services.jobs.tending import LEFT_OUT

pytestmark = pytest.mark.django_db


def test_the_default_schedule_submits_a_pipeline_with_the_sites_ratings():
    nightly = PeriodicTask.objects.get(name="Nightly retraining")
    assert nightly.enabled
    assert (nightly.crontab.hour, nightly.crontab.minute) == ("3", "30")
    assert nightly.task == tasks.submit_scheduled_job.name
    tasks.submit_scheduled_job(**json.loads(nightly.kwargs))
    job = Job.objects.get()
    assert (job.kind, job.requested_by, job.parameters["site_ratings"]) == ("pipeline", None, True)


def test_a_job_under_way_is_told_that_the_schedule_came_by():
    tasks.submit_scheduled_job(kind="pipeline")
    tasks.submit_scheduled_job(kind="pipeline")
    assert [event.message for event in Job.objects.get().events.all()] == ["", LEFT_OUT]


def test_the_schedule_is_edited_in_the_admin(admin_client):
    nightly = PeriodicTask.objects.get(name="Nightly retraining")
    page = admin_client.get(reverse("admin:django_celery_beat_periodictask_change", args=[nightly.pk]))
    assert page.status_code == 200
    assert "Nightly retraining" in page.content.decode()
    assert User.objects.filter(is_superuser=True).exists()
