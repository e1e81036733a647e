"""What events of another site's people change about these: what they rate, see, hide and want to see."""

from __future__ import annotations

from collections.abc import Iterable

from recommendations.models import Event, ServiceMark, ServiceRating
from recommendations.services.other_sites.people import ROWS_AT_ONCE, films_by_number, in_parts

_MARKS = {str(kind): kind for kind in ServiceMark.Kind}


def apply_to_people(events: Iterable[Event]) -> None:
    """Keep what these new events say; of two ratings of a film the one that was given later counts, in whatever order they come."""
    telling = [
        event
        for event in events
        if event.movie_id and event.person_id and (event.stars or event.kind in _MARKS)
    ]
    films = films_by_number({event.movie_id for event in telling if event.movie_id})
    newest: dict[tuple[int, int], Event] = {}
    marks = []
    for event in sorted(telling, key=lambda event: event.at):
        movie = films.get(event.movie_id or 0)
        if movie is None or event.person_id is None:
            continue
        if event.stars:
            newest[event.person_id, movie] = event
        else:
            marks.append(ServiceMark(person_id=event.person_id, movie_id=movie, kind=_MARKS[event.kind]))
    ServiceMark.objects.bulk_create(marks, ignore_conflicts=True, batch_size=ROWS_AT_ONCE)
    _rate(newest)


def _rate(newest: dict[tuple[int, int], Event]) -> None:
    rows = ServiceRating.objects.values_list("person_id", "movie_id", "rated_at")
    given = {
        (person, movie): at
        for people in in_parts(sorted({person for person, _movie in newest}))
        for person, movie, at in rows.filter(person__in=people)
    }
    ServiceRating.objects.bulk_create(
        [
            ServiceRating(person_id=person, movie_id=movie, stars=event.stars or 0.0, rated_at=event.at)
            for (person, movie), event in sorted(newest.items(), key=lambda pair: pair[0])
            if (person, movie) not in given or given[person, movie] < event.at
        ],
        update_conflicts=True,
        unique_fields=["person", "movie"],
        update_fields=["stars", "rated_at"],
        batch_size=ROWS_AT_ONCE,
    )
