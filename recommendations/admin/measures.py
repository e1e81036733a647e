"""What measures, protocols and systems of an evaluation are called on the operators' pages, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.evaluation.names import (
    AFFINITY,
    BIASES,
    CHANCE,
    ITEM_KNN,
    LIKE_SHARE,
    MODEL,
    POPULARITY,
    TUNED_ALS,
    TUNED_EASE,
)
from recommendations.models import ModelVersion
from recommendations.selectors.comparison import MetricRow

#: Name and explanation.
METRICS = {
    "ndcg": (
        "nDCG@10",
        gettext_noop(
            "how good the order of the first ten is: 1 if all that people like stands on top, 0 if nothing does"
        ),
    ),
    "recall": (
        gettext_noop("Recall@10"),
        gettext_noop("the share of what people like that is among the first ten"),
    ),
    "map": (
        gettext_noop("MAP@10"),
        gettext_noop("the mean precision at each place where something liked stands"),
    ),
    "mrr": (gettext_noop("MRR"), gettext_noop("one divided by the place of the first liked film")),
    "coverage": (gettext_noop("Coverage"), gettext_noop("the share of all films that anybody is shown")),
    "novelty": (
        gettext_noop("Novelty"),
        gettext_noop("how little known the shown films are, in bits; more is rarer"),
    ),
    "diversity": (
        gettext_noop("Diversity"),
        gettext_noop("how different the genres of one list are, from 0 to 1"),
    ),
}
METRICS |= {
    "rmse": (
        gettext_noop("RMSE"),
        gettext_noop("how far predicted stars miss, large errors counting more; less is better"),
    ),
    "mae": (
        gettext_noop("Mean error"),
        gettext_noop("by how many stars a prediction misses on average; less is better"),
    ),
    "worst_tenth": (
        gettext_noop("Worst tenth"),
        gettext_noop(
            "the greatest distance between predicted and given stars among ten equal parts; less is better"
        ),
    ),
    "films shared by two tastes (low)": (
        gettext_noop("films shared by two tastes (low)"),
        gettext_noop("how many of ten films two different tastes have in common; less is better"),
    ),
    "horror for a child (low)": (
        gettext_noop("horror for a child (low)"),
        gettext_noop("horror films among the ten of somebody of ten years; less is better"),
    ),
    "1 star lowers the neighbours": (
        gettext_noop("1 star lowers the neighbours"),
        gettext_noop("the share of films whose neighbours go down after one star"),
    ),
    "2 stars lower the neighbours": (
        gettext_noop("2 stars lower the neighbours"),
        gettext_noop("the share of films whose neighbours go down after two stars"),
    ),
    "least after 3 favourites": (
        gettext_noop("least after 3 favourites"),
        gettext_noop("of ten films, how many fit the least well served taste after three favourites"),
    ),
    "least after 5 favourites": (
        gettext_noop("least after 5 favourites"),
        gettext_noop("the same after five favourites"),
    ),
}
PROTOCOLS = {
    "stars": (
        gettext_noop("Predicted stars"),
        gettext_noop("how many stars somebody will give, against those given later"),
    ),
    "groups": (gettext_noop("Groups"), gettext_noop("one list for two to eight people")),
    "warm": (gettext_noop("Warm"), gettext_noop("a random quarter of each person’s ratings is asked about")),
    "temporal": (
        gettext_noop("Temporal"),
        gettext_noop("the last fifth of each person’s ratings is asked about"),
    ),
    "cold": (gettext_noop("Cold"), gettext_noop("people of whom only age, gender and occupation are known")),
    "onboarding": (gettext_noop("Onboarding"), gettext_noop("newcomers after a few ratings")),
    "taste": (
        gettext_noop("Clear taste"),
        gettext_noop("made-up people who like one thing and dislike another"),
    ),
    "new-films": (
        gettext_noop("New films"),
        gettext_noop("films that have lost all their ratings, for people who like them"),
    ),
    "global-time": (
        gettext_noop("By date"),
        gettext_noop("everything that was rated after a date is asked about"),
    ),
    "strong": (
        gettext_noop("People held out"),
        gettext_noop("people of whom nothing was learnt, after four fifths of their ratings; lists of 100"),
    ),
}
SYSTEMS = {
    MODEL: gettext_noop("the model"),
    POPULARITY: gettext_noop("the most popular films"),
    LIKE_SHARE: gettext_noop("the films with the largest like share"),
    "genres": gettext_noop("genres alone"),
    "EASE alone": gettext_noop("EASE alone"),
    "ALS alone": gettext_noop("ALS alone"),
    ITEM_KNN: ITEM_KNN,
    TUNED_EASE: gettext_noop("EASE, tuned"),
    TUNED_ALS: gettext_noop("implicit ALS, tuned"),
    BIASES: gettext_noop("biases alone"),
    CHANCE: gettext_noop("chance"),
    AFFINITY: gettext_noop("affinity to genres alone"),
}


@dataclass(frozen=True)
class VersionFigure:
    """A figure and whose it is; None if it was not measured."""

    version: str
    value: float | None


@dataclass(frozen=True)
class ExplainedRow:
    """A row of the comparison in words; ``is_model`` is false for what the model is compared with."""

    protocol: str
    system: str
    metric: str
    explanation: str
    is_model: bool
    values: tuple[VersionFigure, ...]


def metric_label(name: str) -> str:
    """What a measure is called, in the active language."""
    return _(METRICS[name][0]) if name in METRICS else name


def protocol_label(name: str) -> str:
    """What a protocol is called; one with a number behind it, such as ``onboarding-5``, keeps the number."""
    first, rest = _with_number(name)
    return f"{_(PROTOCOLS[first][0])} {rest}".strip() if first in PROTOCOLS else name


def _with_number(name: str) -> tuple[str, str]:
    """``onboarding-5`` without its number, and the number."""
    first, _sign, rest = name.rpartition("-")
    return (first, rest) if rest.isdecimal() else (name, "")


def system_label(name: str) -> str:
    """What was measured; methods of the literature keep their names."""
    return _(SYSTEMS[name]) if name in SYSTEMS else name


def explained(row: MetricRow, versions: Sequence[ModelVersion]) -> ExplainedRow:
    """The row with its explanation and the names of the versions."""
    return ExplainedRow(
        protocol_label(row.protocol),
        system_label(row.system),
        metric_label(row.metric),
        _(METRICS[row.metric][1]) if row.metric in METRICS else "",
        row.system == MODEL,
        tuple(
            VersionFigure(version.version, value) for version, value in zip(versions, row.values, strict=True)
        ),
    )


def metrics_of(rows: Iterable[MetricRow]) -> list[tuple[str, str]]:
    """The measures of these rows, each once, with what they mean."""
    names = dict.fromkeys(row.metric for row in rows)
    return [(metric_label(name), _(METRICS[name][1])) for name in names if name in METRICS]


def protocols_of(rows: Iterable[MetricRow]) -> list[tuple[str, str]]:
    """The protocols of these rows, each once, with what they mean."""
    names = dict.fromkeys(_with_number(row.protocol)[0] for row in rows)
    return [(protocol_label(name), _(PROTOCOLS[name][1])) for name in names if name in PROTOCOLS]
