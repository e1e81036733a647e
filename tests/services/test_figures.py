"""One figure, one rounding, one decimal sign."""

from __future__ import annotations

import pytest
from django.template.defaultfilters import floatformat
from django.utils import translation

from recommendations.admin import measures
from recommendations.evaluation.charts import Bar, bar_chart
from recommendations.evaluation.names import METRICS, PROTOCOLS
from recommendations.evaluation.targets import STARS, TASTE
from recommendations.models import ModelVersion
from recommendations.selectors.comparison import MetricRow
from recommendations.services.figures import duration, figure, percentage, rough_duration
from recommendations.services.registry.gate import Finding, Verdict

# What Django's number_format cuts off to 0.2215, and others that lie near a half.
VALUES = (0.22155, 0.22156, 0.123449999, 0.12345, 0.0, 0.00005, 1.0, 8.71692171679959, 0.99995)


@pytest.mark.parametrize("value", VALUES)
def test_sentence_chart_and_table_write_the_same(value):
    for language in ("en", "fr"):
        with translation.override(language):
            written = figure(value)
            assert written == floatformat(value, 4)
            assert f">{written}</text>" in bar_chart([Bar("a", value)], "title", written=figure)
            finding = Finding("below_popularity", "temporal", value, value)
            assert Verdict("refused", (finding,)).sentences()[0].count(written) == 2


def test_french_has_a_comma_and_what_is_missing_a_dash():
    with translation.override("fr"):
        assert figure(0.5) == "0,5000"
        assert percentage(0.0041, 1) == "0,4"
    assert figure(None) == "–"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (85, "1 min 25 s"), (3700, "1 h 1 min"), (172_900, "2 days"), (None, "–")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "5 s"), (12, "10 s"), (118, "120 s"), (200, "3 min")])
def test_what_is_guessed_is_rounded(seconds, text):
    assert rough_duration(seconds) == text


def test_every_measure_has_a_name_and_an_explanation():
    versions = [ModelVersion(version="a"), ModelVersion(version="b")]
    row = measures.explained(MetricRow("temporal", "model", "ndcg", (0.2, None)), versions)
    assert (row.metric, row.protocol, row.system) == ("nDCG@10", "Temporal", "the model")
    assert row.explanation
    assert [(cell.version, cell.value) for cell in row.values] == [("a", 0.2), ("b", None)]
    assert set(measures.METRICS) >= {*METRICS, *STARS, *TASTE}
    assert measures.protocol_label("onboarding-5") == "Onboarding 5"
    assert set(measures.PROTOCOLS) == set(PROTOCOLS)
