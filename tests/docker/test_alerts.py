"""Each alert rule fires when what it is about happens, as /metrics tells it, and is silent before."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from recommendations.models import Job, ModelVersion
from recommendations.observability import metrics
from recommendations.selectors import site_metrics
from tests.docker.promql import Looks

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
RULES = yaml.safe_load((ROOT / "docker" / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
BY_NAME = {rule["alert"]: rule["expr"] for rule in RULES}


def look() -> str:
    answer = Client().get("/metrics", REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture(autouse=True)
def champion():
    return ModelVersion.objects.create(version="v", state="champion")


def database_away(monkeypatch):
    def away():
        raise DatabaseError

    monkeypatch.setattr(site_metrics, "_champion", away)


def no_champion(_monkeypatch):
    ModelVersion.objects.all().delete()


def search_away(_monkeypatch):
    metrics.breaker_open.set(1)


def degraded_answers(_monkeypatch):
    metrics.degraded_answers.labels("list").inc(21)


def model_refused(_monkeypatch):
    metrics.model_loads.labels("refused").inc()


def job_failed(_monkeypatch):
    now = timezone.now()
    Job.objects.create(kind="train", state="lost", started_at=now - timedelta(minutes=1), ended_at=now)


def errors_of_the_site(monkeypatch):
    def broken(*_arguments, **_named):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("recommendations.pages.views.best_known_films", broken)
    client = Client(raise_request_exception=False)
    assert client.get("/").status_code == 500


def events_refused(_monkeypatch):
    client = Client()
    sent = {"events": [{"id": "1"}, {"id": "2"}]}
    assert client.post("/api/v1/events/", sent, content_type="application/json").json()["refused"] == 2


def lists_without_events(_monkeypatch):
    metrics.events_taken.labels("accepted").inc(0)
    metrics.lists_made.labels("").inc(501)


HAPPENS = {
    "DatabaseAway": database_away,
    "NoChampion": no_champion,
    "SearchAway": search_away,
    "DegradedAnswers": degraded_answers,
    "ModelRefused": model_refused,
    "JobFailed": job_failed,
    "ErrorsOfTheSite": errors_of_the_site,
    "EventsRefused": events_refused,
    "ListsWithoutEvents": lists_without_events,
}


def test_every_rule_is_made_to_fire_and_says_what_to_do():
    assert set(BY_NAME) == set(HAPPENS)
    for rule in RULES:
        assert set(rule["annotations"]) == {"summary", "action"}
        assert rule["labels"]["severity"] in ("page", "ticket")


@pytest.mark.parametrize("name", HAPPENS)
def test_a_rule_fires_when_it_should_and_no_sooner(name, monkeypatch):
    metrics.breaker_open.set(0)
    before = look()
    assert Looks(before, look()).evaluate(BY_NAME[name]) == {}
    HAPPENS[name](monkeypatch)
    after = Looks(before, look())
    assert after.evaluate(BY_NAME[name]) != {}
    metrics.breaker_open.set(0)
    named = set(re.findall(r"\b(?:movierec|django)_\w+", BY_NAME[name]))
    if name not in ("NoChampion",):
        assert named <= after.names


def test_the_language_of_the_rules_is_read_as_prometheus_reads_it():
    before = 'a_total{x="1"} 3\na_total{x="2"} 1\n'
    after = 'a_total{x="1"} 5\na_total{x="2"} 1\na_total{x="3"} 2\nb 7\n'
    looks = Looks(before, after)
    key = frozenset()
    assert looks.evaluate("sum(increase(a_total[5m]))") == {key: 4.0}
    assert looks.evaluate('sum(increase(a_total{x=~"1|2"}[5m])) / sum(a_total) > 0.2') == {key: 0.25}
    assert looks.evaluate("b > 7") == {}
    assert looks.evaluate("absent(c)") == {key: 1.0}
    assert looks.evaluate("absent(b)") == {}
    assert looks.evaluate("b == 7 and b > 1") == {key: 7.0}
    with pytest.raises(ValueError, match="cannot read"):
        looks.evaluate("b + 1")
