"""Starting, cancelling and repeating jobs from the admin; reading their logs."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from recommendations.models import Job, ModelVersion
from recommendations.services.jobs.parameters import PARAMETERS, parameters_of
from recommendations.services.jobs.running import _note
from tests.job_rows import ran, running

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
    question = client.get(job_page(first, "cancel")).content.decode()
    assert "Yes, cancel the job" in question
    first.refresh_from_db()
    assert first.state == "queued"
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
    # Long enough that a slow machine changes no figure.
    ran(kind="train", start=1000, train=3000)
    job = running(kind="train", ago={"start": 1799, "train": 799}, percent=41.6, rows=100000, eta_seconds=500)
    client = as_role("viewer")
    page = client.get(job_page(job)).content.decode()
    assert 'data-live="running"' in page
    assert "stage 2 of 2: training the model" in page
    # Of the usual 4000 s, 1800 are over, whatever the stage says of itself.
    assert 'value="45"' in page
    assert "about 37 min left" in page
    assert "usually 50 min 0 s" in page
    french = client.get(job_page(job), headers={"accept-language": "fr"}).content.decode()
    assert "encore 37 min environ" in french
    assert "étape 2 sur 2 : entraînement du modèle" in french.replace("\N{NO-BREAK SPACE}", " ")


def test_a_job_that_has_just_begun_has_a_log_that_grows(as_role, settings, tmp_path):
    settings.MOVIEREC_HOME = tmp_path
    job = running(kind="train", ago={"start": 1})
    client = as_role("viewer")
    assert "Nothing has been printed." in client.get(job_page(job)).content.decode()
    job.log_path = str(tmp_path / "logs" / "job.log")
    job.save()
    _note(job, "training begins.")
    page = client.get(job_page(job)).content.decode()
    tail = page[page.index('id="tail" data-live="running"') :]
    assert "training begins." in tail
    assert 'href="?' not in tail
    _note(job, "a second line")
    assert "a second line" in client.get(job_page(job)).content.decode()


def test_cancelling_does_not_stand_beside_the_log(as_role, settings, tmp_path):
    settings.MOVIEREC_HOME = tmp_path
    job = running(kind="train", ago={"start": 1}, log_path=str(tmp_path / "logs" / "job.log"))
    _note(job, "begins")
    page = as_role("operator").get(job_page(job)).content.decode()
    tools = page[page.index('class="object-tools"') :]
    tools = tools[: tools.index("</ul>")]
    assert "Download the log" in tools
    assert "Cancel" not in tools
    assert f'class="button danger" href="{job_page(job, "cancel")}"' in page


@pytest.mark.parametrize("kind", Job.Kind.values)
def test_the_run_form_shows_only_the_fields_of_the_kind(as_role, kind):
    page = as_role("operator").get(reverse(RUN), {"kind": kind}).content.decode()
    shown = {parameter.name for parameter in PARAMETERS if f'name="{parameter.name}"' in page}
    assert shown == set(parameters_of(kind))
    assert f'name="kind" value="{kind}"' in page


def test_the_run_form_is_filled_in_by_a_refusal_that_names_the_way_out(as_role):
    version = ModelVersion.objects.create(version="v1", metrics={})
    promote = reverse("admin:recommendations_modelversion_promote", args=[version.pk])
    client = as_role("operator")
    page = client.get(promote).content.decode()
    assert "It was not measured on the protocol temporal. Run a job “evaluation” for this version" in page
    way = f"{reverse(RUN)}?kind=evaluate&amp;version=v1"
    assert way in page
    assert '<option value="v1" selected>' in client.get(way.replace("&amp;", "&")).content.decode()
    client.post(reverse(RUN), {"kind": "evaluate", "version": "v1"})
    assert Job.objects.get().parameters["version"] == "v1"


def test_one_that_is_under_way_is_led_to(as_role):
    job = running(kind="train", ago={"start": 1})
    page = as_role("operator").post(reverse(RUN), {"kind": "train"}).content.decode()
    assert f'href="{job_page(job)}"' in page


def test_the_list_takes_few_queries(as_role, django_assert_max_num_queries):
    client = as_role("operator")
    for number in range(20):
        Job.objects.create(kind="train", state="failed", message=str(number))
    client.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        client.get(reverse(LIST))
