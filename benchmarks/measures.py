"""What the answers of one load came to, from locust's log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

BUSY = (429, 503)


@dataclass(frozen=True)
class Answers:
    """All answers of a load: when they came (s), how long they took (ms) and their status (0: no answer)."""

    at: np.ndarray
    milliseconds: np.ndarray
    status: np.ndarray

    @classmethod
    def read(cls, log: Path) -> Answers:
        """Read what ``locustfile.py`` wrote."""
        rows = np.loadtxt(log, ndmin=2).reshape(-1, 3)
        order = np.argsort(rows[:, 0])
        return cls(rows[order, 0], rows[order, 1], rows[order, 2].astype(int))


@dataclass(frozen=True)
class Load:
    """A load in figures; times are those of the requests that were served."""

    name: str
    seconds: float
    requests: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    sent_away: float
    errors: float


def summarise(name: str, answers: Answers) -> Load:
    """``sent_away`` and ``errors`` are shares of all requests: answered with 429/503, or failed otherwise."""
    served = answers.status == 200
    total = len(answers.at)
    if total == 0 or not served.any():
        raise ValueError(f"{name}: nothing was served ({total} requests)")
    seconds = float(answers.at[-1] - answers.at[0]) or 1.0
    p50, p95, p99 = np.quantile(answers.milliseconds[served], (0.5, 0.95, 0.99))
    away = np.isin(answers.status, BUSY)
    return Load(
        name=name,
        seconds=round(seconds, 1),
        requests=total,
        per_second=float(served.sum()) / seconds,
        p50_ms=float(p50),
        p95_ms=float(p95),
        p99_ms=float(p99),
        sent_away=float(away.mean()),
        errors=float((~served & ~away).mean()),
    )


def recovery_seconds(
    answers: Answers, overload_end: float, *, p95_ms: float, window: float = 1.0
) -> float | None:
    """Seconds from the end of an overload to the first window in which all are served and p95 holds."""
    latest = float(answers.at[-1]) if len(answers.at) else overload_end
    begin = overload_end
    while begin + window <= latest:
        chosen = (answers.at >= begin) & (answers.at < begin + window)
        fine = chosen.any() and (answers.status[chosen] == 200).all()
        if fine and np.quantile(answers.milliseconds[chosen], 0.95) <= p95_ms:
            return begin - overload_end
        begin += window / 4
    return None
