"""The tables that ``manage.py evaluate`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.table import Table

from recommendations.evaluation.names import METRICS, MODEL

# Wide enough for all measures where the output is no terminal.
WIDTH = 150


def print_tables(stdout: OutputWrapper, outcome: Mapping[str, Any]) -> None:
    """Per setting: model and baselines by measure, then nDCG by age group and gender."""
    console = Console(file=stdout, width=None if stdout.isatty() else WIDTH)  # type: ignore[arg-type]
    for name, setting in outcome["settings"].items():
        people = ", ".join(str(count) for count in dict.fromkeys(setting["people"]))
        seeds = len(setting["seeds"])
        console.print(
            _systems(
                setting,
                f"{name}: {people} people, {seeds} seed{'s' if seeds > 1 else ''}, {outcome['engine']}",
            )
        )
        ratio = setting["ratio_to_like_share"]
        if ratio is not None:
            console.print(f"model / like share (nDCG): {spread(ratio, 3)}")
        console.print(_groups(setting))

    for protocol, heading in (
        ("taste", "taste after a few ratings (simulated people)"),
        ("groups", "nDCG of a group's common list, × that of averaging"),
    ):
        if figures := outcome.get(protocol):
            table = Table(heading, "mean ± std over seeds")
            for name, value in figures.items():
                table.add_row(name, spread(value, 2))
            console.print(table)

    stars = outcome.get("stars") or {}
    if stars:
        console.print(_errors(stars))
        table = Table("tenth of the predictions", "predicted", "given", "apart", title="stars: calibration")
        for place, (expected, given) in enumerate(stars["tenths"], start=1):
            table.add_row(str(place), f"{expected:.3f}", f"{given:.3f}", f"{given - expected:+.3f}")
        console.print(table)


def _errors(stars: Mapping[str, Any]) -> Table:
    names = {"rmse": "RMSE", "mae": "MAE", "worst_tenth": "worst tenth"}
    title = f"stars: {stars['ratings'][0]} ratings in five folds, {len(stars['seeds'])} seeds"
    table = Table("", *names.values(), title=title)
    for system, measured in stars["systems"].items():
        table.add_row(
            system,
            *(spread(measured[name]) for name in names),
            style="bold" if system == MODEL else None,
        )
    return table


def _systems(setting: Mapping[str, Any], title: str) -> Table:
    metrics = list(dict.fromkeys((*METRICS, *next(iter(setting["systems"].values()), {}))))
    table = Table("", *metrics, title=title)
    for system, measured in setting["systems"].items():
        table.add_row(
            system,
            *(spread(measured[metric]) for metric in metrics),
            style="bold" if system == MODEL else None,
        )
    return table


def _groups(setting: Mapping[str, Any]) -> Table:
    systems = list(setting["systems"])
    table = Table("nDCG by group", "people", *systems)
    for group, figures in setting["groups"].items():
        table.add_row(
            group, str(figures["people"]), *(f"{figures['ndcg'][system]['mean']:.3f}" for system in systems)
        )
    return table


def spread(value: Mapping[str, Any], digits: int = 4) -> str:
    """Mean ± standard deviation over the seeds."""
    return f"{value['mean']:.{digits}f} ± {value['std']:.{digits}f}"
