"""What a load came to, against results counted by hand."""

import numpy as np
import pytest

from benchmarks.measures import Answers, recovery_seconds, summarise


def answers(*rows):
    table = np.array(rows, float).reshape(-1, 3)
    return Answers(table[:, 0], table[:, 1], table[:, 2].astype(int))


def test_counts_what_was_served_sent_away_and_failed():
    load = summarise(
        "four", answers((10, 5, 200), (11, 15, 200), (12, 1, 503), (13, 1, 429), (14, 9, 500), (15, 9, 0))
    )
    assert (load.requests, load.seconds, load.per_second) == (6, 5.0, 2 / 5)
    assert load.p50_ms == 10.0
    assert load.p99_ms == pytest.approx(14.9)
    assert load.sent_away == pytest.approx(2 / 6)
    assert load.errors == pytest.approx(2 / 6)


def test_a_load_of_which_nothing_was_served_has_no_figures():
    with pytest.raises(ValueError, match=r"none: nothing was served \(1 requests\)"):
        summarise("none", answers((1, 2, 503)))


def test_recovery_begins_with_the_first_window_in_which_all_is_well():
    after = answers(
        (100.1, 5, 503), (100.6, 90, 200), (101.3, 80, 200), (101.8, 5, 200), (102.2, 6, 200), (103.0, 5, 200)
    )
    assert recovery_seconds(after, 100.0, p95_ms=60) == 1.5
    assert recovery_seconds(after, 100.0, p95_ms=100) == 0.25
    assert recovery_seconds(after, 100.0, p95_ms=1) is None


def test_reads_the_log_in_the_order_of_time(tmp_path):
    log = tmp_path / "log"
    log.write_text("12.500 30.00 200\n12.000 40.00 503\n")
    read = Answers.read(log)
    assert read.at.tolist() == [12.0, 12.5]
    assert read.status.tolist() == [503, 200]
    assert read.milliseconds.tolist() == [40.0, 30.0]
