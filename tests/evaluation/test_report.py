"""The report, its charts, and the numbers to reach."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from recommendations.evaluation.charts import (
    LABEL,
    MARGIN,
    PLOT,
    SQUARE,
    TOP,
    Bar,
    bar_chart,
    calibration_chart,
)
from recommendations.evaluation.report import html_report
from recommendations.evaluation.targets import missed_targets, warm_statement
from tests.evaluation.outcomes import outcome, setting

SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_as_long_as_their_values_and_the_longest_fills_the_plot():
    chart = ET.fromstring(bar_chart([Bar("a", 0.4), Bar("b & c", 0.1, strong=True)], "What <this> is"))
    rects = chart.findall(f"{SVG}rect")
    assert [float(rect.get("width")) for rect in rects] == [PLOT, PLOT / 4]
    assert [rect.get("class") for rect in rects] == ["plain", "strong"]
    assert chart.findtext(f"{SVG}title") == "What <this> is"
    assert "b & c" in [text.text for text in chart.findall(f"{SVG}text")]


def test_whiskers_and_the_mark_lie_on_the_same_scale():
    chart = ET.fromstring(bar_chart([Bar("a", 0.4, deviation=0.1)], "t", mark=0.25))
    whisker, mark = chart.findall(f"{SVG}line")
    assert [float(whisker.get(x)) for x in ("x1", "x2")] == pytest.approx(
        [LABEL + 0.6 * PLOT, LABEL + PLOT], abs=0.1
    )
    assert float(mark.get("x1")) == LABEL + PLOT / 2


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.found += [value for name, value in attributes if name in ("src", "href")]


def test_the_report_holds_every_system_and_fetches_nothing():
    text = html_report(
        outcome(
            warm=setting(2.0, model=0.491, like_share=0.24, item_kNN=0.4),
            onboarding_3=setting(1.33, model=0.5, like_share=0.4),
        )
    )
    parser = _Links()
    parser.feed(text)
    assert parser.found == []
    assert "script" not in parser.tags
    assert parser.tags.count("svg") == 3  # one per setting, one of the ratios
    for part in ("0.4910 ± 0.0000", "item kNN", "men", "onboarding, 3 ratings", "12,345", "1.330"):
        assert part in text
    assert "@import" not in text
    assert "url(" not in text


def test_strange_names_are_escaped():
    assert "<b>" not in html_report(outcome(warm=setting(model=0.4, **{"<b>": 0.1})))


def test_missed_numbers_are_named():
    missed = missed_targets(
        outcome(
            warm=setting(2.0, model=0.48, ALS_alone=0.485),
            cold=setting(1.06, model=0.43),
            onboarding_1=setting(1.10, model=0.44, like_share=0.4),
        )
    )
    assert missed == [
        "warm: nDCG 0.4800 is below 0.490.",
        "warm: ALS alone reaches 0.4850, the model 0.4800.",
        "onboarding-1: 1.100 × like share is below 1.16.",
    ]


def test_nothing_is_missed_where_everything_is_reached():
    reached = outcome(temporal=setting(2.2, model=0.2201, ALS_alone=0.2), cold=setting(1.05, model=0.425))
    assert missed_targets(reached) == []
    assert "is reached, above every baseline" in html_report(reached)


def test_a_warm_figure_above_one_half_is_spoken_of():
    assert "No warm figure is above 0.50" in warm_statement(outcome(warm=setting(model=0.495)))
    assert "leaked" in warm_statement(outcome(warm=setting(model=0.51)))
    scattered = setting(model=0.495)
    scattered["systems"]["model"]["ndcg"] |= {"mean": 0.499, "std": 0.002, "seeds": [0.501, 0.497]}
    scattered["seeds"] = [7, 8]
    assert "seed 7 is 0.5010; the mean 0.4990" in warm_statement(outcome(warm=scattered))
    assert "leaked" not in warm_statement(outcome(warm=scattered))
    assert "warm" not in warm_statement(outcome(cold=setting(model=0.6))).lower()


STARS = {
    "seeds": [1],
    "ratings": [100000],
    "systems": {
        name: {metric: {"mean": value, "std": 0.001, "seeds": [value]} for metric, value in figures.items()}
        for name, figures in (
            ("model", {"rmse": 0.905, "mae": 0.71, "worst_tenth": 0.02}),
            ("biases", {"rmse": 0.944, "mae": 0.75, "worst_tenth": 0.03}),
        )
    },
    "tenths": [[2.0, 2.05], [4.0, 3.9]],
}


def test_dots_of_a_calibration_stand_where_prediction_and_stars_meet():
    chart = ET.fromstring(calibration_chart([(2.0, 3.0), (4.0, 4.0)], "Predicted & given"))
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in chart.findall(f"{SVG}circle")]
    assert dots == [(MARGIN, TOP + SQUARE / 2), (MARGIN + SQUARE, TOP)]
    assert chart.findtext(f"{SVG}title") == "Predicted & given"


def test_predicted_stars_have_a_table_a_plot_and_numbers_to_reach():
    measured = outcome()
    text = html_report({**measured, "stars": STARS})
    for part in ("Predicted stars", "0.9050 ± 0.0010", "100,000 ratings", "+0.050", "-0.100", "<circle"):
        assert part in text
    assert "Predicted stars" not in html_report(measured)
    assert missed_targets({"settings": {}, "stars": STARS}) == []
    poor = {name: dict(STARS["systems"][name]) for name in ("model", "biases")}
    poor["model"] |= {"rmse": {"mean": 0.95}, "worst_tenth": {"mean": 0.07}}
    assert missed_targets({"settings": {}, "stars": {**STARS, "systems": poor}}) == [
        "stars: rmse 0.9500 is above 0.915.",
        "stars: worst_tenth 0.0700 is above 0.060.",
        "stars: biases reaches RMSE 0.9440, the model 0.9500.",
    ]
