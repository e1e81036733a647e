"""Model versions, promotions and indices over the API."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import User
from recommendations.models import ModelVersion
from recommendations.search.client import get_client
from recommendations.services.account.tokens import create_token
from recommendations.services.registry.publishing import promote_by_hand, promote_model
from tests.api.problem_checks import problem
from tests.registry_home import make_version, measured, registry_home

__all__ = ["make_version", "registry_home"]

MODELS = "/api/v1/models/"
State = ModelVersion.State


@pytest.fixture
def olga(client, db):
    user = User.objects.create_superuser("olga")
    _token, text = create_token(user=user, name="t", scopes=("operate",), lifetime=timedelta(days=1))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return user


@pytest.fixture
def versions(db):
    figures = {"temporal": {"model": {"ndcg@10": 0.2}}}
    old = ModelVersion.objects.create(version="v1", state=State.RETIRED, metrics=figures)
    return ModelVersion.objects.create(version="v2", state=State.CHAMPION, parent=old)


def test_versions_are_listed_read_and_compared(client, olga, versions):
    listed = client.get(MODELS).json()
    assert [(model["version"], model["state"]) for model in listed["items"]] == [
        ("v2", "champion"),
        ("v1", "retired"),
    ]
    assert client.get(f"{MODELS}v2/").json()["parent"] == "v1"
    compared = client.get(f"{MODELS}compare/", {"versions": "v1, v2"}).json()
    assert compared["versions"] == ["v2", "v1"]
    for missing in ("none", "%00", "v2%27--"):
        response = client.get(f"{MODELS}{missing}/")
        assert response.status_code == 404
        problem(response)


def test_a_refused_switch_is_a_conflict_that_says_why(client, olga, versions):
    refused = client.post(f"{MODELS}v2/promote/", {"reason": "better"}, format="json")
    assert refused.status_code == 409
    assert "champion already" in problem(refused)["detail"]
    back = client.post(f"{MODELS}rollback/", {"reason": "odd"}, format="json")
    assert back.status_code == 409
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 301}, {"reason": "x", "override": 1}])
def test_a_switch_needs_its_reason(client, olga, versions, body):
    assert client.post(f"{MODELS}v1/promote/", body, format="json").status_code == 400


def test_index_health_while_elasticsearch_is_away(client, olga, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    told = client.get("/api/v1/indices/").json()
    assert told["problem"]
    assert (told["status"], told["items"]) == (None, [])


@pytest.mark.elasticsearch
@pytest.mark.spark
def test_a_promotion_on_a_trained_home(trained, client, olga):
    """Needs the whole home: indices, folders and the version that names them."""
    version = ModelVersion.objects.get(state=State.CHAMPION)
    health = client.get("/api/v1/indices/").json()
    assert health["aliases_fit"] is True
    assert f"movies-{version.index_label}" in {index["name"] for index in health["items"]}
    ModelVersion.objects.update(state=State.CANDIDATE)
    body = {"reason": "the only one", "override": True, "seen_champion": ""}
    switched = client.post(f"{MODELS}{version.version}/promote/", body, format="json")
    assert switched.status_code == 200, switched.content
    assert (switched.json()["by"], switched.json()["reason"]) == ("olga", "the only one")
    assert ModelVersion.objects.get(state=State.CHAMPION).version == version.version
    assert LogEntry.objects.get().user == olga


@pytest.mark.elasticsearch
def test_a_roll_back_to_a_refused_version_needs_the_override(make_version, client, olga):
    good, poor, best = (
        measured(make_version(seed), ndcg=figure) for seed, figure in enumerate((0.2, 0.1, 0.3))
    )
    promote_model(version=good, by=None, reason="test")
    promote_by_hand(version=poor, by=None, reason="newer films", override=True)
    promote_by_hand(version=best, by=None, reason="better")
    refused = client.post(f"{MODELS}rollback/", {"reason": "odd"}, format="json")
    assert refused.status_code == 409
    assert "the most popular films 0.1000" in problem(refused)["detail"]
    body = {"reason": "odd", "override": True, "seen_champion": best.version}
    done = client.post(f"{MODELS}rollback/", body, format="json")
    assert done.status_code == 200, done.content
    told = done.json()
    assert (told["version"], told["kind"], told["overridden"]) == (poor.version, "rollback", True)
    assert LogEntry.objects.get().change_message.endswith("The gate was overridden.")
    done = client.post(f"{MODELS}rollback/", {"reason": "odd"}, format="json")
    assert (done.json()["version"], done.json()["overridden"]) == (good.version, False)


@pytest.mark.elasticsearch
def test_index_health_names_what_keeps_a_version_from_being_published(make_version, client, olga):
    version = make_version(0)
    promote_model(version=version, by=None, reason="test")
    told = client.get("/api/v1/indices/").json()
    assert (told["missing"], told["read_only_indices"], told["obstacles"], told["aliases_fit"]) == (
        [],
        [],
        [],
        True,
    )
    assert 0 < told["disk_percent"] <= 100
    films, people = f"movies-{version.index_label}", f"user_profiles-{version.index_label}"
    node = get_client()
    node.indices.put_settings(index=films, settings={"index.blocks.write": True})
    node.indices.delete(index=people)
    told = client.get("/api/v1/indices/").json()
    assert (told["missing"], told["read_only_indices"], told["aliases_fit"]) == ([people], [films], False)
    (obstacle,) = told["obstacles"]
    assert obstacle.startswith(f"These indices are read-only: {films}.")
