"""The simulated estimates hold what the page promises, and the check of it can fail."""

import re
from io import StringIO

import numpy as np
from django.core.management import call_command

from recommendations.evaluation import off_policy
from recommendations.evaluation import off_policy_simulation as simulation


def test_the_truth_is_mostly_inside():
    found = simulation.coverage(versions=12, people=200, seed=5)
    assert found.silent == 0
    assert min(found.inside, found.difference_inside) >= 9
    assert 100 < found.effective < found.lists
    assert 0 < found.width < 0.6


def test_too_narrow_intervals_are_seen(monkeypatch):
    monkeypatch.setattr(off_policy, "DEVIATIONS", 0.2)
    assert simulation.coverage(versions=12, people=200, seed=5).inside < 6


def test_a_version_that_sees_better_comes_to_more():
    chance = np.random.default_rng(3)
    clear, usual = simulation._truth(simulation._Version(0.0, 0.0), chance)
    blind, again = simulation._truth(simulation._Version(9.0, 0.0), chance)
    assert clear > usual > blind
    assert abs(usual - again) < 0.02


def test_the_command_prints_it():
    told = StringIO()
    call_command("experiment_figures", off_policy=2, people=60, stdout=told)
    assert re.search(r"^off-policy estimate: .* for \d of 2 versions", told.getvalue(), re.M)
    assert "false alarms" not in told.getvalue()
