"""Plots of what the benchmarks measured."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

SERVED, AWAY = "#2a6f97", "#b3261e"


def plot_load(outcome: dict, target: Path) -> None:
    """Answer times over the steady load, and answers per second over overload and recovery."""
    mpl.rcParams["svg.hashsalt"] = "movierec"
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), constrained_layout=True)
    steady = outcome["timelines"]["steady"]
    left.plot(steady["at"], steady["milliseconds"], ".", ms=2, alpha=0.5, color=SERVED)
    left.axhline(np.quantile(steady["milliseconds"], 0.95), color=AWAY, lw=1, label="95 of 100 are below")
    left.set(xlabel="seconds", ylabel="ms", title="30 requests per second", ylim=(0, None))
    left.legend(frameon=False)
    overload, after = outcome["timelines"]["overload"], outcome["timelines"]["after"]
    gap = overload["at"][-1]
    seconds = np.array([*overload["at"], *(gap + np.array(after["at"]))])
    status = np.array([*overload["status"], *after["status"]])
    edges = np.arange(0, seconds.max() + 1)
    for chosen, colour, label in ((status == 200, SERVED, "served"), (status != 200, AWAY, "sent away")):
        counts, _ = np.histogram(seconds[chosen], edges)
        right.step(edges[:-1], counts, where="post", color=colour, label=label)
    right.axvline(gap, color="grey", lw=1, ls=":")
    right.set(xlabel="seconds", ylabel="answers per second", title="Ten times too much, then 30 per second")
    right.set_yscale("symlog", linthresh=10)
    right.set_yticks([0, 10, 100, 1000], ["0", "10", "100", "1000"])
    right.set_ylim(0, None)
    right.legend(frameon=False)
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, metadata={"Date": None})
    plt.close(figure)
