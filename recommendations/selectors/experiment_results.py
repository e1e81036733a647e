"""What an experiment shows by now: one outcome per person and day, as intervals that hold at every look."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from statistics import fmean
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMinute

from recommendations.evaluation.confidence import Interval, difference_sequence, share_sequence
from recommendations.models import Event, Experiment, MadeList
from recommendations.stars import MOST_STARS

#: Stars from which on a rating speaks for its film, and up to which it speaks against it.
LIKED, DISLIKED = MOST_STARS - 1, 2
_FOR = (Event.Kind.OPEN, Event.Kind.WATCHLIST, Event.Kind.SEEN)
_AGAINST = (Event.Kind.HIDE, Event.Kind.NOT_TONIGHT)
Whom = tuple[int | None, int | None, str]


@dataclass(frozen=True)
class ArmFigures:
    """What one arm has to show; shares are of its lists."""

    lists: int
    people: int
    choices: int
    hides: int
    empty: int
    degraded: int
    failed: int
    milliseconds: float

    def share(self, count: int) -> float:
        """The count by list; 0 without lists."""
        return count / self.lists if self.lists else 0.0


@dataclass(frozen=True)
class Result:
    """``interval`` is the challenger's share of decided days (of people who preferred one side) in an interleaving, or the
    difference of the people's mean choices by list in an A/B test; ``neutral`` is where neither is better."""

    interval: Interval
    neutral: float
    decided: int
    arms: dict[str, ArmFigures]
    bots: int

    @property
    def verdict(self) -> str:
        """``challenger`` or ``champion`` if one is better, else ``open``."""
        if self.interval.low > self.neutral:
            return "challenger"
        return "champion" if self.interval.high < self.neutral else "open"

    def as_record(self) -> dict[str, Any]:
        """Plain data, without infinities, which JSON does not have."""
        record = {
            name: value if math.isfinite(value) else None for name, value in asdict(self.interval).items()
        }
        arms = {name: asdict(figures) for name, figures in self.arms.items()}
        return {**record, "verdict": self.verdict, "decided": self.decided, "bots": self.bots, "arms": arms}


def result_of(experiment: Experiment) -> Result:
    """The result by now. A handful of queries."""
    bots = bots_among(Event.objects.filter(experiment=experiment.pk))
    lists = [row for row in _lists(experiment) if row[0] not in bots]
    events = [row for row in _events(experiment) if row[0] not in bots]
    arms = _figures(lists, events)
    if experiment.kind == Experiment.Kind.INTERLEAVING:
        wins, losses = _days(events)
        interval = share_sequence(wins, losses, alpha=experiment.alpha)
        return Result(interval, 0.5, wins + losses, arms, len(bots))
    interval, people = _difference(lists, events, experiment.alpha)
    return Result(interval, 0.0, people, arms, len(bots))


def bots_among(events: QuerySet[Event]) -> set[Whom]:
    """Who has sent more of these events within a minute than people can."""
    rows = (
        events.annotate(minute=TruncMinute("at"))
        .values("user", "person", "visitor", "minute")
        .annotate(number=Count("pk"))
        .filter(number__gt=settings.EVENTS_OF_A_BOT)
    )
    return {whom(row["user"], row["person"], row["visitor"]) for row in rows}


def whom(user: int | None, person: int | None, visitor: Any) -> Whom:
    """Names who has got a list or sent an event."""
    return user, person, str(visitor or "")


def _lists(experiment: Experiment) -> Iterator[tuple[Whom, str, bool, bool, int]]:
    rows = MadeList.objects.filter(experiment=experiment.pk)
    columns = ("user", "person", "visitor", "arm", "scores", "degraded", "milliseconds")
    for user, person, visitor, arm, scores, degraded, milliseconds in rows.values_list(*columns).iterator():
        yield whom(user, person, visitor), arm, not scores, degraded, milliseconds


def _events(experiment: Experiment) -> Iterator[tuple[Whom, str, str, date, int, Any]]:
    """Whom, arm, team, day, +1 for a choice or −1 against a film, list; what says neither is left out."""
    rows = Event.objects.filter(experiment=experiment.pk).exclude(kind=Event.Kind.IMPRESSION)
    columns = ("user", "person", "visitor", "arm", "team", "day", "kind", "stars", "list_id")
    for user, person, visitor, arm, team, day, kind, stars, made in rows.values_list(*columns).iterator():
        worth = worth_of(kind, stars)
        if worth:
            yield whom(user, person, visitor), arm, team, day, worth, made


def worth_of(kind: str, stars: float | None) -> int:
    """1 for a choice, -1 for what speaks against a film, 0 for what says neither."""
    if stars is not None:
        return int(stars >= LIKED) - int(stars <= DISLIKED)
    return int(kind in _FOR) - int(kind in _AGAINST)


def _days(events: Iterable[tuple[Whom, str, str, date, int, Any]]) -> tuple[int, int]:
    """How many days of people the challenger has won and lost. Chance gave the films their teams, list by list, so that
    without a difference each decided day is a fair coin, whatever the person is like."""
    net: dict[tuple[Whom, date], int] = defaultdict(int)
    for whom, _arm, team, day, worth, _made in events:
        if team:
            net[whom, day] += worth if team == "b" else -worth
    return sum(value > 0 for value in net.values()), sum(value < 0 for value in net.values())


def _difference(
    lists: Iterable[tuple[Whom, str, bool, bool, int]],
    events: Iterable[tuple[Whom, str, str, date, int, Any]],
    alpha: float,
) -> tuple[Interval, int]:
    """By person the share of lists with a choice, so that nobody counts for more than one."""
    chosen: dict[tuple[str, Whom], set[Any]] = defaultdict(set)
    for whom, arm, _team, _day, worth, made in events:
        if worth > 0:
            chosen[arm, whom].add(made)
    counts: dict[tuple[str, Whom], int] = defaultdict(int)
    for whom, arm, _empty, _degraded, _milliseconds in lists:
        counts[arm, whom] += 1
    shares: dict[str, list[float]] = {"a": [], "b": []}
    for (arm, whom), number in counts.items():
        if arm in shares:
            shares[arm].append(min(len(chosen[arm, whom]) / number, 1.0))
    people = (len(shares["a"]), len(shares["b"]))
    means = (fmean(shares["a"] or [0.0]), fmean(shares["b"] or [0.0]))
    variances = (_variance(shares["a"], means[0]), _variance(shares["b"], means[1]))
    return difference_sequence(means, variances, people, alpha=alpha), sum(people)


def _variance(values: list[float], mean: float) -> float:
    """Of a share never less than what one person in thirty more would make of it: few people are often all alike."""
    number = len(values)
    if number < 2:
        return 0.25
    return max(sum((value - mean) ** 2 for value in values) / (number - 1), 1 / (30 * number))


def _figures(
    lists: Iterable[tuple[Whom, str, bool, bool, int]],
    events: Iterable[tuple[Whom, str, str, date, int, Any]],
) -> dict[str, ArmFigures]:
    by_arm: dict[str, list[tuple[Whom, str, bool, bool, int]]] = defaultdict(list)
    for row in lists:
        by_arm[row[1][:1] if row[1] != "ab" else "ab"].append(row)
    worth: dict[tuple[str, int], int] = defaultdict(int)
    for _person, arm, team, _day, value, _made in events:
        worth[team or arm[:1], value] += 1
        if team:
            worth[arm, value] += 1
    names = sorted({*by_arm, *(arm for arm, _value in worth)})
    return {name: _arm(by_arm[name], worth[name, 1], worth[name, -1]) for name in names}


def _arm(rows: list[tuple[Whom, str, bool, bool, int]], choices: int, hides: int) -> ArmFigures:
    return ArmFigures(
        lists=len(rows),
        people=len({row[0] for row in rows}),
        choices=choices,
        hides=hides,
        empty=sum(row[2] for row in rows),
        degraded=sum(row[3] for row in rows),
        failed=sum(row[1].endswith("failed") for row in rows),
        milliseconds=fmean([row[4] for row in rows]) if rows else 0.0,
    )
