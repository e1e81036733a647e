"""What the correction is worth in the simulation, and that it is worth nothing where places do not matter."""

import re
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from recommendations.evaluation import experiment_simulation
from recommendations.evaluation import place_bias_simulation as simulation


def test_the_corrected_model_ranks_better():
    found = simulation.correction(repetitions=2, lists=15_000, seed=7)
    assert found.corrected > found.plain > found.champion
    assert found.better == 2


def test_without_an_effect_of_places_there_is_no_gain(monkeypatch):
    monkeypatch.setattr(experiment_simulation, "ATTENTION", np.ones(simulation.PLACES))
    found = simulation.correction(repetitions=2, lists=8_000, seed=7)
    assert found.plain == pytest.approx(found.corrected, abs=0.01)
    assert found.plain > 0.99


def test_ndcg_by_hand():
    gains = np.zeros((1, simulation.FILMS))
    gains[0, :2] = 3.0, 1.0
    scores = np.zeros((1, simulation.FILMS))
    scores[0, :2] = 1.0, 2.0
    by_hand = (1 + 3 / np.log2(3)) / (3 + 1 / np.log2(3))
    assert simulation._ndcg(gains, scores) == pytest.approx(by_hand)


def test_the_command_prints_it():
    told = StringIO()
    call_command("experiment_figures", place_correction=1, lists=2_000, stdout=told)
    assert re.search(r"^place correction: nDCG@10 0\.\d{4} with it, .* of 1 models$", told.getvalue(), re.M)
