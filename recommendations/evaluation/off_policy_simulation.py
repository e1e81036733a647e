"""How often the truth lies inside the intervals of off-policy estimates: made-up people, whose choices with another version
can be worked out. They choose as in :mod:`.experiment_simulation`; the estimate is the one that the site makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.evaluation.experiment_simulation import (
    ATTENTION,
    CHAMPION_NOISE,
    FIT,
    PLACES,
    RARE,
    choices_of,
    made_up_people,
)
from recommendations.evaluation.off_policy import DrawnLists, Estimate, estimate
from recommendations.ranking.randomised import POOL

# How far versions are from what people want, and how much of its error a version shares with the champion.
MOST_NOISE = 2.0
# Drawn lists of a person, in the mean; some have many more.
MEAN_LISTS = 4.0
# Lists from which the truth is worked out: to about half a per cent, a tenth of what the intervals are wide.
LISTS_OF_THE_TRUTH = 8_000

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Coverage:
    """Of so many simulated ``versions``, the truth lay in so many intervals of their choices per list, and of what they gain
    on the champion. ``width`` is how wide the first ones were in the mean, as a share of the truth; ``effective`` the mean
    effective number of ``lists``. Without enough to go by there is no interval: ``silent`` versions count as not inside.
    """

    versions: int
    inside: int
    difference_inside: int
    silent: int
    lists: float
    effective: float
    width: float


@dataclass(frozen=True)
class _Version:
    """What a version sees of how films fit: noise of its own, and a share of the champion's."""

    noise: float
    of_champion: float

    def pool_places(self, fits: Floats, noise: Floats, pool: Ints, chance: np.random.Generator) -> Ints:
        """The place (m, POOL) that it gives each film of the champion's pool."""
        seen = fits + self.of_champion * noise + chance.normal(0, self.noise, fits.shape)
        order = np.argsort(-np.take_along_axis(seen, pool, axis=1), axis=1)
        return np.argsort(order, axis=1)


_CHAMPION = _Version(0.0, 1.0)


def coverage(*, versions: int, people: int, seed: int = 0) -> Coverage:
    """As many estimates, each of another version and from other lists of as many people."""
    chance = np.random.default_rng(seed)
    inside = difference_inside = silent = 0
    lists, effective, widths = [], [], []
    for number in range(versions):
        version = _Version(chance.uniform(0, MOST_NOISE), chance.random())
        own, champion = _estimates(version, people, chance, number)
        truth, usual = _truth(version, chance)
        lists.append(own.lists)
        effective.append(own.effective)
        if own.choices is None or own.difference is None or champion.choices is None:
            silent += 1
            continue
        inside += not own.choices.excludes(truth)
        difference_inside += not own.difference.excludes(truth - usual)
        widths.append((own.choices.high - own.choices.low) / truth)
    return Coverage(
        versions,
        inside,
        difference_inside,
        silent,
        float(np.mean(lists)),
        float(np.mean(effective)),
        float(np.mean(widths or [np.nan])),
    )


def _estimates(
    version: _Version, people: int, chance: np.random.Generator, seed: int
) -> tuple[Estimate, Estimate]:
    each = 1 + chance.poisson(chance.gamma(1.0, MEAN_LISTS - 1, people))
    person = np.repeat(np.arange(people), each)
    fits, habits = made_up_people(len(person), chance)
    habits = habits[:people][person]
    noise, pool = _pools(fits, chance)
    drawn = np.argsort(chance.random(pool.shape), axis=1)[:, :PLACES]
    listed = np.take_along_axis(np.take_along_axis(fits, pool, axis=1), drawn, axis=1)
    logged = DrawnLists(
        person,
        choices_of(listed, habits, chance),
        np.ones(listed.shape, bool),
        np.full(len(person), POOL),
    )
    wanted = {
        name: np.take_along_axis(each.pool_places(fits, noise, pool, chance), drawn, axis=1)
        for name, each in (("champion", _CHAMPION), ("other", version))
    }
    found = estimate(logged, wanted, seed=seed)
    return found["other"], found["champion"]


def _pools(fits: Floats, chance: np.random.Generator) -> tuple[Floats, Ints]:
    noise = chance.normal(0, CHAMPION_NOISE, fits.shape)
    return noise, np.argsort(-(fits + noise), axis=1)[:, :POOL]


def _truth(version: _Version, chance: np.random.Generator) -> tuple[float, float]:
    """What the version comes to, and the champion: the mean chance of choices of other people's lists, nothing drawn."""
    fits, habits = made_up_people(LISTS_OF_THE_TRUTH, chance)
    noise, pool = _pools(fits, chance)
    appeal = 1 / (1 + np.exp(-(RARE + FIT * np.take_along_axis(fits, pool, axis=1) + habits[:, None])))
    looked = np.concatenate([ATTENTION, np.zeros(POOL - PLACES)])
    own, champion = (
        float((appeal * looked[each.pool_places(fits, noise, pool, chance)]).sum(axis=1).mean())
        for each in (version, _CHAMPION)
    )
    return own, champion
