"""Request latencies between two readings of ``/metrics``. No Django."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

HISTOGRAM = "django_http_requests_latency_seconds_by_view_method"
# A view's running totals: the seconds under "sum", the requests up to each bound in seconds under the bound's text.
Totals = dict[str, dict[str, float]]


@dataclass(frozen=True)
class ViewLatency:
    """How a view has answered; ``p95_milliseconds`` is the upper bound of the bucket that holds it."""

    view: str
    requests: int
    mean_milliseconds: float
    p95_milliseconds: float


def read_totals(text: str) -> Totals:
    """The totals per view in Prometheus' text format, all methods together."""
    totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for family in text_string_to_metric_families(text):
        if family.name != HISTOGRAM:
            continue
        for sample in family.samples:
            view = sample.labels["view"]
            if sample.name == f"{HISTOGRAM}_bucket":
                totals[view][sample.labels["le"]] += sample.value
            elif sample.name == f"{HISTOGRAM}_sum":
                totals[view]["sum"] += sample.value
    return {view: dict(values) for view, values in totals.items()}


def between(before: Mapping[str, Mapping[str, float]], now: Totals) -> list[ViewLatency]:
    """What has happened since ``before``; after a restart of the site, since the restart."""
    return [
        latency
        for view, totals in sorted(now.items())
        if (latency := _latency(view, dict(before.get(view, {})), totals)) is not None
    ]


def _latency(view: str, before: dict[str, float], totals: dict[str, float]) -> ViewLatency | None:
    if before.get("+Inf", 0.0) > totals["+Inf"]:
        before = {}  # the counters began anew
    counts = {
        float(bound): count - before.get(bound, 0.0) for bound, count in totals.items() if bound != "sum"
    }
    requests = counts[float("inf")]
    if requests <= 0:
        return None
    bounds = sorted(counts)
    reached = next(bound for bound in bounds if counts[bound] >= 0.95 * requests)
    if reached == float("inf"):
        reached = bounds[-2]
    mean = (totals["sum"] - before.get("sum", 0.0)) / requests
    return ViewLatency(view, int(requests), 1000 * mean, 1000 * reached)
