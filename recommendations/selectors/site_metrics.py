"""What the database says about the site's operation, as measurements for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Sum
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from recommendations.models import Job, ModelVersion


class OperationsCollector(Collector):
    """Reads the database whenever somebody asks; a database that does not answer is told, not raised."""

    def collect(self) -> Iterator[Metric]:
        """Yield the measurements; ``movierec_database_up`` comes in any case."""
        up = GaugeMetricFamily("movierec_database_up", "1 if the database answered this request, else 0.")
        try:
            measured = [_champion(), _versions(), *_jobs()]
        except DatabaseError:
            measured = []
        up.add_metric([], 1 if measured else 0)
        yield up
        yield from measured


def database_metrics() -> bytes:
    """The champion, the number of model versions and the jobs, in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(OperationsCollector())
    return generate_latest(registry)


def _champion() -> Metric:
    family = InfoMetricFamily("movierec_champion", "The model version that the site ranks with.")
    champions = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION)
    for version, label in champions.values_list("version", "index_label"):
        family.add_metric([], {"version": version, "index_label": label})
    return family


def _versions() -> Metric:
    family = GaugeMetricFamily(
        "movierec_model_versions", "Model versions in the registry, by state.", labels=["state"]
    )
    states = list(ModelVersion.objects.values_list("state", flat=True))
    for state in ModelVersion.State.values:
        family.add_metric([state], states.count(state))
    return family


def _jobs() -> tuple[Metric, Metric, Metric]:
    active = GaugeMetricFamily("movierec_jobs_active", "Jobs that are queued or running.", labels=["kind"])
    durations = SummaryMetricFamily(
        "movierec_job_duration_seconds",
        "How long ended jobs ran, by kind and how they ended.",
        labels=["kind", "state"],
    )
    ended = GaugeMetricFamily(
        "movierec_job_last_end_timestamp_seconds",
        "When the newest job of a kind ended.",
        labels=["kind", "state"],
    )
    running = Job.objects.filter(state__in=Job.ACTIVE).values_list("kind").annotate(number=Count("pk"))
    for kind, number in running.order_by():
        active.add_metric([kind], number)
    ran = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    rows = (
        Job.objects.filter(ended_at__isnull=False, started_at__isnull=False)
        .values_list("kind", "state")
        .annotate(number=Count("pk"), total=Sum(ran), last=Max("ended_at"))
        .order_by()
    )
    for kind, state, number, total, last in rows:
        durations.add_metric([kind, state], number, total.total_seconds())
        ended.add_metric([kind, state], last.timestamp())
    return active, durations, ended
