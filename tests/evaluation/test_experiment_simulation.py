"""The simulated experiments hold what the site promises of real ones."""

import re
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from recommendations.evaluation import experiment_simulation as simulation


def test_a_version_against_itself_is_rarely_called_better():
    alarms = simulation.false_alarms(tests=150, people=120, days=15)
    assert alarms.ab <= 0.05 * alarms.tests + 2
    assert alarms.interleaving <= 0.05 * alarms.tests + 2


def test_the_better_version_is_as_much_better_as_was_asked_for():
    noise = simulation._better_noise(0.2, np.random.default_rng(0), number=20_000)
    shares = [
        simulation._share_with_a_choice(each, 60_000, np.random.default_rng(1))
        for each in (simulation.CHAMPION_NOISE, noise)
    ]
    assert shares[1] / shares[0] == pytest.approx(1.2, abs=0.04)


def test_interleaving_needs_fewer_people():
    needed = simulation.people_needed(gain=0.2, repetitions=3, most_people=20_000)
    assert needed.interleaving < needed.ab / 4


def test_the_command_prints_the_figures():
    told = StringIO()
    call_command(
        "experiment_figures", tests=2, people=20, days=2, repetitions=1, most_people=200, stdout=told
    )
    assert re.search(r"^false alarms, interleaving: \d of 2 tests", told.getvalue(), re.M)
    assert re.search(r"^people needed .* interleaving \d+, A/B \d+ \(1/[\d.]+\)$", told.getvalue(), re.M)
