"""The start page of the admin: how things are, what nobody has seen yet, notes, and what came of versions and runs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from recommendations.models import Job, ModelVersion, PromotionEvent
from recommendations.selectors import overview
from tests.job_rows import ran, running

pytestmark = pytest.mark.django_db
INDEX = "admin:index"


@pytest.fixture(autouse=True)
def _nothing_listens(settings) -> None:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"


def version(name: str, ndcg: float, **values: object) -> ModelVersion:
    metrics = {"temporal": {"model": {"ndcg": ndcg}, "popularity": {"ndcg": 0.0943}}}
    return ModelVersion.objects.create(version=name, metrics=metrics, **values)


def seen(kind: str, row: Job | ModelVersion) -> str:
    return reverse(f"admin:recommendations_{kind}_seen", args=[row.pk])


def page_for(client, **headers: str) -> str:
    return client.get(reverse(INDEX), headers=headers).content.decode()


def test_it_says_who_answers_what_runs_and_what_comes(as_role):
    champion = version("20260101-000000-a", 0.2, state="champion")
    ModelVersion.objects.update(created_at=timezone.now() - timedelta(days=3, hours=1))
    PromotionEvent.objects.create(version=champion, reason="test")
    ran(kind="train", start=1, train=2)
    job = running(kind="pipeline", ago={"start": 3})
    page = page_for(as_role("viewer"))
    assert "20260101-000000-a" in page
    assert "trained 3 days ago" in page
    assert "live since" in page
    assert f"Full pipeline {job.pk}" in page
    assert "start of Spark" in page
    assert "Nightly retraining" in page
    assert "degraded: without Elasticsearch" in page or "no recommendations" in page
    assert re.search(r"\d+(\.\d)?\sGB of [\d.]+\s[GT]B are free", page)


def test_an_empty_site_says_what_to_do(as_role):
    page = page_for(as_role("operator"))
    assert "There is no model yet." in page
    assert "Nothing runs, and nothing waits." in page
    assert reverse("admin:recommendations_job_add") in page


def test_a_failure_is_shown_until_somebody_has_seen_it(as_role):
    ended = timezone.now()
    job = Job.objects.create(kind="train", state="failed", message="It broke.", ended_at=ended)
    Job.objects.create(kind="publish", state="cancelled", message="Not wanted.", ended_at=ended)
    refused = version("refused", 0.1, gate={"outcome": "refused", "findings": []})
    viewer, operator = as_role("viewer"), as_role("operator")
    page = page_for(viewer)
    assert "It broke." in page
    assert "refused" in page
    assert "Not wanted." not in page
    assert seen("job", job) not in page
    assert viewer.post(seen("job", job)).status_code == 403
    assert seen("job", job) in page_for(operator)
    for kind, row in (("job", job), ("modelversion", refused)):
        assert operator.post(seen(kind, row)).url == reverse(INDEX)
        operator.post(seen(kind, row))
    page = page_for(operator)
    assert "Not yet looked at" not in page
    assert f"Seen: training {job.pk}" in page
    assert LogEntry.objects.count() == 2


def test_whoever_runs_it_again_has_seen_it(as_role):
    job = Job.objects.create(kind="train", state="lost", parameters={}, ended_at=timezone.now())
    client = as_role("operator")
    assert "Not yet looked at" in page_for(client)
    client.post(reverse("admin:recommendations_job_retry", args=[job.pk]))
    assert "Not yet looked at" not in page_for(client)


def test_a_full_disk_stands_out(as_role, monkeypatch):
    page = page_for(as_role("viewer"))
    assert "almost-full" not in page
    monkeypatch.setattr(
        overview.shutil, "disk_usage", lambda path: overview.shutil._ntuple_diskusage(100, 95, 5)
    )
    assert "Make room" in page_for(as_role("operator"))


def test_charts_name_every_figure(as_role):
    version("20260101-000000-a", 0.2)
    version("20260102-000000-b", 0.22155, state="champion")
    ran(kind="pipeline", start=10, train=30)
    ran(kind="pipeline", start=10, train=90)
    page = page_for(as_role("viewer"))
    assert page.count('<svg role="img"') == 2
    assert "the model, 02.01. 00:00: 0.222" in page
    assert 'data-label="The model">0.2216' in page
    assert "training the model: 1 min 30 s" in page
    french = page_for(as_role("operator"), **{"accept-language": "fr"})
    assert "entraînement du modèle" in french
    assert 'data-label="Le modèle">0,2216' in french


def test_notes_on_versions(as_role):
    row = version("v1", 0.2)
    address = reverse("admin:recommendations_modelversion_change", args=[row.pk])
    write = reverse("admin:recommendations_modelversion_note", args=[row.pk])
    operator, viewer = as_role("operator"), as_role("viewer")
    assert viewer.post(write, {"note": "mine"}).status_code == 403
    assert "is kept" in operator.post(write, {"note": " <b>with</b> dislikes "}, follow=True).content.decode()
    row.refresh_from_db()
    assert row.note == "<b>with</b> dislikes"
    page = viewer.get(address).content.decode()
    assert "&lt;b&gt;with&lt;/b&gt; dislikes" in page
    assert "<textarea" not in page
    assert (
        "with"
        in viewer.get(
            reverse("admin:recommendations_modelversion_changelist"), {"q": "dislikes"}
        ).content.decode()
    )
    assert "longer than 2000" in operator.post(write, {"note": "x" * 2001}, follow=True).content.decode()
    operator.post(write, {"note": ""})
    row.refresh_from_db()
    assert row.note == ""
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Note: <b>with</b> dislikes",
        "The note was removed.",
    ]


def test_the_page_takes_few_queries(as_role, django_assert_max_num_queries):
    for number in range(15):
        version(f"2026010{number % 10}-00000{number:02}-a", 0.2)
        ran(kind="pipeline", start=10, train=30)
        Job.objects.create(kind="train", state="failed", ended_at=timezone.now())
    client = as_role("operator")
    page_for(client)
    with django_assert_max_num_queries(40):
        page_for(client)
