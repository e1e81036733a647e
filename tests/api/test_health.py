"""``/healthz`` and ``/readyz``."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from recommendations.models import Job, ModelVersion, WorkerSign
from recommendations.search.index_lifecycle import IndexNames, create_indices, delete_indices
from recommendations.selectors import health
from recommendations.services.jobs.tending import give_sign_of_life
from tests.ranking.factories import make_artefact
from tests.search.indices import client_of, new_label


@pytest.fixture
def search(monkeypatch):
    state = {"alive": True}
    monkeypatch.setattr(health, "search_is_alive", lambda: state["alive"])
    return state


@pytest.fixture
def champion(db, monkeypatch):
    row = ModelVersion.objects.create(version="v7", state=ModelVersion.State.CHAMPION)
    serves(monkeypatch, "v7")
    return row


def serves(monkeypatch, version: str) -> None:
    """As if this process had loaded that version."""
    monkeypatch.setattr(
        health, "current_champion", lambda: SimpleNamespace(version=version, artefact=make_artefact())
    )


def test_alive_without_anything_else(client):
    """No database mark: touching the database would fail this test."""
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert "no-store" in response["Cache-Control"]


def test_ready_with_everything(client, champion, search):
    WorkerSign.objects.create(worker="here:1", seen_at=timezone.now())
    response = client.get("/readyz")
    assert response.status_code == 200
    body = response.json()
    assert (body["status"], body["degraded"]) == ("ready", False)
    assert {name: check["ok"] for name, check in body["checks"].items()} == {
        "database": True,
        "model": True,
        "elasticsearch": True,
        "jobs": True,
    }
    assert "v7" in body["checks"]["model"]["detail"]


def test_without_elasticsearch_ready_but_degraded(client, champion, search):
    search["alive"] = False
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["degraded"] is True
    assert "degraded" in response.json()["checks"]["elasticsearch"]["detail"]


def test_read_only_indices_are_named_and_degrade_nothing(client, champion, search, monkeypatch):
    monkeypatch.setattr(health, "get_client", lambda: None)
    monkeypatch.setattr(health, "unreadable_indices", lambda client, names: [])
    monkeypatch.setattr(health, "read_only_indices", lambda client: ["movies-v7", "user_profiles-v7"])
    monkeypatch.setattr(health, "fullest_disk", lambda client: 97)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["degraded"] is False
    check = response.json()["checks"]["elasticsearch"]
    assert check["ok"] is False
    assert "these indices are read-only: movies-v7, user_profiles-v7." in check["detail"]
    assert "(now it is 97 % full)" in check["detail"]
    monkeypatch.setattr(health, "fullest_disk", lambda client: None)
    assert "almost full. Lists" in client.get("/readyz").json()["checks"]["elasticsearch"]["detail"]


@pytest.mark.elasticsearch
def test_lost_indices_of_the_champion_are_named_with_the_way_out(
    client, champion, monkeypatch, settings, elasticsearch_url
):
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_TIMEOUT_SECONDS = elasticsearch_url, 60.0
    champion.index_label = new_label()
    champion.save()
    names = IndexNames.of(champion.index_label)
    body = client.get("/readyz").json()
    assert (body["status"], body["degraded"]) == ("ready", True)
    check = body["checks"]["elasticsearch"]
    assert check["ok"] is False
    assert f"are gone or cannot be read: {names.movies}, {names.user_profiles}." in check["detail"]
    assert "manage.py rebuild_indices" in check["detail"]
    with client_of(elasticsearch_url) as node:
        create_indices(node, champion.index_label, 3)
        try:
            node.cluster.health(index=list(names), wait_for_status="green", timeout="60s")
            body = client.get("/readyz").json()
            assert (body["degraded"], body["checks"]["elasticsearch"]["ok"]) == (False, True)
            node.indices.delete(index=names.user_profiles)
            detail = client.get("/readyz").json()["checks"]["elasticsearch"]["detail"]
            assert f"cannot be read: {names.user_profiles}." in detail
        finally:
            delete_indices(node, [champion.index_label])


def test_jobs_can_run_as_long_as_a_worker_gives_signs_of_life(client, champion, search, settings):
    settings.JOBS_LOST_AFTER_SECONDS, settings.JOBS_TEND_SECONDS = 60, 15.0

    def jobs():
        response = client.get("/readyz")
        assert response.status_code == 200
        assert (response.json()["status"], response.json()["degraded"]) == ("ready", False)
        return response.json()["checks"]["jobs"]

    assert jobs() == {
        "ok": False,
        "detail": "No worker for jobs has given a sign of life yet; jobs wait until one runs.",
    }
    give_sign_of_life(worker="here:1")
    assert jobs()["ok"] is True
    long_ago = timezone.now() - timedelta(seconds=61)
    WorkerSign.objects.update(seen_at=long_ago)
    assert f"since {long_ago:%Y-%m-%d %H:%M:%S} UTC; jobs wait" in jobs()["detail"]
    job = Job.objects.create(kind="pipeline", state="running", worker="here:1", heartbeat_at=timezone.now())
    assert jobs()["ok"] is True
    Job.objects.filter(pk=job.pk).update(heartbeat_at=long_ago)
    assert jobs()["ok"] is False
    settings.JOBS_TEND_SECONDS = 30.0  # who asks for signs so seldom has to wait for them
    assert jobs()["ok"] is True


def test_without_a_champion_not_ready(client, db, search):
    ModelVersion.objects.create(version="v8", state=ModelVersion.State.CANDIDATE)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["model"]["ok"] is False
    assert "run_pipeline" in response.json()["checks"]["model"]["detail"]


def test_a_champion_without_its_files_is_not_ready(client, db, search):
    ModelVersion.objects.create(version="v9", state=ModelVersion.State.CHAMPION)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "cannot be loaded" in response.json()["checks"]["model"]["detail"]


def test_a_refused_champion_is_told_while_its_predecessor_serves(client, champion, search, monkeypatch):
    serves(monkeypatch, "v6")
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["checks"]["model"]["detail"] == "The champion v7 is refused; v6 serves."


def test_without_a_database_not_ready(client, db, search, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("password=hunter2")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", away)
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"]["ok"] is False
    assert "hunter2" not in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading(client, path):
    assert client.post(path).status_code == 405


def test_no_node_is_not_alive(settings, tmp_path):
    settings.ELASTICSEARCH_URL, settings.MOVIEREC_HOME = "", tmp_path
    assert health.search_is_alive() is False


def test_a_silent_cluster_is_not_alive(settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    assert health.search_is_alive() is False
