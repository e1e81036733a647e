"""Counts what is trending: here in the last days, and in the data in their last days, for a site without people of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from recommendations.models import Event, FilmTrend, ModelVersion, Rating, ServiceRating
from recommendations.ranking.storage import ArtefactError
from recommendations.selectors.lists.champion import current_champion
from recommendations.services.folders import work_folder

PERIODS = (7, 30)
# Of a period, so many films are kept; here, one person alone makes no trend.
FILMS_KEPT, LEAST_PEOPLE = 60, 2
DAY = 86_400
_INTEREST = (Event.Kind.RATING, Event.Kind.SEEN, Event.Kind.WATCHLIST)


def refresh_trends() -> int:
    """Count anew; returns how many films are kept. The data are only read again after another version has come.

    They are read where the worker runs, which has PyArrow and the tables of the pipeline; elsewhere theirs stay as they are.
    """
    site = [row for days in PERIODS for row in _site_trend(days)]
    data = _data_trends()
    with transaction.atomic():
        FilmTrend.objects.filter(source="").delete()
        if data is not None:
            FilmTrend.objects.exclude(source="").delete()
        FilmTrend.objects.bulk_create([*site, *(data or ())])
    return FilmTrend.objects.count()


def _site_trend(days: int) -> list[FilmTrend]:
    """Each person counts once for a film, whatever they did with it; programs that flood a site are people as well, once."""
    now = timezone.now()
    since = now - timedelta(days=days)
    people: dict[int, set[tuple[str, object]]] = defaultdict(set)
    rated = Rating.objects.filter(rated_at__gte=since, rated_at__lte=now)
    for number, user in rated.values_list("movie__movielens_id", "user_id"):
        people[number].add(("user", user))
    elsewhere = ServiceRating.objects.filter(rated_at__gte=since, rated_at__lte=now)
    for number, person in elsewhere.values_list("movie__movielens_id", "person_id"):
        people[number].add(("person", person))
    events = Event.objects.filter(day__gte=since.date(), at__gte=since, at__lte=now, kind__in=_INTEREST)
    events = events.exclude(movie_id=None).exclude(Q(user=None) & Q(person=None) & Q(visitor=None))
    for film, user, person, visitor in events.values_list("movie_id", "user_id", "person_id", "visitor"):
        who = ("user", user) if user else ("person", person) if person else ("visitor", visitor)
        if film is not None:
            people[film].add(who)
    counted = Counter({number: len(who) for number, who in people.items() if len(who) >= LEAST_PEOPLE})
    return _rows(counted, days=days, source="", until=timezone.localdate())


def _data_trends() -> list[FilmTrend] | None:
    """The trends of the champion's data; ``None`` if they are counted already or cannot be read here."""
    row = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).first()
    if row is None or FilmTrend.objects.filter(source=row.data_digest).exists():
        return None
    folder = work_folder(row.data_digest) / "parsed" / "ratings"
    if not folder.is_dir():
        return None
    try:
        champion = current_champion()
    except ArtefactError:
        return None
    twins = champion.artefact.twins if champion else {}
    trends = []
    for days, (last, counts) in _last_days(folder).items():
        counted: Counter[int] = Counter()
        for number, people in counts.items():
            counted[twins.get(number, number)] += people
        trends += _rows(counted, days=days, source=row.data_digest, until=last)
    return trends


def _last_days(folder: Path) -> dict[int, tuple[date, Counter[int]]]:
    """Of each period, its last day and how many ratings a film has in it; empty for data without times. Reads in batches."""
    # The site knows the task by name and has no PyArrow; the worker, which runs it, has.
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.dataset as ds  # noqa: PLC0415

    ratings = ds.dataset(folder, format="parquet")
    newest = [pc.max(batch["rated_at"]).as_py() for batch in ratings.to_batches(columns=["rated_at"])]
    last = max((moment for moment in newest if moment is not None), default=None)
    if last is None:
        return {}
    since = last - max(PERIODS) * DAY
    recent = ratings.to_table(columns=["movie_id", "rated_at"], filter=ds.field("rated_at") > since)
    moments, films = recent["rated_at"].to_pylist(), recent["movie_id"].to_pylist()
    return {
        days: (
            datetime.fromtimestamp(last, UTC).date(),
            Counter(film for film, moment in zip(films, moments, strict=True) if moment > last - days * DAY),
        )
        for days in PERIODS
    }


def _rows(counted: Counter[int], *, days: int, source: str, until: date) -> list[FilmTrend]:
    ordered: Iterable[tuple[int, int]] = sorted(counted.items(), key=lambda film: (-film[1], film[0]))
    return [
        FilmTrend(days=days, source=source, movie_id=number, people=people, until=until)
        for number, people in list(ordered)[:FILMS_KEPT]
    ]
