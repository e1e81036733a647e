"""When jobs start by themselves: a form without JSON, and nothing of the program's own to break."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from recommendations.models import Job
from recommendations.services.jobs.schedules import TASK

pytestmark = pytest.mark.django_db
NAME = "admin:django_celery_beat_periodictask"
LIST, ADD = f"{NAME}_changelist", f"{NAME}_add"


@pytest.fixture
def nightly() -> PeriodicTask:
    return PeriodicTask.objects.get(name="Nightly retraining")


@pytest.fixture
def upkeep() -> PeriodicTask:
    interval = IntervalSchedule.objects.create(every=15, period="seconds")
    return PeriodicTask.objects.create(
        name="look after the jobs", task="recommendations.tasks.tend_jobs", interval=interval
    )


def page_of(row: PeriodicTask, action: str = "change") -> str:
    return reverse(f"{NAME}_{action}", args=[row.pk])


def fields(**given: object) -> dict[str, object]:
    return {"name": "mine", "enabled": "on", "at": "04:15", "kind": "pipeline", "description": "", **given}


def crontab(row: PeriodicTask) -> str:
    at = row.crontab
    return f"{at.minute} {at.hour} {at.day_of_month} {at.month_of_year} {at.day_of_week}"


def test_nightly_retraining_is_changed_by_its_form(as_role, nightly):
    client = as_role("operator")
    page = client.get(page_of(nightly)).content.decode()
    assert 'value="03:30"' in page
    assert " checked" in page[page.index('name="site_ratings"') :].partition(">")[0]
    assert " checked" not in page[page.index('name="force"') :].partition(">")[0]
    for raw in ('name="kwargs"', 'name="args"', 'name="task"', 'name="regtask"', 'name="queue"'):
        assert raw not in page
    given = fields(name=nightly.name, weighting="any", days=["1", "0"], force="on")
    assert client.post(page_of(nightly), given).status_code == 302
    nightly.refresh_from_db()
    assert crontab(nightly) == "15 4 * * 0,1"
    assert json.loads(nightly.kwargs) == {
        "kind": "pipeline",
        "weighting": "any",
        "site_ratings": False,
        "force": True,
    }
    assert nightly.task == TASK
    assert "Monday" in client.get(reverse(LIST)).content.decode()
    del given["enabled"]
    client.post(page_of(nightly), given)
    nightly.refresh_from_db()
    assert not nightly.enabled


def test_times_that_the_simple_fields_cannot_say_are_kept(as_role, nightly):
    nightly.crontab = CrontabSchedule.objects.create(minute="0", hour="*/6", timezone="UTC")
    nightly.save()
    client = as_role("operator")
    assert 'value="0 */6 * * *"' in client.get(page_of(nightly)).content.decode()
    client.post(page_of(nightly), fields(name=nightly.name, at="", other_times="0 */6 * * *"))
    nightly.refresh_from_db()
    assert crontab(nightly) == "0 */6 * * *"
    page = client.post(page_of(nightly), fields(name=nightly.name, other_times="often")).content.decode()
    assert "expected five fields" in page
    page = client.post(page_of(nightly), fields(name=nightly.name, at="")).content.decode()
    assert "Say at what time" in page


def test_another_kind_has_its_own_fields(as_role):
    client = as_role("operator")
    page = client.get(reverse(ADD), {"kind": "publish"}).content.decode()
    assert 'name="version"' in page
    assert 'name="weighting"' not in page
    assert client.post(reverse(ADD), fields(kind="evaluate", weighting="any")).status_code == 302
    row = PeriodicTask.objects.get(name="mine")
    assert (row.task, json.loads(row.kwargs)["kind"]) == (TASK, "evaluate")


@pytest.mark.parametrize("field", ["task", "regtask", "kwargs", "interval"])
def test_a_raw_task_cannot_be_scheduled(as_role, field):
    sent = fields(**{field: "recommendations.tasks.run_job"})
    assert as_role("operator").post(reverse(ADD), sent).status_code == 302
    row = PeriodicTask.objects.get(name="mine")
    assert (row.task, row.interval, json.loads(row.kwargs)["kind"]) == (TASK, None, "pipeline")


@pytest.mark.parametrize("role", ["operator", "superuser"])
def test_what_looks_after_the_jobs_is_shown_and_stays(as_role, upkeep, role):
    client = as_role(role)
    page = client.get(reverse(LIST)).content.decode()
    assert "look after the jobs" in page
    assert page_of(upkeep) not in page
    for action in ("change", "delete"):
        assert client.get(page_of(upkeep, action)).status_code in (302, 404)
        client.post(page_of(upkeep, action), {**fields(), "post": "yes"})
    data = {"action": "delete_selected", "_selected_action": [upkeep.pk], "post": "yes"}
    client.post(reverse(LIST), data)
    kept = PeriodicTask.objects.get(pk=upkeep.pk)
    assert (kept.name, kept.task, kept.enabled) == (upkeep.name, upkeep.task, True)


def test_other_tables_of_the_scheduler_are_hidden(as_role):
    page = as_role("superuser").get(reverse("admin:index")).content.decode()
    shown = {
        model._meta.model_name
        for model in apps.get_app_config("django_celery_beat").get_models()
        if admin.site.is_registered(model)
    }
    assert shown == {"periodictask"}
    assert "crontabschedule" not in page


def test_its_job_runs_at_once_in_the_name_of_whoever_asks(as_role, nightly, upkeep):
    data = {"action": "run_now", "_selected_action": [nightly.pk, upkeep.pk]}
    as_role("operator").post(reverse(LIST), data)
    job = Job.objects.get()
    assert (job.kind, job.requested_by.username, job.parameters["site_ratings"]) == (
        "pipeline",
        "operator",
        True,
    )
