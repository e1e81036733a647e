"""The intervals, against results computed by hand, and against chance."""

import math

import numpy as np
import pytest

from recommendations.evaluation.confidence import (
    Interval,
    asymptotic_margin,
    difference_sequence,
    share_sequence,
)


def test_one_success_by_hand():
    # B(1.5, .5) / B(.5, .5) = 1/2, so p is out as soon as (1/2) / p >= 20.
    interval = share_sequence(1, 0)
    assert interval.low == pytest.approx(1 / 40, abs=1e-9)
    assert interval.high == 1.0


def test_ten_successes_by_hand():
    # B(10.5, .5) / B(.5, .5) = C(20, 10) / 4^10, so the end is (C(20, 10) / 4^10 / 20)^(1/10).
    interval = share_sequence(10, 0)
    assert interval.low == pytest.approx((math.comb(20, 10) / 4**10 / 20) ** 0.1, abs=1e-9)


def test_a_success_and_a_failure_by_hand():
    # B(1.5, 1.5) / B(.5, .5) = 1/8, so p (1 - p) = 1/160 at both ends.
    interval = share_sequence(1, 1)
    end = (1 - math.sqrt(1 - 4 / 160)) / 2
    assert (interval.low, interval.high) == (pytest.approx(end, abs=1e-9), pytest.approx(1 - end, abs=1e-9))


def test_nothing_is_known_of_no_trials():
    assert share_sequence(0, 0) == Interval(0.5, 0.0, 1.0)


@pytest.mark.parametrize(
    ("successes", "failures", "alpha"), [(-1, 0, 0.05), (0, -1, 0.05), (1, 1, 0), (1, 1, 1)]
)
def test_what_are_no_trials(successes, failures, alpha):
    with pytest.raises(ValueError, match="no trials"):
        share_sequence(successes, failures, alpha=alpha)


def test_the_asymptotic_margin_by_hand():
    # rho^2 = (5.99146 + ln 5.99146 + 1) / 500 = .0175636; t rho^2 + 1 = 9.7818; log(sqrt(9.7818) / .05) = 4.13598.
    assert asymptotic_margin(500) == pytest.approx(0.13575, abs=1e-4)
    # Wider than the interval of one look at any time, and never much.
    assert all(1 < asymptotic_margin(t) / (1.96 / math.sqrt(t)) < 2.2 for t in (100, 500, 5_000, 100_000))


def test_the_difference_of_two_groups():
    interval = difference_sequence((0.2, 0.3), (0.16, 0.21), (250, 250))
    sigma = math.sqrt(500 * (0.16 / 250 + 0.21 / 250))
    assert interval.estimate == pytest.approx(0.1)
    assert interval.high - interval.low == pytest.approx(2 * sigma * asymptotic_margin(500))
    few = difference_sequence((0.2, 0.3), (0.16, 0.21), (29, 500))
    assert few.low == -math.inf
    assert not few.excludes(0.0)


def test_a_fair_coin_is_rarely_called_unfair_however_often_one_looks():
    chance = np.random.default_rng(1)
    tosses = chance.integers(0, 2, (400, 40, 10)).sum(axis=2).cumsum(axis=1)
    false = sum(
        any(share_sequence(int(s), 10 * look - int(s)).excludes(0.5) for look, s in enumerate(row, start=1))
        for row in tosses
    )
    assert false <= 0.05 * 400


def test_a_loaded_coin_is_found():
    assert share_sequence(70, 30).low > 0.5
    assert share_sequence(30, 70).high < 0.5
