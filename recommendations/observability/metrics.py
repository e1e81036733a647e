"""The site's own measurements for Prometheus; each is recorded at one place, which is named beside it.

Requests are measured by django-prometheus' middleware. What the database knows better than any one process (the
champion, the jobs) is read when somebody asks: :mod:`recommendations.selectors.site_metrics`.
"""

from __future__ import annotations

import os

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families

# When each series began is of no use to anybody, and would double their number.
disable_created_metrics()

# A list takes about 10 ms; from 500 ms on an answer counts as a failure.
ELASTICSEARCH_BUCKETS = (0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.5, 1.0, 2.0)

# recommendations/search/breaker.py
elasticsearch_seconds = Histogram(
    "movierec_elasticsearch_seconds",
    "Time that pages waited for Elasticsearch behind the circuit breaker, by outcome.",
    ["outcome"],
    buckets=ELASTICSEARCH_BUCKETS,
)
elasticsearch_refusals = Counter(
    "movierec_elasticsearch_refused",
    "Calls that the open circuit breaker refused without asking Elasticsearch.",
)
breaker_open = Gauge(
    "movierec_breaker_open",
    "Processes of the site whose circuit breaker before Elasticsearch is open or half-open.",
    multiprocess_mode="livesum",
)

# recommendations/selectors/lists/engines.py
degraded_answers = Counter(
    "movierec_degraded_answers", "Answers given without Elasticsearch, by what was asked for.", ["what"]
)

# recommendations/services/events
lists_made = Counter("movierec_lists_made", "Lists that were written down, by arm of an experiment.", ["arm"])
events_taken = Counter(
    "movierec_events",
    "Events of people that came in, by what became of them: accepted, known, refused.",
    ["outcome"],
)

# recommendations/selectors/lists/champion.py
model_loads = Counter(
    "movierec_model_loads", "Model versions that processes have loaded, by outcome.", ["outcome"]
)


def process_metrics() -> bytes:
    """Every measurement of this process, or of all worker processes under gunicorn, in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def sum_of(name: str) -> float:
    """The sum over all labels and processes of one measurement, such as ``movierec_degraded_answers_total``."""
    families = text_string_to_metric_families(process_metrics().decode())
    return sum(sample.value for family in families for sample in family.samples if sample.name == name)
