"""What is measured, at the place where it happens, and together over several worker processes."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import OperationalError
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from recommendations.management.site_process import free_port
from recommendations.models import Job, ModelVersion
from recommendations.observability.metrics import process_metrics
from recommendations.search.breaker import CircuitBreaker, CircuitOpenError
from recommendations.search.connection import SearchError
from recommendations.selectors.lists.engines import note_degraded_answer
from recommendations.selectors.site_metrics import OperationsCollector, database_metrics


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def fails() -> str:
    raise SearchError("away")


def test_breaker_measures_answers_failures_and_refusals():
    breaker = CircuitBreaker(failures=1, cool_down_seconds=60, slow_seconds=5)
    answered = value("movierec_elasticsearch_seconds_count", outcome="answered")
    failed = value("movierec_elasticsearch_seconds_count", outcome="failed")
    refused = value("movierec_elasticsearch_refused_total")
    breaker.call(lambda: "answer")
    assert value("movierec_elasticsearch_seconds_count", outcome="answered") == answered + 1
    assert value("movierec_breaker_open") == 0
    with pytest.raises(SearchError):
        breaker.call(fails)
    assert value("movierec_elasticsearch_seconds_count", outcome="failed") == failed + 1
    assert value("movierec_breaker_open") == 1
    with pytest.raises(CircuitOpenError):
        breaker.call(fails)
    assert value("movierec_elasticsearch_refused_total") == refused + 1


def test_degraded_answers_are_counted_but_told_only_once_per_failure(caplog):
    before = value("movierec_degraded_answers_total", what="list")
    note_degraded_answer("list", SearchError("it is away"))
    note_degraded_answer("list", CircuitOpenError())
    assert value("movierec_degraded_answers_total", what="list") == before + 2
    assert [record.getMessage() for record in caplog.records] == [
        "A list was made without Elasticsearch: it is away"
    ]


def test_champion_and_versions_come_from_the_database(db):
    ModelVersion.objects.create(version="v7", index_label="v7-a", state=ModelVersion.State.CHAMPION)
    ModelVersion.objects.create(version="v6", state=ModelVersion.State.RETIRED)
    text = database_metrics().decode()
    assert 'movierec_champion_info{index_label="v7-a",version="v7"} 1.0' in text
    assert 'movierec_model_versions{state="retired"} 1.0' in text
    assert "movierec_database_up 1.0" in text


def test_jobs_come_from_the_database(db):
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    for seconds, state in ((10, "succeeded"), (30, "succeeded"), (5, "failed")):
        Job.objects.create(
            kind="train", state=state, started_at=begun, ended_at=begun + timedelta(seconds=seconds)
        )
    Job.objects.create(kind="pipeline", state="queued")
    text = database_metrics().decode()
    assert 'movierec_job_duration_seconds_count{kind="train",state="succeeded"} 2.0' in text
    assert 'movierec_job_duration_seconds_sum{kind="train",state="succeeded"} 40.0' in text
    assert 'movierec_job_duration_seconds_sum{kind="train",state="failed"} 5.0' in text
    assert 'movierec_jobs_active{kind="pipeline"} 1.0' in text


def test_a_database_that_is_away_is_a_measurement(monkeypatch):
    """No database mark: whatever is asked of it fails, here with Django's own error."""

    def away():
        raise OperationalError("gone")

    monkeypatch.setattr("recommendations.selectors.site_metrics._champion", away)
    (up,) = OperationsCollector().collect()
    assert up.samples[0].value == 0


def test_the_text_is_what_prometheus_reads():
    names = {family.name for family in text_string_to_metric_families(process_metrics().decode())}
    assert {"movierec_elasticsearch_seconds", "movierec_breaker_open"} <= names


def read(address: str, **headers: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=5) as answer:
        return answer.read().decode()


@pytest.mark.site
def test_several_workers_answer_for_each_other(tmp_path):
    port, token = free_port(), "a-token-for-this-test"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "movierec_site.settings.test",
        "MOVIEREC_HOME": str(tmp_path),
        "METRICS_TOKEN": token,
        "WEB_CONCURRENCY": "2",
        "TMPDIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "gunicorn", "movierec_site.wsgi", "--bind", f"127.0.0.1:{port}"]
    site = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        while True:
            try:
                read(f"{address}/healthz")
                break
            except (urllib.error.URLError, OSError):
                assert site.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.2)
        for _ in range(30):
            read(f"{address}/healthz")
        seen = set()
        for _ in range(6):
            text = read(f"{address}/metrics", Authorization=f"Bearer {token}")
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    if sample.name == "django_http_requests_latency_seconds_by_view_method_count" and (
                        sample.labels["view"] == "healthz"
                    ):
                        seen.add(sample.value)
        assert len(seen) == 1, f"the workers count for themselves: {seen}"
        assert seen.pop() >= 31
    finally:
        os.killpg(site.pid, signal.SIGTERM)
        site.wait(60)
