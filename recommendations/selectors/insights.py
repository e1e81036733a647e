"""What lists have come to, by version, arm, row and day; and how newcomers get from their first list to their fifth rating."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from recommendations.models import Event, MadeList, Movie
from recommendations.selectors.experiment_results import LIKED

MOST_DAYS, SHOWN_MOST = 30, 100
FIFTH = 5
Key = tuple[date, str, str, str]


@dataclass(frozen=True)
class Insight:
    """A row of one day. ``coverage`` is the share of the catalogue that was in such rows, ``top_hundred`` the share of their
    places that the hundred films shown most have; both None where no lists are kept any more."""

    day: date
    version: str
    arm: str
    row: str
    lists: int
    impressions: int
    opened: int
    likes: int
    hides: int
    coverage: float | None
    top_hundred: float | None

    @property
    def click_through(self) -> float | None:
        """Films opened by films seen on the screen; without such reports, by list."""
        seen = self.impressions or self.lists
        return self.opened / seen if seen else None

    @property
    def likes_per_list(self) -> float | None:
        return self.likes / self.lists if self.lists else None

    @classmethod
    def columns(cls) -> list[str]:
        """For a table of all of it."""
        return [*(field.name for field in fields(cls)), "click_through", "likes_per_list"]

    def values(self) -> list[object]:
        """In the order of the columns."""
        return [getattr(self, name) for name in self.columns()]


@dataclass(frozen=True)
class NewcomersWay:
    """Of the accounts of these days: how many got a list, rated something, and rated five films; and how long that took in the
    middle case, in minutes from the first list."""

    with_list: int
    rated: int
    five: int
    minutes: float | None


def insights(*, days: int = MOST_DAYS) -> list[Insight]:
    """Newest day first. Three queries, of which one reads the lists of these days."""
    first = timezone.now().date() - timedelta(days=days - 1)
    shown, lists = _shown(first)
    counted = _counted(first)
    catalogue = Movie.objects.each_once().count()
    made = []
    for key in sorted({*lists, *counted}, key=lambda key: (-key[0].toordinal(), *key[1:])):
        films, counts = shown.get(key), counted.get(key, {})
        made.append(
            Insight(
                *key,
                lists=lists.get(key, 0),
                impressions=counts.get("impressions", 0),
                opened=counts.get("opened", 0),
                likes=counts.get("likes", 0),
                hides=counts.get("hides", 0),
                coverage=len(films) / catalogue if films and catalogue else None,
                top_hundred=_top(films) if films else None,
            )
        )
    return made


def _shown(first: date) -> tuple[dict[Key, Counter[int]], Counter[Key]]:
    shown: dict[Key, Counter[int]] = defaultdict(Counter)
    lists: Counter[Key] = Counter()
    rows = MadeList.objects.filter(made_at__date__gte=first).values_list(
        "made_at", "version", "arm", "places"
    )
    for made_at, version, arm, places in rows.iterator():
        for row, films in places.items():
            key = (made_at.date(), version, arm, row)
            lists[key] += 1
            shown[key].update(films)
    return shown, lists


def _top(films: Counter[int]) -> float:
    return sum(number for _film, number in films.most_common(SHOWN_MOST)) / films.total()


def _counted(first: date) -> dict[Key, dict[str, int]]:
    kind = Event.Kind
    rows: Any = (
        Event.objects.filter(day__gte=first)
        .exclude(list_id=None)
        .values("day", "version", "arm", "row")
        .annotate(
            impressions=Count("pk", filter=Q(kind=kind.IMPRESSION)),
            opened=Count("pk", filter=Q(kind=kind.OPEN)),
            likes=Count("pk", filter=Q(stars__gte=LIKED)),
            hides=Count("pk", filter=Q(kind__in=(kind.HIDE, kind.NOT_TONIGHT))),
        )
        .order_by()
    )
    names = ("impressions", "opened", "likes", "hides")
    return {
        (row["day"], row["version"], row["arm"], row["row"]): {name: row[name] for name in names}
        for row in rows
    }


def newcomers_way() -> NewcomersWay:
    """How people with an account who got their first list in the last :data:`MOST_DAYS` days came to their fifth rating. Two queries."""
    since = timezone.now() - timedelta(days=MOST_DAYS)
    firsts: dict[int, float] = {}
    lists = MadeList.objects.filter(user__date_joined__gte=since).order_by("made_at")
    for user, made_at in lists.values_list("user", "made_at").iterator():
        firsts.setdefault(user, made_at.timestamp())
    ratings: dict[int, list[float]] = defaultdict(list)
    for user, at in _ratings(firsts):
        ratings[user].append(at)
    took = [
        (moments[FIFTH - 1] - firsts[user]) / 60 for user, moments in ratings.items() if len(moments) >= FIFTH
    ]
    return NewcomersWay(len(firsts), len(ratings), len(took), median(took) if took else None)


def _ratings(firsts: dict[int, float]) -> Iterator[tuple[int, float]]:
    rows = Event.objects.filter(kind=Event.Kind.RATING, user__isnull=False).order_by("at")
    for user, at in rows.values_list("user", "at").iterator():
        if user in firsts and at.timestamp() >= firsts[user]:
            yield user, at.timestamp()
