"""The HTML report of an evaluation: one file, no scripts, nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from recommendations.evaluation.charts import Bar, bar_chart, calibration_chart
from recommendations.evaluation.names import METRICS, MODEL
from recommendations.evaluation.targets import NDCG, missed_targets, warm_statement

_STYLE = """
:root{color-scheme:light dark;--ink:#1b1b1f;--paper:#fff;--line:#c9c9d1;--strong:#b3261e;--plain:#7a8699}
@media(prefers-color-scheme:dark){:root{--ink:#ececf1;--paper:#17171b;--line:#44444d;--strong:#ff8a80;--plain:#8c99ad}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:72rem;margin:2rem auto;padding:0 1rem}
.wide{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{border-bottom:1px solid var(--line);padding:.25rem .5rem;text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}tr.model{font-weight:700}
svg{width:100%;max-width:44rem;height:auto}svg text{font:13px system-ui,sans-serif;fill:var(--ink)}
.strong{fill:var(--strong)}.plain{fill:var(--plain)}.whisker{stroke:var(--ink);stroke-width:1.5}
.mark{stroke:var(--ink);stroke-dasharray:3 3}.axis{stroke:var(--line)}figure{margin:1rem 0}figcaption{font-size:.85rem}
"""
_WHAT = {
    "warm": "Per person a random 75 % trains; every other rating is relevant.",
    "temporal": "Per person the first 80 % in time train; later films with 4 stars or more are relevant.",
    "cold": "Five folds by person. Only age, gender and occupation are known; all liked films are relevant.",
    "onboarding": "Five folds by person. Ten random ratings are set aside, the model is told the first of them; "
    "the person's other liked films are relevant.",
    "new-films": "A random fifth of the films with at least ten ratings loses all of them; they are ranked among each other "
    "for people who like some of them.",
}


def html_report(outcome: Mapping[str, Any]) -> str:
    """Return the whole document for an outcome of :func:`recommendations.services.evaluation.run_evaluation`."""
    sections = "".join(_section(name, setting, outcome["k"]) for name, setting in outcome["settings"].items())
    seeds = ", ".join(str(seed) for seed in outcome["seeds"])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation of the recommendations</title><style>{_STYLE}</style></head><body>"
        "<h1>Evaluation of the recommendations</h1>"
        f"<p>Engine {escape(outcome['engine'])}, k = {outcome['k']}, seeds {seeds}, begun "
        f"{escape(outcome['begun_at'])}, {outcome['seconds']:.0f} s, data {escape(outcome['data_digest'][:16])}. "
        "Figures are means over people, then mean ± standard deviation over seeds.</p>"
        f"<p>{escape(warm_statement(outcome))}</p>{_missed(outcome)}{_onboarding(outcome)}{_taste(outcome)}{_stars(outcome)}{_people_together(outcome)}{sections}"
        "<p>Coverage is the share of the films with training ratings that appear in at least one list; novelty is "
        "the mean self-information of the films in bits; diversity is 1 − mean cosine similarity of genres. "
        "Data: F. M. Harper and J. A. Konstan, The MovieLens Datasets, ACM TiiS 5(4), 2015.</p></body></html>"
    )


def _missed(outcome: Mapping[str, Any]) -> str:
    missed = missed_targets(outcome)
    if not missed:
        return "<p>Every number to reach that was measured is reached, above every baseline.</p>"
    return "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in missed) + "</ul>"


def _onboarding(outcome: Mapping[str, Any]) -> str:
    ratios = {
        name: setting["ratio_to_like_share"]
        for name, setting in outcome["settings"].items()
        if name.partition("-")[0] in ("cold", "onboarding") and setting["ratio_to_like_share"]
    }
    if not ratios:
        return ""
    bars = [Bar(_heading(name), value["mean"], value["std"], strong=True) for name, value in ratios.items()]
    chart = bar_chart(bars, "Model over like share, by what is known", mark=1.0)
    return (
        "<h2>Newcomers</h2><figure>"
        f"{chart}<figcaption>nDCG of the model divided by that of the like share; the line is 1.</figcaption></figure>"
    )


def _taste(outcome: Mapping[str, Any]) -> str:
    figures = outcome.get("taste") or {}
    if not figures:
        return ""
    bars = [
        Bar(name.removeprefix("5 favourites, "), value["mean"], value["std"], strong=True)
        for name, value in figures.items()
        if name.startswith("5 favourites, ")
    ]
    chart = bar_chart(bars, "Films of a kind among ten, after its five best-known films at five stars")
    return (
        "<h2>Taste</h2><p>Made-up people with one clear taste, ranked by a model that has seen all ratings.</p>"
        f"<figure>{chart}</figure>{_figures(figures)}"
    )


def _stars(outcome: Mapping[str, Any]) -> str:
    stars = outcome.get("stars") or {}
    if not stars:
        return ""
    names = {"rmse": "RMSE", "mae": "MAE", "worst_tenth": "worst tenth"}
    rows = "".join(
        f'<tr class="{"model" if system == MODEL else "baseline"}"><td>{escape(system)}</td>'
        + "".join(f"<td>{_spread(measured[name])}</td>" for name in names)
        + "</tr>"
        for system, measured in stars["systems"].items()
    )
    tenths = "".join(
        f"<tr><td>{place}</td><td>{expected:.3f}</td><td>{given:.3f}</td><td>{given - expected:+.3f}</td></tr>"
        for place, (expected, given) in enumerate(stars["tenths"], start=1)
    )
    return (
        "<h2>Predicted stars</h2><p>Five random folds of all ratings; each rating is predicted once, by a model that has "
        f"seen the other four. {stars['ratings'][0]:,} ratings.</p>{_table(['', *names.values()], rows)}"
        f"<figure>{calibration_chart(stars['tenths'], 'Predicted and given stars, by tenths of the predictions')}"
        "<figcaption>Each dot is a tenth of the ratings, from the lowest predictions to the highest; on the line, what was "
        f"given is what was predicted.</figcaption></figure>{_table(['tenth', 'predicted', 'given', 'apart'], tenths)}"
    )


def _people_together(outcome: Mapping[str, Any]) -> str:
    figures = outcome.get("groups") or {}
    if not figures:
        return ""
    return (
        "<h2>Groups</h2><p>Simulated groups of two to eight people of the temporal split: nDCG@10 of the common list divided "
        "by that of averaging the scores, of the member whom it serves least and of the mean member.</p>"
        f"{_figures(figures)}"
    )


def _section(name: str, setting: Mapping[str, Any], k: int) -> str:
    bars = [
        Bar(system, measured["ndcg"]["mean"], measured["ndcg"]["std"], strong=system == MODEL)
        for system, measured in setting["systems"].items()
    ]
    chart = bar_chart(bars, f"{name}: nDCG at {k}", mark=NDCG.get(name))
    people = ", ".join(str(count) for count in dict.fromkeys(setting["people"]))
    return (
        f"<h2>{escape(_heading(name))}</h2><p>{escape(_WHAT.get(name.rstrip('-0123456789'), ''))} "
        f"{people} people have something relevant.</p><figure>{chart}<figcaption>nDCG@{k}"
        f"{'; the line is the number to reach' if name in NDCG else ''}.</figcaption></figure>"
        f"{_systems(setting)}{_groups(setting)}"
    )


def _heading(name: str) -> str:
    setting, _, count = name.rpartition("-")
    return f"{setting}, {count} rating{'' if count == '1' else 's'}" if count.isdecimal() else name


def _systems(setting: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr class="{"model" if system == MODEL else "baseline"}"><td>{escape(system)}</td>'
        + "".join(f"<td>{_spread(measured[metric])}</td>" for metric in METRICS)
        + "</tr>"
        for system, measured in setting["systems"].items()
    )
    return _table(["", *METRICS], rows)


def _groups(setting: Mapping[str, Any]) -> str:
    systems = list(setting["systems"])
    rows = "".join(
        f"<tr><td>{escape(group)}</td><td>{figures['people']}</td>"
        + "".join(f"<td>{figures['ndcg'][system]['mean']:.3f}</td>" for system in systems)
        + "</tr>"
        for group, figures in setting["groups"].items()
    )
    return _table(["nDCG by group", "people", *systems], rows)


def _table(columns: list[str], rows: str) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _figures(figures: Mapping[str, Any]) -> str:
    """Figures by name, each with its spread over the seeds."""
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{_spread(value)}</td></tr>" for name, value in figures.items()
    )
    return _table(["figure", "mean ± std over seeds"], rows)


def _spread(value: Mapping[str, Any]) -> str:
    return f"{value['mean']:.4f} ± {value['std']:.4f}"
