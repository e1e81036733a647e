"""Jobs and schedules over the API."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django_celery_beat.models import PeriodicTask

from accounts.models import User
from recommendations.models import Job
from recommendations.services.account.tokens import create_token
from tests.api.problem_checks import problem

JOBS = "/api/v1/jobs/"
SCHEDULES = "/api/v1/schedules/"


def signed_in(client, user, *scopes):
    _token, text = create_token(user=user, name="t", scopes=scopes, lifetime=timedelta(days=1))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")


@pytest.fixture
def olga(client, db):
    user = User.objects.create_user("olga")
    models = ("job", "jobevent", "modelversion", "periodictask")
    user.user_permissions.set(Permission.objects.filter(content_type__model__in=models))
    signed_in(client, user, "operate")
    return user


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """The queue; what would be sent to the workers."""
    numbers = []
    monkeypatch.setattr(
        "recommendations.services.jobs.requests.send_job", lambda *, job: numbers.append(job.pk)
    )
    return numbers


def test_a_job_from_its_submission_to_its_cancelling(client, olga, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = client.post(JOBS, {"kind": "train", "parameters": {"weighting": "any"}}, format="json")
    assert made.status_code == 201
    job = made.json()
    assert sent == [job["id"]]
    assert (job["state"], job["active"], job["requested_by"]) == ("queued", True, "olga")
    assert job["parameters"] == {"site_ratings": False, "weighting": "any"}
    assert client.get(made["Location"]).json() == job
    assert client.get(JOBS, {"kind": "train", "state": "queued"}).json()["total"] == 1
    assert client.get(JOBS, {"kind": "ingest"}).json()["total"] == 0
    second = client.post(JOBS, {"kind": "train"}, format="json")
    assert second.status_code == 409
    assert str(job["id"]) in problem(second)["detail"]
    refused = client.post(f"{JOBS}{job['id']}/retry/")
    assert refused.status_code == 409
    cancelled = client.post(f"{JOBS}{job['id']}/cancel/").json()
    assert (cancelled["state"], cancelled["active"]) == ("cancelled", False)
    assert cancelled["events"][-1]["by"] == "olga"
    assert client.post(f"{JOBS}{job['id']}/cancel/").status_code == 409
    again = client.post(f"{JOBS}{job['id']}/retry/")
    assert (again.status_code, again.json()["parent"]) == (201, job["id"])


def test_the_same_key_means_the_same_job(client, olga):
    body = {"kind": "train", "parameters": {"site_ratings": True}}
    answers = [client.post(JOBS, body, format="json", HTTP_IDEMPOTENCY_KEY="k-1") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    for other in ({"kind": "ingest"}, {"kind": "train"}):
        refused = client.post(JOBS, other, format="json", HTTP_IDEMPOTENCY_KEY="k-1")
        assert refused.status_code == 422
        assert problem(refused)["type"].endswith("key-reused")
    assert Job.objects.count() == 1


@pytest.mark.parametrize("key", ["", "a b", "x" * 101, "é", "a\x00"])
def test_a_key_is_visible_text(client, olga, key):
    refused = client.post(JOBS, {"kind": "train"}, format="json", HTTP_IDEMPOTENCY_KEY=key)
    assert refused.status_code == 400
    assert problem(refused)["errors"][0]["field"] == "Idempotency-Key"
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kind"),
        ({"kind": "dance"}, "kind"),
        ({"kind": "train", "parameters": []}, "parameters"),
        ({"kind": "train", "parameters": {"force": True}}, "parameters"),
        ({"kind": "train", "parameters": {"weighting": "x"}}, "parameters.weighting"),
        ({"kind": "publish", "parameters": {"version": "no"}}, "parameters"),
        ({"kind": "train", "parameters": {"shell": "rm"}}, "parameters.shell"),
    ],
)
def test_names_what_does_not_fit(client, olga, body, field):
    response = client.post(JOBS, body, format="json")
    assert response.status_code == 400
    assert [error["field"] for error in problem(response)["errors"]] == [field]
    assert not Job.objects.exists()


def test_the_end_of_a_log(client, olga, settings, tmp_path):
    settings.MOVIEREC_HOME = tmp_path
    log = tmp_path / "logs" / "job.log"
    log.parent.mkdir()
    log.write_text("".join(f"line {number}\n" for number in range(9)))
    job = Job.objects.create(kind="train", log_path=str(log))
    assert client.get(f"{JOBS}{job.pk}/log/", {"lines": "2"}).json() == {"text": "line 7\nline 8\n"}
    assert client.get(f"{JOBS}99/log/").status_code == 404


def test_the_scope_is_needed_besides_the_role(client, olga):
    signed_in(client, olga, "read", "write")
    refused = client.get(JOBS)
    assert refused.status_code == 403
    assert "operate" in problem(refused)["detail"]


def test_the_role_is_needed_besides_the_scope(client, db):
    signed_in(client, User.objects.create_user("ann"), "operate")
    for response in (client.get(JOBS), client.post(JOBS, {"kind": "train"}, format="json")):
        assert response.status_code == 403
        assert "role" in problem(response)["detail"]
    assert not Job.objects.exists()


def test_schedules_are_switched_and_moved(client, olga):
    (listed,) = client.get(SCHEDULES).json()["items"]
    assert (listed["crontab"], listed["job"]["kind"], listed["enabled"]) == ("30 3 * * *", "pipeline", True)
    address = f"{SCHEDULES}{listed['id']}/"
    changed = client.patch(address, {"enabled": False, "crontab": "0 */6 * * 1-5"}, format="json").json()
    assert (changed["enabled"], changed["crontab"]) == (False, "0 */6 * * 1-5")
    assert client.get(address).json() == changed
    assert PeriodicTask.objects.get(pk=listed["id"]).crontab.hour == "*/6"


@pytest.mark.parametrize(
    "crontab",
    ["", "* * * *", "60 * * * *", "*/0 * * * *", "a b c d e", "1-99999 * * * *", "* * 31 2 *x", "@daily"],
)
def test_a_crontab_that_does_not_fit_changes_nothing(client, olga, crontab):
    (listed,) = client.get(SCHEDULES).json()["items"]
    response = client.patch(f"{SCHEDULES}{listed['id']}/", {"crontab": crontab}, format="json")
    assert response.status_code == 400
    assert problem(response)["errors"][0]["field"] == "crontab"
    assert client.get(SCHEDULES).json()["items"] == [listed]
