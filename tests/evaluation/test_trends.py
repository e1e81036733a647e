"""Charts over time: right heights, round grids, and nothing that a browser would take for markup."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from recommendations.evaluation.trends import BOTTOM, HEIGHT, TOP, line_chart, stacked_bars

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def test_a_line_starts_at_zero_and_breaks_nothing():
    svg = line_chart(
        {"a": [0.1, None, 0.2], "b<": [0.0, 0.2, 0.1]}, ["1", "2", "3&"], "T<", written="{:.1f}".format
    )
    root = drawn(svg)
    assert root.find(f"{SVG}title").text == "T<"
    points = [circle.find(f"{SVG}title").text for circle in root.iter(f"{SVG}circle")]
    assert points == ["a, 1: 0.1", "a, 3&: 0.2", "b<, 1: 0.0", "b<, 2: 0.2", "b<, 3&: 0.1"]
    heights = [float(circle.get("cy")) for circle in root.iter(f"{SVG}circle")]
    assert heights[1] == pytest.approx(TOP)
    assert heights[2] == pytest.approx(HEIGHT - BOTTOM)
    assert heights[0] == pytest.approx((TOP + HEIGHT - BOTTOM) / 2, abs=0.1)


@pytest.mark.parametrize("largest", [0.0003, 0.222, 1.0, 7.0, 93.0, 3600.0])
def test_the_grid_has_round_steps_that_hold_the_largest_value(largest):
    svg = line_chart({"a": [largest]}, ["x"], "T", written=repr)
    axis = [float(text.text) for text in drawn(svg).iter(f"{SVG}text") if text.get("text-anchor") == "end"]
    assert len(axis) == 5
    assert axis[0] == 0
    assert largest <= axis[-1] <= 3 * largest
    assert re.fullmatch(r"(1|2|2\.5|5)(\.0+\d*)?", f"{float(f'{axis[1]:.6e}'.split('e')[0]):g}")


def test_the_parts_of_a_bar_stand_on_each_other():
    svg = stacked_bars({"a": [10.0, 20.0], "b": [30.0, None]}, ["x", "y"], "T", written="{:.0f} s".format)
    parts = [
        (rect.find(f"{SVG}title").text, float(rect.get("y")), float(rect.get("height")))
        for rect in drawn(svg).iter(f"{SVG}rect")
    ]
    assert [name for name, _y, _height in parts] == ["x, a: 10 s", "x, b: 30 s", "y, a: 20 s"]
    (_, lower, low), (_, upper, high), _ = parts
    assert upper + high == pytest.approx(lower, abs=0.11)
    assert high == pytest.approx(3 * low, rel=0.01)


def test_nothing_to_show_is_still_a_picture():
    for draw in (line_chart, stacked_bars):
        assert drawn(draw({}, [], "T", written=str)).tag == f"{SVG}svg"
