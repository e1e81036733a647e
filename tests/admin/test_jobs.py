"""Starting, cancelling and repeating jobs from the admin; reading their logs."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from recommendations.models import Job

pytestmark = pytest.mark.django_db
RUN, LIST = "admin:recommendations_job_add", "admin:recommendations_job_changelist"


def job_page(job: Job, action: str = "change") -> str:
    return reverse(f"admin:recommendations_job_{action}", args=[job.pk])


def test_a_job_is_queued_with_its_parameters_and_noted(as_role):
    client = as_role("operator")
    response = client.post(reverse(RUN), {"kind": "train", "weighting": "any", "force": "on"})
    job = Job.objects.get()
    assert response.url == job_page(job)
    assert (job.kind, job.state, job.requested_by.username) == ("train", "queued", "operator")
    assert job.parameters == {"weighting": "any", "site_ratings": False}  # force is not for this kind
    assert "queued" in client.get(job_page(job)).content.decode()
    assert str(job.pk) in client.get(reverse(LIST)).content.decode()
    assert LogEntry.objects.get().object_id == str(job.pk)


def test_a_second_one_of_a_kind_is_explained(as_role):
    client = as_role("operator")
    client.post(reverse(RUN), {"kind": "pipeline"})
    page = client.post(reverse(RUN), {"kind": "pipeline"}).content.decode()
    assert "This is already under way: full pipeline" in page
    assert Job.objects.count() == 1


def test_cancel_and_run_again(as_role):
    client = as_role("operator")
    client.post(reverse(RUN), {"kind": "pipeline", "force": "on"})
    first = Job.objects.get()
    assert client.post(job_page(first, "cancel")).url == job_page(first)
    first.refresh_from_db()
    assert first.state == "cancelled"
    page = client.post(job_page(first, "cancel"), follow=True).content.decode()
    assert "only a queued or running job can be cancelled" in page
    response = client.post(job_page(first, "retry"))
    second = Job.objects.get(parent=first)
    assert response.url == job_page(second)
    assert second.parameters == first.parameters
    assert [entry.object_id for entry in LogEntry.objects.order_by("pk")] == [
        str(first.pk),
        str(first.pk),
        str(second.pk),
    ]


def test_the_log_is_downloaded_without_secrets(as_role, settings, tmp_path):
    settings.MOVIEREC_HOME = tmp_path
    log = tmp_path / "logs" / "job.log"
    log.parent.mkdir()
    log.write_text(f"first\npassword={settings.SECRET_KEY}\nlast\n")
    job = Job.objects.create(kind="train", state="failed", log_path=str(log), message="It broke.")
    client = as_role("viewer")
    response = client.get(job_page(job, "log"))
    text = b"".join(response.streaming_content).decode()
    assert response["Content-Disposition"] == f'attachment; filename="job-{job.pk}-train.log"'
    assert text.startswith("first\n")
    assert text.endswith("last\n")
    assert settings.SECRET_KEY not in text
    page = client.get(job_page(job)).content.decode()
    assert "It broke." in page
    assert "last" in page
    assert settings.SECRET_KEY not in page


def test_a_running_job_shows_its_progress_in_both_languages(as_role):
    job = Job.objects.create(
        kind="train", state="running", stage="train", percent=41.6, rows=100000, eta_seconds=12
    )
    client = as_role("viewer")
    page = client.get(job_page(job)).content.decode()
    assert 'data-live="running"' in page
    assert 'value="42"' in page
    assert "about 12 s left" in page
    french = client.get(job_page(job), headers={"accept-language": "fr"}).content.decode()
    assert "encore 12\N{NARROW NO-BREAK SPACE}s environ" in french or "encore 12 s environ" in french


def test_the_list_takes_few_queries(as_role, django_assert_max_num_queries):
    client = as_role("operator")
    for number in range(20):
        Job.objects.create(kind="train", state="failed", message=str(number))
    client.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        client.get(reverse(LIST))
