"""Latencies between two readings, from Prometheus' text."""

import pytest

from recommendations.observability.latency import HISTOGRAM, ViewLatency, between, read_totals


def text(**views: tuple[float, list[int]]) -> str:
    """Prometheus' text for views with their sum in seconds and cumulative counts up to .01, .1 and infinity."""
    lines = [f"# HELP {HISTOGRAM} x", f"# TYPE {HISTOGRAM} histogram"]
    for view, (total, counts) in views.items():
        for bound, count in zip(("0.01", "0.1", "+Inf"), counts, strict=True):
            lines.append(f'{HISTOGRAM}_bucket{{le="{bound}",method="GET",view="{view}"}} {count}')
        lines.append(f'{HISTOGRAM}_count{{method="GET",view="{view}"}} {counts[-1]}')
        lines.append(f'{HISTOGRAM}_sum{{method="GET",view="{view}"}} {total}')
    return "\n".join(lines) + "\n"


def test_first_reading_counts_from_the_start():
    now = read_totals(text(home=(2.0, [90, 100, 100])))
    assert between({}, now) == [ViewLatency("home", 100, 20.0, 100.0)]


def test_only_what_is_new_counts():
    before, now = text(home=(2.0, [90, 100, 100])), text(home=(2.5, [140, 150, 150]))
    (latency,) = between(read_totals(before), read_totals(now))
    assert latency.requests == 50
    assert latency.mean_milliseconds == pytest.approx(10.0)
    assert latency.p95_milliseconds == 10.0


def test_views_without_requests_are_left_out():
    now = read_totals(text(home=(2.0, [90, 100, 100])))
    assert between(now, now) == []


def test_a_restart_begins_anew():
    before, now = text(home=(9.0, [500, 500, 500])), text(home=(0.1, [4, 4, 4]))
    (latency,) = between(read_totals(before), read_totals(now))
    assert (latency.requests, latency.mean_milliseconds) == (4, pytest.approx(25.0))


def test_beyond_the_last_bound_the_last_bound_is_told():
    (latency,) = between({}, read_totals(text(home=(50.0, [0, 0, 10]))))
    assert latency.p95_milliseconds == 100.0
