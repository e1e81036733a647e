"""What experiments cost, with made-up people: false alarms of tests of a version against itself, and how many people it takes to find
a better one. The statistics are those that the site uses.

A person chooses a film of a list more or less often than others do, and the better it fits and the higher it stands the more so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.evaluation.confidence import Interval, difference_sequence, share_sequence
from recommendations.ranking.interleaving import team_draft

FILMS, PLACES = 60, 10
# How the chance of a choice falls with the place (Joachims et al. 2007 found about this for search results).
ATTENTION = 1 / np.sqrt(np.arange(1, PLACES + 1))
FIT, RARE = 1.3, -4.2
# How much people differ in how readily they choose, and how many lists each of them gets: half of thirty days.
HABITS, LISTS = 1.0, 15
# How far the champion's ranking is from what people want, in units of how much films differ.
CHAMPION_NOISE = 1.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FalseAlarms:
    """Of so many tests of a version against itself, so many called one side better at some look."""

    tests: int
    interleaving: int
    ab: int


@dataclass(frozen=True)
class PeopleNeeded:
    """Medians over repetitions, and how much more often people choose something with the better version."""

    gain: float
    interleaving: float
    ab: float

    @property
    def ratio(self) -> float:
        return self.interleaving / self.ab


def false_alarms(*, tests: int, people: int, days: int, seed: int = 0) -> FalseAlarms:
    """A version against itself, looked at after each day. Each person comes on half of the days, and keeps their habits."""
    chance = np.random.default_rng(seed)
    found = {"ab": 0, "interleaving": 0}
    for _ in range(tests):
        habits = chance.beta(1.5, 4.0, people)
        comes = chance.random((people, days)) < 0.5
        chosen = comes & (chance.random((people, days)) < habits[:, None])
        arms = chance.integers(0, 2, people).astype(bool)
        found["ab"] += _ever_excludes(_ab_looks(chosen, comes, arms), 0.0)
        # Which side a choice is for is chance's alone; what a person chooses on one day may be for both.
        credit = chosen * (chance.integers(0, 2, (people, days)) * 2 - 1)
        wins, losses = (credit > 0).sum(axis=0).cumsum(), (credit < 0).sum(axis=0).cumsum()
        looks = [share_sequence(int(won), int(lost)) for won, lost in zip(wins, losses, strict=True)]
        found["interleaving"] += _ever_excludes(looks, 0.5)
    return FalseAlarms(tests, found["interleaving"], found["ab"])


def _ever_excludes(looks: Sequence[Interval], value: float) -> bool:
    return any(look.excludes(value) for look in looks)


def _ab_looks(chosen: NDArray[np.bool_], comes: NDArray[np.bool_], arms: NDArray[np.bool_]) -> list[Interval]:
    """The intervals after each day: by person the share of lists with a choice, as the site counts."""
    lists, choices = comes.cumsum(axis=1), chosen.cumsum(axis=1)
    looks = []
    for day in range(comes.shape[1]):
        seen = lists[:, day] > 0
        shares = choices[seen, day] / lists[seen, day]
        groups = [shares[arms[seen] == arm] for arm in (False, True)]
        if min(map(len, groups)) < 2:
            continue
        means = (float(groups[0].mean()), float(groups[1].mean()))
        variances = (float(groups[0].var(ddof=1)), float(groups[1].var(ddof=1)))
        looks.append(difference_sequence(means, variances, (len(groups[0]), len(groups[1]))))
    return looks


def people_needed(
    *, gain: float = 0.05, repetitions: int, most_people: int, seed: int = 0, every: int = 20
) -> PeopleNeeded:
    """A version with which people choose something from ``gain`` more of their lists (.05: 5 %), :data:`LISTS` lists per person, looked
    at after ``every`` people. Who needs more than ``most_people`` counts as needing so many."""
    chance = np.random.default_rng(seed)
    better = _better_noise(gain, chance)
    needed: dict[str, list[int]] = {"interleaving": [], "ab": []}
    for repetition in range(repetitions):
        needed["interleaving"].append(
            _interleaved_until_clear(better, most_people, every, chance, repetition)
        )
        needed["ab"].append(_ab_until_clear(better, most_people, every, chance))
    return PeopleNeeded(gain, float(np.median(needed["interleaving"])), float(np.median(needed["ab"])))


def choices_of(fits: Floats, habits: Floats, chance: np.random.Generator) -> NDArray[np.bool_]:
    """Which places of each list (m, places) are chosen, from how well their films fit."""
    odds = 1 / (1 + np.exp(-(RARE + FIT * fits + habits[:, None])))
    drawn: NDArray[np.bool_] = chance.random(fits.shape) < odds * ATTENTION[: fits.shape[1]]
    return drawn


def ranked_films(fits: Floats, noise: float, chance: np.random.Generator) -> NDArray[np.intp]:
    """The places' films (m, films), best first, of a version that sees how they fit through this noise."""
    return np.argsort(-(fits + chance.normal(0, noise, fits.shape)), axis=1)


def made_up_people(number: int, chance: np.random.Generator, lists: int = 1) -> tuple[Floats, Floats]:
    """How well films fit, for each list of so many people (number * lists, films), and each list's habit."""
    return chance.normal(size=(number * lists, FILMS)), np.repeat(chance.normal(0, HABITS, number), lists)


def _share_with_a_choice(noise: float, number: int, chance: np.random.Generator) -> float:
    fits, habits = made_up_people(number, chance)
    listed = np.take_along_axis(fits, ranked_films(fits, noise, chance)[:, :PLACES], axis=1)
    return float(choices_of(listed, habits, chance).any(axis=1).mean())


def _better_noise(gain: float, chance: np.random.Generator, number: int = 30_000) -> float:
    """The noise of a version that is so much better than the champion, to about a twentieth of the gain."""
    seed = int(chance.integers(2**31))

    def share(noise: float) -> float:
        return _share_with_a_choice(noise, number, np.random.default_rng(seed))

    wanted = share(CHAMPION_NOISE) * (1 + gain)
    low, high = 0.0, CHAMPION_NOISE
    for _ in range(8):
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) > wanted else (low, middle)
    return (low + high) / 2


def _interleaved_until_clear(
    better: float, most: int, every: int, chance: np.random.Generator, repetition: int
) -> int:
    wins = losses = 0
    for begin in range(0, most, every):
        fits, habits = made_up_people(every, chance, LISTS)
        sides = [ranked_films(fits, noise, chance)[:, : 2 * PLACES] for noise in (CHAMPION_NOISE, better)]
        drafts = [
            team_draft(first.tolist(), second.tolist(), k=PLACES, seed=f"{repetition}/{begin}/{place}")
            for place, (first, second) in enumerate(zip(*sides, strict=True))
        ]
        listed = np.take_along_axis(fits, np.array([films for films, _teams in drafts]), axis=1)
        theirs = np.array([[team == "b" for team in teams] for _films, teams in drafts])
        chosen = choices_of(listed, habits, chance)
        net = (chosen & theirs).sum(axis=1) - (chosen & ~theirs).sum(axis=1)
        wins, losses = wins + int((net > 0).sum()), losses + int((net < 0).sum())
        if share_sequence(wins, losses).excludes(0.5):
            return begin + every
    return most


def _ab_until_clear(better: float, most: int, every: int, chance: np.random.Generator) -> int:
    shares: tuple[list[float], list[float]] = ([], [])
    for begin in range(0, most, every):
        for own, noise in zip(shares, (CHAMPION_NOISE, better), strict=True):
            fits, habits = made_up_people(every // 2, chance, LISTS)
            listed = np.take_along_axis(fits, ranked_films(fits, noise, chance)[:, :PLACES], axis=1)
            chosen = choices_of(listed, habits, chance).any(axis=1).reshape(-1, LISTS)
            own += chosen.mean(axis=1).tolist()
        interval = difference_sequence(
            (float(np.mean(shares[0])), float(np.mean(shares[1]))),
            (float(np.var(shares[0], ddof=1)), float(np.var(shares[1], ddof=1))),
            (len(shares[0]), len(shares[1])),
        )
        if interval.excludes(0.0):
            return begin + every
    return most
