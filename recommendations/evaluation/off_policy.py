"""What another version would have come to, from lists whose order was drawn by chance.

In such a list each of m films came to each of m places with probability 1/m, and the people saw the first of these places.
That somebody chooses a film is taken as two independent things: that they look at its place, which falls with the place alone,
and that the film appeals to them, which the place does not change (the examination hypothesis: Richardson, Dominowska and
Ragno 2007, "Predicting clicks"; Craswell et al. 2008, "An experimental comparison of click position-bias models"). A version that
would have shown the film at place t then counts its choice with the weight

    examination[t] / sum over the free places p of examination[p] / m

(Li, Abbasi-Yadkori, Kveton, Muthukrishnan, Vinay and Wen 2018, "Offline evaluation of ranking policies with click models",
the position-based model), self-normalised (Swaminathan and Joachims 2015, "The self-normalized estimator for counterfactual
learning"). The interval comes from drawing people anew, all of their lists together (Field and Welsh 2007,
"Bootstrapping clustered data", section 3), and estimates the examination anew each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.evaluation.confidence import LEAST_PEOPLE, Interval

# What people may have looked at counts up to this place.
PLACES = 10
# A greater weight is cut off: it would rest on a handful of choices.
MOST_WEIGHT = 10.0
# With less than this an estimate says nothing, and none is given.
LEAST_LISTS, LEAST_CHOICES = 100, 30
REPLICATES, AT_ONCE = 1_000, 100
# With places fixed in some lists only, examination and appeal are found in turns.
TURNS = 20
# Standard deviations to either side of an estimate that hold it in 95 of 100 cases.
DEVIATIONS = 1.96

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DrawnLists:
    """L lists with K places (:data:`PLACES`) each.

    Parameters
    ----------
    people : (L,) whose each list is, as numbers from 0.
    chosen : (L, K) whether the film at this place was chosen.
    free : (L, K) whether chance put it there; all others would stand there whatever the version.
    drawn_from : (L,) among how many films each free place was drawn, of which not all were shown.
    """

    people: NDArray[np.intp]
    chosen: NDArray[np.bool_]
    free: NDArray[np.bool_]
    drawn_from: NDArray[np.intp]

    def __post_init__(self) -> None:
        shape, number = self.chosen.shape, len(self.people)
        if shape != (number, PLACES) or self.free.shape != shape or self.drawn_from.shape != (number,):
            raise ValueError(f"expected lists of {PLACES} places, all of the same number; got {shape}")


@dataclass(frozen=True)
class Estimate:
    """Choices per list among the first places, and by how much they are more than the first version's.

    ``effective`` is how many lists of equal weights would tell as much (Kish 1965: the squared sum of the weights by the sum of
    their squares), ``clipped`` the share of choices whose weight was cut off. Without enough to go by, ``choices`` and
    ``difference`` are None.
    """

    lists: int
    effective: float
    people: int
    clipped: float = 0.0
    choices: Interval | None = None
    difference: Interval | None = None


def examination(logged: DrawnLists) -> Floats:
    """How likely people look at each place (K,), as a share of the likeliest one's. Zeros without a choice.

    Chance has given each place the same films, so that it is in proportion to how often a place's film was chosen (Joachims,
    Swaminathan and Schnabel 2017, section 5.1).
    """
    if not len(logged.people):
        return np.zeros(PLACES)
    sums = _Sums.of(logged, {})
    looked = _examination(sums.clicks.sum(axis=0)[None], sums.shown.sum(axis=0)[None])[0]
    return looked / looked.max() if looked.any() else looked


def estimate(
    logged: DrawnLists, wanted: Mapping[str, NDArray[np.intp]], *, seed: int = 0
) -> dict[str, Estimate]:
    """What each version would come to.

    Parameters
    ----------
    wanted : by version, (L, K), the place (from 0) at which the version would have shown the film that was shown here; K or more
        if not among these places. Where a place is fixed, what stands here is not looked at.
    seed : of the draws of people.

    Returns
    -------
    By version. Intervals hold one at a time, at one look, in about 95 of 100 cases.

    Raises
    ------
    ValueError
        If the places of a version are not of the shape (L, K).
    """
    for name, places in wanted.items():
        if places.shape != logged.chosen.shape:
            raise ValueError(f"{name}: places are {places.shape}, expected {logged.chosen.shape}")
    lists, people = len(logged.people), len(np.unique(logged.people))
    if not lists:
        return {name: Estimate(0, 0.0, 0) for name in wanted}
    sums = _Sums.of(logged, wanted)
    whole = sums.of_people(np.ones((1, sums.clicks.shape[0])))
    clicks = int((logged.chosen & logged.free).sum())
    weights = _weights(whole)
    says_something = people >= LEAST_PEOPLE and clicks >= LEAST_CHOICES
    drawn = _replicates(sums, seed) if says_something else {}
    found: dict[str, Estimate] = {}
    first = next(iter(wanted), "")
    for name in wanted:
        effective = _effective(whole, name, weights)
        if not says_something or effective < LEAST_LISTS:
            found[name] = Estimate(lists, effective, people)
            continue
        value = float(_value(whole, name, weights)[0])
        difference = None
        if name != first and found[first].choices is not None:
            gain = value - float(_value(whole, first, weights)[0])
            difference = _interval(gain, drawn[name] - drawn[first])
        choices = _interval(value, drawn[name], least=0.0)
        found[name] = Estimate(lists, effective, people, _clipped(whole, name), choices, difference)
    return found


def _interval(value: float, replicates: Floats, *, least: float = -np.inf) -> Interval:
    margin = DEVIATIONS * float(replicates.std(ddof=1))
    return Interval(value, max(value - margin, least), value + margin)


@dataclass(frozen=True)
class _Sums:
    """What is needed of each of U people (or B draws of them), by G patterns of free places: ``clicks`` and ``shown``
    (U, G, K) by place, ``lists`` and ``fixed_clicks`` (U, G); and by version how many films and choices of films it wanted at each
    place (U, G, K). The patterns are ``free`` (G, K) and ``drawn_from`` (G,)."""

    free: NDArray[np.bool_]
    drawn_from: NDArray[np.intp]
    clicks: Floats
    shown: Floats
    lists: Floats
    fixed_clicks: Floats
    wanted: dict[str, tuple[Floats, Floats]]

    @classmethod
    def of(cls, logged: DrawnLists, wanted: Mapping[str, NDArray[np.intp]]) -> _Sums:
        described = np.column_stack([logged.free, logged.drawn_from])
        patterns, pattern = np.unique(described, axis=0, return_inverse=True)
        _people, person = np.unique(logged.people, return_inverse=True)
        shape = (int(person.max()) + 1, len(patterns))
        cell = person * shape[1] + pattern.reshape(-1)

        def by_cell(values: NDArray[np.bool_] | Floats) -> Floats:
            columns = [
                np.bincount(cell, weights=column, minlength=shape[0] * shape[1]) for column in values.T
            ]
            return np.stack(columns, axis=-1).astype(np.float64).reshape(*shape, -1)

        chosen = logged.chosen & logged.free
        counts = {}
        for name, places in wanted.items():
            at = [logged.free & (places == place) for place in range(PLACES)]
            shown = np.column_stack([hit.sum(axis=1) for hit in at]).astype(np.float64)
            hits = np.column_stack([(hit & chosen).sum(axis=1) for hit in at]).astype(np.float64)
            counts[name] = (by_cell(shown), by_cell(hits))
        fixed = (logged.chosen & ~logged.free).sum(axis=1)[:, None].astype(np.float64)
        return cls(
            free=patterns[:, :PLACES].astype(bool),
            drawn_from=patterns[:, PLACES],
            clicks=by_cell(chosen),
            shown=by_cell(logged.free),
            lists=by_cell(np.ones((len(cell), 1)))[..., 0],
            fixed_clicks=by_cell(fixed)[..., 0],
            wanted=counts,
        )

    def of_people(self, times: Floats) -> _Sums:
        """The sums if each of the U people counted so many ``times`` (B, U)."""

        def summed(values: Floats) -> Floats:
            total: Floats = np.tensordot(times, values, axes=1).astype(np.float64)
            return total

        return _Sums(
            self.free,
            self.drawn_from,
            summed(self.clicks),
            summed(self.shown),
            summed(self.lists),
            summed(self.fixed_clicks),
            {name: (summed(shown), summed(hits)) for name, (shown, hits) in self.wanted.items()},
        )


def _replicates(sums: _Sums, seed: int) -> dict[str, Floats]:
    chance, number = np.random.default_rng(seed), sums.clicks.shape[0]
    found: dict[str, list[Floats]] = {name: [] for name in sums.wanted}
    for _ in range(0, REPLICATES, AT_ONCE):
        times = chance.multinomial(number, np.full(number, 1 / number), size=AT_ONCE).astype(np.float64)
        drawn = sums.of_people(times)
        weights = _weights(drawn)
        for name in found:
            found[name].append(_value(drawn, name, weights))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _examination(clicks: Floats, shown: Floats) -> Floats:
    """By replicate (B, K) from sums (B, G, K). Lists with other free places may be other people's, so that each pattern has a
    rate of choices of its own: clicks = rate[g] * examination[k] * shown, found in turns as for a table of two margins."""
    looked = _ratio(clicks.sum(axis=1), shown.sum(axis=1))
    for _ in range(TURNS if clicks.shape[1] > 1 else 0):
        rate = _ratio(clicks.sum(axis=2), (shown * looked[:, None]).sum(axis=2))
        looked = _ratio(clicks.sum(axis=1), (shown * rate[..., None]).sum(axis=1))
    return looked


def _raw_weights(sums: _Sums) -> Floats:
    """Of a film that a version wants at each place, by replicate and pattern (B, G, K)."""
    looked = _examination(sums.clicks, sums.shown)[:, None]
    return _ratio(looked * sums.drawn_from[:, None], (looked * sums.free).sum(axis=2, keepdims=True))


def _weights(sums: _Sums) -> Floats:
    return np.minimum(_raw_weights(sums), MOST_WEIGHT)


def _value(sums: _Sums, name: str, weights: Floats) -> Floats:
    """Choices per list (B,). The weights sum up to the number of free places that were shown, in the mean; what they sum
    up to here is chance's, and is divided out."""
    shown, hits = sums.wanted[name]
    total = (weights * shown).sum(axis=(1, 2))
    places = (sums.lists * sums.free.sum(axis=1)).sum(axis=1)
    free = _ratio((weights * hits).sum(axis=(1, 2)), total) * places
    return _ratio(free + sums.fixed_clicks.sum(axis=1), sums.lists.sum(axis=1))


def _effective(sums: _Sums, name: str, weights: Floats) -> float:
    shown, _hits = sums.wanted[name]
    films = _ratio((weights * shown).sum() ** 2, (weights**2 * shown).sum())
    return float(films * _ratio(sums.lists.sum(), (sums.lists * sums.free.sum(axis=1)).sum()))


def _clipped(sums: _Sums, name: str) -> float:
    _shown, hits = sums.wanted[name]
    return float(_ratio((hits * (_raw_weights(sums) > MOST_WEIGHT)).sum(), hits.sum()))


def _ratio(above: Floats | np.floating, below: Floats | np.floating) -> Floats:
    """The quotient, and 0 where nothing can be divided by."""
    top, bottom = np.broadcast_arrays(np.asarray(above, np.float64), np.asarray(below, np.float64))
    return np.divide(top, bottom, out=np.zeros(top.shape), where=bottom > 0)
