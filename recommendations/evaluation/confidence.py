"""Intervals that hold at every look: confidence sequences for shares, and for the difference of two means.

The package ``confseq`` needs a C++ compiler and SciPy, which what serves does not load; these two are short.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

# The asymptotic sequence is narrowest after about so many people.
TIGHTEST_AFTER = 500
# With fewer people of an arm the asymptotic sequence says nothing.
LEAST_PEOPLE = 30


@dataclass(frozen=True)
class Interval:
    """An estimate and between what it lies; ``low`` and ``high`` hold at all times together with probability 1 − alpha."""

    estimate: float
    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """Whether the value lies outside."""
        return not self.low <= value <= self.high


def share_sequence(successes: int, failures: int, *, alpha: float = 0.05, prior: float = 0.5) -> Interval:
    """The share of successes among independent trials: exact, for any number of looks.

    All p with B(a + s, a + f) / (B(a, a) p^s (1 − p)^f) < 1/alpha, a = ``prior``: the mixture of likelihood ratios is a
    martingale that starts at 1, and by Ville's inequality exceeds 1/alpha with probability alpha at most (Robbins 1970;
    Howard, Ramdas, McAuliffe and Sekhon 2021, Annals of Statistics 49(2), section 3: the beta-binomial mixture).

    Raises
    ------
    ValueError
        For a negative number of trials, or an alpha that is none.
    """
    if successes < 0 or failures < 0 or not 0 < alpha < 1:
        raise ValueError(f"{successes} successes, {failures} failures and alpha {alpha} are no trials")
    trials = successes + failures
    if not trials:
        return Interval(0.5, 0.0, 1.0)
    mixture = _log_beta(prior + successes, prior + failures) - _log_beta(prior, prior)

    def beyond(p: float) -> bool:
        likelihood = successes * math.log(p) if successes else 0.0
        likelihood += failures * math.log1p(-p) if failures else 0.0
        return mixture - likelihood >= -math.log(alpha)

    estimate = successes / trials
    low = 0.0 if not successes else _edge(beyond, 0.0, estimate)
    high = 1.0 if not failures else _edge(beyond, 1.0, estimate)
    return Interval(estimate, low, high)


def difference_sequence(
    means: tuple[float, float],
    variances: tuple[float, float],
    people: tuple[int, int],
    *,
    alpha: float = 0.05,
) -> Interval:
    """The second mean minus the first, of two groups of different people, for any number of looks.

    The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas ("Time-uniform central limit theory
    and asymptotic confidence sequences", Annals of Statistics 52(6), 2024, theorem 2.2):
    ± σ √(2 (t ρ² + 1) / (t² ρ²) · log(√(t ρ² + 1) / alpha)) with t people, where σ² / t is the variance of the difference.
    """
    t = sum(people)
    estimate = means[1] - means[0]
    if min(people) < LEAST_PEOPLE:
        return Interval(estimate, -math.inf, math.inf)
    sigma = math.sqrt(t * (variances[0] / people[0] + variances[1] / people[1]))
    margin = sigma * asymptotic_margin(t, alpha=alpha)
    return Interval(estimate, estimate - margin, estimate + margin)


def asymptotic_margin(t: int, *, alpha: float = 0.05, tightest_after: int = TIGHTEST_AFTER) -> float:
    """Half the width of the asymptotic sequence after t observations of variance 1; ρ as in section 2.3 there."""
    rho2 = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha)) + 1) / tightest_after
    scaled = t * rho2 + 1
    return math.sqrt(2 * scaled / (t**2 * rho2) * math.log(math.sqrt(scaled) / alpha))


def _edge(beyond: Callable[[float], bool], outside: float, inside: float) -> float:
    """Where an interval ends between a point outside and one inside, to twelve digits."""
    for _ in range(60):
        middle = (outside + inside) / 2
        if beyond(middle) if 0 < middle < 1 else True:
            outside = middle
        else:
            inside = middle
    return outside


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
