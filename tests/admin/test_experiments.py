"""Experiments in the admin: an operator starts one, reads it and ends it; a viewer reads."""

import pytest
from django.urls import reverse

from recommendations.models import Experiment, ModelVersion
from tests.api.other_sites import a_model_and_films
from tests.selectors.versions import registered

pytestmark = pytest.mark.django_db
START = "admin:recommendations_experiment_start"


@pytest.fixture(autouse=True)
def _versions(settings, tmp_path):
    a_model_and_films(settings, tmp_path)
    registered(tmp_path, 1, "candidate")


def wanted(**told):
    return {
        "name": "more discovery",
        "kind": "ab",
        "challenger": "test-60-1",
        "share": "0.5",
        "most_days": "10",
        "alpha": "0.05",
        "stops_when_clear": "on",
        **told,
    }


def test_an_operator_starts_reads_and_ends_one(as_role):
    client = as_role("operator")
    done = client.post(reverse(START), wanted(dials='{"discovery": 0.2}'), follow=True)
    experiment = Experiment.objects.get()
    assert (experiment.state, experiment.dials["discovery"], experiment.share) == ("running", 0.2, 0.5)
    page = done.content.decode()
    assert "There are too few people for an interval yet." in page
    assert "Nobody has had a list of it yet." in page
    end = reverse("admin:recommendations_experiment_end", args=[experiment.pk])
    assert end in page
    assert client.post(end, {"reason": ""}).status_code == 200
    client.post(end, {"reason": "enough"})
    experiment.refresh_from_db()
    assert (experiment.state, experiment.reason) == ("ended", "enough")
    again = client.post(end, {"reason": "enough"}).content.decode()
    assert "ended already" in again


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"challenger": "test-60-0"}, "champion itself"),
        ({"challenger": "none"}, "challenger"),
        ({"dials": "x"}, "cannot be read as JSON"),
        ({"dials": "[1]"}, "cannot be read as JSON"),
        ({"dials": '{"discovery": 3}'}, "do not fit"),
        ({"share": "0"}, "0.01"),
        ({"share": "1.5"}, "1.0"),
        ({"name": ""}, "required"),
    ],
)
def test_what_does_not_fit_is_said(as_role, told, said):
    page = as_role("operator").post(reverse(START), wanted(**told))
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not Experiment.objects.exists()


def test_a_viewer_reads_and_presses_nothing(as_role):
    champion = ModelVersion.objects.get(state="champion")
    row = Experiment.objects.create(name="x", champion=champion, challenger=champion)
    client = as_role("viewer")
    page = client.get(reverse("admin:recommendations_experiment_change", args=[row.pk])).content.decode()
    assert "End the experiment" not in page
    assert (
        reverse(START)
        not in client.get(reverse("admin:recommendations_experiment_changelist")).content.decode()
    )
